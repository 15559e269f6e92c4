"""`flask serve`: the real server in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 300  # seconds; a busy machine starts a program slowly


def interruptible() -> None:
    """What the test itself ignores (nohup, a job in the background) the server must not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Serving:
    """A running server."""

    def __init__(self, instance: Path, database_url: str, *arguments: str, **environment: str) -> None:
        variables = {
            **os.environ,
            "INSTANCE_PATH": str(instance),
            "DATABASE_URL": database_url,
            **environment,
        }
        self.process = subprocess.Popen(
            [str(Path(sys.executable).parent / "flask"), "--app", "app", "serve", "--port", "0", *arguments],
            cwd=ROOT,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=interruptible if os.name == "posix" else None,
        )
        self.lines: list[str] = []

    def wait_for(self, pattern: str) -> str:
        """The first group of the first line that matches."""
        for line in self.process.stdout:
            self.lines.append(line)
            found = re.search(pattern, line)
            if found:
                return found[1]
        raise AssertionError("".join(self.lines))

    def stop(self, number: int) -> tuple[int, str]:
        """Ends it with a signal: exit code and everything it wrote."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, "".join(self.lines) + rest


def test_flask_run_says_that_background_work_waits(tmp_path, empty_database_url):
    variables = {**os.environ, "INSTANCE_PATH": str(tmp_path), "DATABASE_URL": empty_database_url}
    with subprocess.Popen(
        [str(Path(sys.executable).parent / "flask"), "--app", "app", "run", "--port", "0"],
        cwd=ROOT,
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        first = process.stderr.readline()
        process.terminate()
    assert "flask --app app serve" in first


@pytest.fixture
def serve(tmp_path, empty_database_url):
    started = []

    def start(*arguments, **environment):
        serving = Serving(tmp_path / "instance", empty_database_url, *arguments, **environment)
        started.append(serving)
        return serving

    yield start
    for serving in started:
        if serving.process.poll() is None:
            serving.process.kill()
        serving.process.communicate()


def read(url, **headers):
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.geturl(), answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, url, refusal.read().decode()


def test_a_fresh_database_is_migrated_served_and_set_up_from_this_machine(serve, tmp_path):
    serving = serve()
    base = serving.wait_for(r"answers at (http://127\.0\.0\.1:\d+)")
    code = serving.wait_for(r"one-time code: (\S+)")
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", code)
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700
    assert read(f"{base}/health")[::2] == (200, "ok")
    status, url, page = read(f"{base}/sign-in?next=/contacts/%3Fq=Katarina")
    assert (status, url) == (200, f"{base}/first-run/")
    assert 'id="first-run-form"' in page
    assert code not in page
    proxied = read(f"{base}/first-run/", **{"X-Forwarded-For": "127.0.0.1"})
    assert proxied[0] == 403, "a proxy nobody told us about hides where the visitor is"
    returncode, output = serving.stop(signal.SIGINT)
    assert (returncode, output.rstrip().splitlines()[-1]) == (0, "Stopped."), output
    assert "Katarina" not in output
    assert "Traceback" not in output


def test_a_stop_from_the_service_manager_is_clean_too(serve):
    serving = serve(SEGMENTA_WORKER="false")
    serving.wait_for(r"(answers at)")
    returncode, output = serving.stop(signal.SIGTERM)
    assert (returncode, output.rstrip().splitlines()[-1]) == (0, "Stopped."), output


def test_a_port_somebody_else_has_is_named(serve):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        serving = serve("--port", port)
        output, _ = serving.process.communicate(timeout=PATIENCE)
    assert serving.process.returncode == 1
    assert f"Port {port} cannot be used" in output
    assert "Traceback" not in output
