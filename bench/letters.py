"""Letters, one Word file per contact: against docxtpl as it is documented, the floor, and easy-template-x on Node."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import ChainableUndefined, Environment

from bench.letter_contacts import contacts
from bench.letter_documents import EASY, rich_letter, simple_letter
from bench.measure import Figures, interleaved, worked
from domain.letters.compiled_letter import CompiledLetter, compile
from domain.letters.compression import checksum, deflate
from domain.letters.context import letter_context
from domain.letters.environment import FILTERS

LETTERS, DOCXTPL_LETTERS, EASY_LETTERS = 400, 20, 60
REPETITIONS = 5
EASY_TEMPLATE = "easy-template-x@7"
DOCUMENTS: tuple[tuple[str, Callable[..., bytes]], ...] = (("simple", simple_letter), ("rich", rich_letter))
# letters an office has written in Word, beside the product; where they are absent this is said
OFFICE_LETTERS = Path(__file__).parents[2] / "shared" / "data" / "letters"


def bench_letters(figures: Figures) -> None:
    """Letters of a simple and a rich document, to memory, in one process."""
    rows = contacts(LETTERS, nasty=False)
    with easy_template() as easy:
        for name, document in DOCUMENTS:
            data = document()
            compiled = compile(data)
            made = [compiled.letter(row) for row in rows[:3]]
            print(f"{name} letter: {len(made[0]):,} bytes", flush=True)
            works = [_ours(compiled, rows), _floor(compiled, rows), _docxtpl(data, rows[:DOCXTPL_LETTERS])]
            if easy is not None:
                works.append(partial(easy, document(EASY), rows[:EASY_LETTERS]))
            ours, lowest, docxtpl, *others = interleaved(REPETITIONS, *works)
            figures.ratio(f"{name} letter / its floor (Jinja, encode, CRC, deflate)", ours, lowest, 2.0)
            figures.faster(f"{name} letter, times faster than docxtpl", ours, docxtpl, 50)
            for other in others:
                figures.faster(f"{name} letter, times faster than easy-template-x", ours, other, 20)
    _bench_office_letters(figures, rows)
    if easy is None:
        print("      easy-template-x: not measured, there is no Node with npm here", flush=True)


def _bench_office_letters(figures: Figures, rows: list[dict[str, str]]) -> None:
    """Letters with Word's merge fields against their floor: docxtpl does not know such fields, its letters are made of the
    tags they were turned into.
    """
    found = sorted(OFFICE_LETTERS.glob("*.docx"))
    if not found:
        print("      letters of an office: not measured, there are none here", flush=True)
    for path in found:
        compiled = compile(path.read_bytes())
        tagged = compiled.package.to_bytes()
        works = (_ours(compiled, rows), _floor(compiled, rows), _docxtpl(tagged, rows[:DOCXTPL_LETTERS]))
        ours, lowest, docxtpl = interleaved(REPETITIONS, *works)
        figures.ratio(f"{path.stem} / its floor", ours, lowest, 2.0)
        figures.faster(f"{path.stem}, times faster than docxtpl", ours, docxtpl, 50)


def _ours(compiled: CompiledLetter, rows: list[dict[str, str]]) -> Callable[[], float]:
    """Each letter is let go before the next is made, as when they are written to a file."""
    return lambda: worked(lambda: all(compiled.letter(row) for row in rows)) / len(rows)


def _floor(compiled: CompiledLetter, rows: list[dict[str, str]]) -> Callable[[], float]:
    contexts = [letter_context(row, compiled.wanted) for row in rows]
    return lambda: worked(lambda: floor(compiled, contexts)) / len(rows)


def _docxtpl(data: bytes, rows: list[dict[str, str]]) -> Callable[[], float]:
    return lambda: worked(lambda: by_docxtpl(data, rows)) / len(rows)


def floor(compiled: CompiledLetter, contexts: list[dict[str, Any]]) -> None:
    """What every letter of the language costs at least: Jinja, encoding, checksum, packing what changed."""
    for context in contexts:
        for part in compiled.parts:
            content = "".join(part.template.root_render_func(part.template.new_context(context))).encode()
            checksum(content)
            deflate(content)


def by_docxtpl(data: bytes, rows: list[dict[str, str]]) -> None:
    """As docxtpl's documentation shows it: open, render, save."""
    environment = Environment(autoescape=True, undefined=ChainableUndefined)
    environment.filters.update(FILTERS)
    for row in rows:
        context: dict[str, Any] = {}
        for tag, text in row.items():
            group, dot, field = tag.partition(".")
            if dot:
                context.setdefault(group, {})[field] = text
            else:
                context[tag] = text
        template = DocxTemplate(io.BytesIO(data))
        template.render(context, environment, autoescape=True)
        template.save(io.BytesIO())


@contextmanager
def easy_template() -> Iterator[Callable[[bytes, list[dict[str, str]]], float] | None]:
    """easy-template-x installed into a temporary folder: document and rows → seconds per letter. None without Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="bench-letters-") as folder:
        Path(folder, "package.json").write_text("{}")
        install = [npm, "install", "--silent", "--no-audit", "--no-fund", EASY_TEMPLATE]
        if subprocess.run(install, cwd=folder, check=False, capture_output=True, timeout=300).returncode:
            yield None
            return

        def run(document: bytes, rows: list[dict[str, str]]) -> float:
            template = Path(folder, "letter.docx")
            template.write_bytes(document)
            script = Path(__file__).with_name("easy_letters.cjs")
            given = json.dumps([_easy_row(row) for row in rows]).encode()
            done = subprocess.run(
                [node, str(script), folder, str(template)], input=given, check=True, capture_output=True, timeout=300
            )
            return float(done.stdout) / len(rows)

        yield run


def _easy_row(row: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {tag.replace(".", "_"): text for tag, text in row.items()}
    values |= {f"has_{name}": bool(text) for name, text in values.items()}
    values["lines"] = [{"no": no, "text": text} for no, text in enumerate(row["comment"].splitlines(), 1)]
    return values
