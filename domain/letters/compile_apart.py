"""The first compilation of an uploaded document, in a process of its own with limits: a hostile file cannot stop the
office.

The process gets no secrets from the environment. On Linux it ends itself when it has used its time or its memory; on
macOS and Windows, which know no such limit of memory, it is ended after a time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

from domain.errors import RuleViolation
from domain.letters.compiled_letter import CompiledLetter, compile
from domain.letters.package import refusal
from domain.letters.sanitise import DEFAULT_MAX_BYTES
from domain.messages import Message, say

if sys.platform != "win32":
    import resource

PROCESSOR_SECONDS = 5
MEMORY = 1024 * 1024 * 1024
LONGEST_WAIT = 60.0
NO_MEMORY = 9
ENVIRONMENT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL")
TOO_MUCH_WORK = say("The document takes too long to read. Make it simpler and upload it again.")


def compile_apart(
    data: bytes, *, processor_seconds: int = PROCESSOR_SECONDS, memory: int = MEMORY, longest_wait: float = LONGEST_WAIT
) -> CompiledLetter:
    """Like `compile`, for a file nobody has looked at yet: tried in a process of its own first.

    Raises `RuleViolation` as `compile` does, and when the document needs more time or memory than a letter should.
    """
    if len(data) > DEFAULT_MAX_BYTES:
        raise refusal(say("The file is larger than %(limit)s MB.", limit=DEFAULT_MAX_BYTES // (1024 * 1024)))
    try:
        tried = subprocess.run(  # noqa: S603 (this program, no part comes from a user)
            [sys.executable, "-m", "domain.letters.compile_apart", str(processor_seconds), str(memory)],
            input=data,
            capture_output=True,
            check=False,
            timeout=longest_wait,
            cwd=Path(__file__).parents[2],
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        )
    except subprocess.TimeoutExpired as error:
        raise refusal(TOO_MUCH_WORK) from error
    if tried.returncode < 0 or tried.returncode == NO_MEMORY:
        raise refusal(TOO_MUCH_WORK)
    if tried.returncode > 0:
        raise RuntimeError(f"The document could not be tried: {tried.stderr.decode(errors='replace')[-2000:]}")
    refused = json.loads(tried.stdout)
    if refused:
        message = Message(refused["msgid"], refused["values"], refused["plural"], refused["n"])
        raise RuleViolation(message, field=refused["field"])
    return compile(data)


def _limit(processor_seconds: int, memory: int) -> None:
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + 1 + processor_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def main(arguments: list[str], source: IO[bytes], target: IO[str]) -> None:
    """Compiles what `source` holds; writes the refusal as JSON, or `null` when the document can be used."""
    processor_seconds, memory = (int(argument) for argument in arguments)
    _limit(processor_seconds, memory)
    refused = None
    try:
        compile(source.read())
    except RuleViolation as error:
        message = error.message
        refused = {
            "msgid": message.msgid,
            "values": dict(message.values),
            "plural": message.plural,
            "n": message.n,
            "field": error.field,
        }
    except MemoryError:
        sys.exit(NO_MEMORY)
    json.dump(refused, target)


if __name__ == "__main__":
    main(sys.argv[1:], sys.stdin.buffer, sys.stdout)
