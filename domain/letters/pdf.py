"""Word documents as PDF, by LibreOffice when it is installed: own profile, no macros, no network, bounded time and memory."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from domain.errors import RuleViolation
from domain.messages import say

TIME_LIMIT = 120.0
MEMORY_LIMIT = 4 * 1024 * 1024 * 1024
NAMES = ("soffice", "libreoffice")
PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
NO_PDF = say("LibreOffice could not make a PDF of this document. Download the Word file instead.")
OPTIONS = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard")
# every bookmark becomes a named place in the PDF, by which letters are told apart
WITH_PLACES = 'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
# where nobody listens: what asks for the network gets no answer even where the system cannot cut it off
NOWHERE = "127.0.0.1"
NO_PORT = 9
SETTINGS = f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetNoProxy" oor:op="fuse"><value></value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>{NOWHERE}</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>{NO_PORT}</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>{NOWHERE}</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>{NO_PORT}</value></prop>
</item>
</oor:items>
"""


def find_soffice() -> str | None:
    """The path of LibreOffice, None when it is not installed."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return next((place for place in PLACES if Path(place).exists()), None)


@functools.cache
def _without_network() -> tuple[str, ...]:
    """The command that cuts a process off the network, where the system allows it."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    for options in (("-n",), ("-r", "-n")):
        tried = subprocess.run([unshare, *options, "true"], capture_output=True, check=False, timeout=10)  # noqa: S603 (a program found on this computer)
        if tried.returncode == 0:
            return (unshare, *options)
    return ()


@functools.cache
def _within_memory(limit: int) -> tuple[str, ...]:
    """The command that bounds the memory of a process and of all it starts, where the system allows it."""
    shell = shutil.which("sh")
    if shell is None or os.name != "posix":
        return ()
    bound = f"ulimit -v {limit // 1024}"
    tried = subprocess.run([shell, "-c", bound], capture_output=True, check=False, timeout=10)  # noqa: S603 (a program found on this computer)
    return (shell, "-c", f'{bound}; exec "$@"', shell) if tried.returncode == 0 else ()


def to_pdf(document: bytes, *, time_limit: float = TIME_LIMIT) -> bytes:
    """The PDF of a .docx. Raises `RuleViolation` when LibreOffice is missing, fails or takes longer than `time_limit`
    seconds.
    """
    with tempfile.TemporaryDirectory(prefix="letter-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, "letter.docx")
        source.write_bytes(document)
        (result,) = convert([source], time_limit=time_limit)
        return result.read_bytes()


def convert(sources: Sequence[Path], *, time_limit: float = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT) -> list[Path]:
    """Turns Word files in one folder into PDFs beside them, by one run of LibreOffice; gives their paths in order.

    Bookmarks become named places of the PDFs. `time_limit`: seconds for the whole run; `memory_limit`: bytes.
    Raises `RuleViolation` when LibreOffice is missing, fails or takes longer.
    """
    soffice = find_soffice()
    if soffice is None:
        raise RuleViolation(
            say("LibreOffice is not installed on the server, so there is no PDF. Download the Word file instead.")
        )
    folder = sources[0].parent
    with tempfile.TemporaryDirectory(prefix="profile-", dir=folder, ignore_cleanup_errors=True) as home:
        profile = Path(home, "profile", "user")
        profile.mkdir(parents=True)
        Path(profile, "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
        own_profile = f"-env:UserInstallation={profile.parent.as_uri()}"
        files = ("--convert-to", WITH_PLACES, "--outdir", str(folder), *(str(source) for source in sources))
        bounds = (*_without_network(), *_within_memory(memory_limit))
        _run([*bounds, soffice, own_profile, *OPTIONS, *files], home, time_limit)
    results = [source.with_suffix(".pdf") for source in sources]
    if not all(result.exists() for result in results):
        raise RuleViolation(NO_PDF)
    return results


def _run(command: list[str], home: str, time_limit: float) -> None:
    nowhere = f"http://{NOWHERE}:{NO_PORT}"
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"), nowhere)
    environment = {**os.environ, **proxies, "no_proxy": "", "NO_PROXY": "", "HOME": home, "TMPDIR": home}
    process = subprocess.Popen(  # noqa: S603 (LibreOffice, found on this computer; no part comes from a user)
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        process.wait(time_limit)
    except subprocess.TimeoutExpired as error:
        raise RuleViolation(
            say("LibreOffice took too long to make the PDF. Download the Word file instead.")
        ) from error
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """LibreOffice runs in children of its own: the whole group ends, also what outlives its first process."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            if process.poll() is None:
                raise
    elif process.poll() is None:
        process.kill()
    process.wait()
