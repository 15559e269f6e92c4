"""Timing: interleaved repetitions, medians, and one line per figure with its target."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine


@dataclass
class Figures:
    """What a benchmark found. `missed` counts targets that were not reached."""

    lines: list[str] = field(default_factory=list)
    missed: int = 0

    def ratio(self, name: str, ours: float, floor: float, at_most: float) -> None:
        """A ratio to a floor, with its target."""
        self._line(
            name,
            f"{ours / floor:6.2f} ×",
            f"≤ {at_most:g} ×",
            ours / floor <= at_most,
            f"{ours * 1000:,.1f} ms / {floor * 1000:,.1f} ms",
        )

    def seen(self, name: str, ours: float, floor: float) -> None:
        """A ratio to a floor without a target, to compare with."""
        self._line(name, f"{ours / floor:6.2f} ×", "", True, f"{ours * 1000:,.1f} ms / {floor * 1000:,.1f} ms")

    def faster(self, name: str, ours: float, theirs: float, at_least: float) -> None:
        """How many times faster than another program, with its target."""
        self._line(
            name,
            f"{theirs / ours:6.1f} ×",
            f"≥ {at_least:g} ×",
            theirs / ours >= at_least,
            f"{ours * 1000:,.3f} ms / {theirs * 1000:,.3f} ms",
        )

    def amount(self, name: str, value: float, unit: str, at_most: float) -> None:
        """A measured amount with its target."""
        self._line(name, f"{value:8.2f} {unit}", f"≤ {at_most:g} {unit}", value <= at_most, "")

    def _line(self, name: str, value: str, target: str, good: bool, detail: str) -> None:
        self.missed += 0 if good else 1
        self.lines.append(f"{'ok  ' if good else 'MISS'}  {name:<58} {value:>12}   {target:<12} {detail}")
        print(self.lines[-1], flush=True)


def interleaved(repetitions: int, *works: Callable[[], float]) -> list[float]:
    """The median duration in seconds that each of `works` reports, run in turn so that noise hits all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(repetitions):
        for times_of_one, work in zip(times, works, strict=True):
            times_of_one.append(work())
    return [statistics.median(one) for one in times]


def timed(work: Callable[[], object]) -> float:
    """How long `work` takes, in seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def clock(engine: Engine) -> Callable[[Callable[[], object]], float]:
    """How works on a database are timed, so that other programs on the machine do not count: by the processor's time.

    SQLite works in this process. Of PostgreSQL the processes that serve this database count too, when they run on this
    machine; else the time that passes is all there is.
    """
    if engine.dialect.name == "sqlite":
        return worked
    database = str(engine.url.database)
    return (lambda work: worked_with(work, database)) if served_by(database) else timed


def worked_with(work: Callable[[], object], database: str) -> float:
    """How long the processor worked on `work` here and in the processes of PostgreSQL that serve `database`."""
    before, started = served_by(database), time.process_time()
    work()
    here = time.process_time() - started
    after = served_by(database)
    return here + sum(seconds - before.get(process, 0.0) for process, seconds in after.items())


def served_by(database: str) -> dict[int, float]:
    """The processes of PostgreSQL on this machine that serve a database, and how long each has worked."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            called = (folder / "cmdline").read_bytes()
            if called.startswith(b"postgres:") and f" {database} ".encode() in called:
                found[int(folder.name)] = processor_seconds(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
    return found


def processor_seconds(process: int) -> float:
    """How long the processor has worked for a process (Linux)."""
    return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def worked(work: Callable[[], object]) -> float:
    """How long the processor worked on `work`, in seconds: other programs on the machine do not count."""
    started = time.process_time()
    work()
    return time.process_time() - started
