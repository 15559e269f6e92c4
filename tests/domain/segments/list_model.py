"""The list of a segment in plain Python: what Add, Reduce, Refine, Go back and switching off should do (A3)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False)
class Person:
    """A contact as the model sees it; `place` is its place in the order of the contact list."""

    id: int
    place: int
    company: int
    city: str
    blocked: bool = False
    excluded: bool = False


@dataclass(eq=False)
class Line:
    """A line: who, in what order it was given its number, which step added and which removed it."""

    person: Person
    number: int
    added: Step
    removed: Step | None = None


@dataclass(eq=False)
class Step:
    """A step and what must be known to undo it or switch it off."""

    seq: int
    kind: str
    found: set[Person] = field(default_factory=set)
    entire: bool = False
    skipped: dict[Person, str] = field(default_factory=dict)
    former: list[tuple[Line, Step | None]] = field(default_factory=list)
    pins: dict[Person, str] = field(default_factory=dict)
    switches: Step | None = None


class ListModel:
    """The list with its steps."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        self.lines: list[Line] = []
        self.steps: list[Step] = []
        self.numbers = 0

    def listed(self) -> list[int]:
        """The contact ids on the list, in order."""
        return [line.person.id for line in sorted(self.lines, key=lambda one: one.number) if line.removed is None]

    def _step(self, kind: str) -> Step:
        step = Step(len(self.steps) + 1, kind)
        self.steps.append(step)
        return step

    def _new(self, person: Person, added: Step, removed: Step | None = None) -> Line:
        self.numbers += 1
        line = Line(person, self.numbers, added, removed)
        self.lines.append(line)
        return line

    def pin(self, person: Person) -> str:
        """The kind of pin a person has."""
        kind = ""
        for step in self.steps:
            kind = step.pins.get(person, kind)
        return kind

    def off(self) -> list[Step]:
        """Steps that were switched off."""
        return [step.switches for step in self.steps if step.switches is not None]

    def add(self, found: set[Person], *, existing: bool, expand: bool, related: bool, ignore: bool) -> None:
        """R-ADD01…R-ADD07."""
        step = self._step("add")
        hits = set(found)
        if expand:
            hits |= {p for p in self.people if any(p.company == hit.company for hit in found)}
        elif related:
            hits |= {p for p in self.people if p.id == p.company and any(p.company == hit.company for hit in found)}
        on_list = {line.person for line in self.lines if line.removed is None}
        for person in sorted(hits, key=lambda one: one.place):
            if person.blocked:
                step.skipped[person] = "blocked"
            elif self.pin(person) == "out":
                step.skipped[person] = "pinned_out"
            elif person.excluded and not ignore:
                step.skipped[person] = "excluded"
            elif person in on_list and not existing:
                step.skipped[person] = "present"
            else:
                self._new(person, step)

    def leaves(self, step: Step, person: Person) -> bool:
        """Whether a person leaves by a Reduce or Refine step, pins aside."""
        met = any(person.company == hit.company for hit in step.found) if step.entire else person in step.found
        return met if step.kind == "reduce" else not met

    def reduce(self, kind: str, found: set[Person], *, entire: bool) -> None:
        """R-RED01…R-RED04, pins."""
        step = self._step(kind)
        step.found, step.entire = found, entire
        for line in self.lines:
            if line.removed is None and self.leaves(step, line.person) and self.pin(line.person) != "in":
                line.removed = step

    def pin_person(self, person: Person, kind: str) -> None:
        """Pinning is a step that puts on the list or takes off it."""
        step = self._step("pin")
        if kind == "in" and person.id not in self.listed():
            self._new(person, step)
        if kind == "out":
            for line in self.lines:
                if line.removed is None and line.person is person:
                    line.removed = step
        step.pins[person] = kind

    def go_back(self) -> None:
        """The last step never happened, but line numbers stay given."""
        step = self.steps.pop()
        for line in self.lines:
            if line.removed is step:
                line.removed = None
        for line, former in step.former:
            line.removed = former
        self.lines = [line for line in self.lines if line.added is not step and line.removed is not step]

    def _would_come_in(self, later: Step, person: Person, off: Step, gone: list[Step]) -> bool:
        """Whether a later step passed a person over only because of a line of the step that is switched off."""
        if later.seq <= off.seq or later in gone or later.skipped.get(person) != "present":
            return False
        return not any(
            other.person is person
            and other.added is not off
            and other.added.seq < later.seq
            and (other.removed is None or other.removed.seq > later.seq)
            for other in self.lines
        )

    def switch_off(self, off: Step) -> None:
        """The list without a step (A3)."""
        step = self._step("without")
        gone = self.off()
        came: dict[Person, tuple[Step, Line]] = {}
        mine = {line.person: line for line in sorted(self.lines, key=lambda one: one.number) if line.added is off}
        for person, line in mine.items():
            first = next((one for one in self.steps if self._would_come_in(one, person, off, gone)), None)
            if first is not None and (line.removed is None or line.removed.seq > first.seq):
                came[person] = (first, line)
        for later, line in sorted(came.values(), key=lambda one: (one[0].seq, one[1].person.id)):
            step.former.append((self._new(line.person, later, line.removed), step))
        for line in self.lines:
            if line.added is off and line.removed is None:
                line.removed = step
        for line in self.lines:
            if line.removed is not off or any(
                other.person is line.person and other.removed is None and other.added.seq > off.seq
                for other in self.lines
            ):
                continue
            step.former.append((line, off))
        for line, former in step.former:
            if former is off:
                line.removed = None
                for later in self.steps[off.seq :]:
                    if (
                        later.kind in ("reduce", "refine")
                        and later not in gone
                        and self.leaves(later, line.person)
                        and self.pin(line.person) != "in"
                    ):
                        line.removed = later
                        break
        for person, kind in off.pins.items():
            if kind and self.pin(person) == kind:
                step.pins[person] = ""
        step.switches = off
