"""docxtpl's own example documents: each renders as docxtpl renders it, or is refused for what no letter of ours has.

They are in a source distribution that `make install-test` fetches; they are not part of this repository.
"""

from __future__ import annotations

import io
import re
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from docxtpl import DocxTemplate
from lxml import etree

from domain.errors import RuleViolation
from domain.letters.compiled_letter import compile
from domain.letters.context import Names
from tests.letters.test_against_docxtpl import Reference, without_spelling_marks

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SOURCE = Path(sys.prefix) / "examples" / "docxtpl-0.5.8.tar.gz"
EXAMPLES: dict[str, bytes] = {}
if SOURCE.exists():
    with tarfile.open(SOURCE) as archive:
        for member in archive:
            if member.name.endswith(".docx"):
                EXAMPLES[Path(member.name).stem] = archive.extractfile(member).read()

pytestmark = pytest.mark.skipif(
    not EXAMPLES, reason="docxtpl's example documents are missing: `make install-test` fetches them"
)

ORDER = {
    "customer_name": "Åsa Björklund",
    "company_name": "Nordlys AS",
    "total_price": "1 250.00",
    "in_europe": True,
    "is_paid": False,
    "category": "Books",
    "items": [{"desc": "Paper", "qty": 3, "price": "12.50"}, {"desc": "Envelopes", "qty": 500, "price": "99.00"}],
}
MENU = {
    "dishes": [{"name": "Soup", "ingredients": ["leek", "cream"]}, {"name": "Salad", "ingredients": ["lettuce"]}],
    "authors": [{"name": "Selma Lagerlöf", "books": [{"title": "Jerusalem"}, {"title": "Gösta Berlings saga"}]}],
}
TABLE = {
    "col_labels": ["one", "two", "three"],
    "tbl_contents": [{"label": "low", "cols": ["a", "b", "c"]}, {"label": "high", "cols": ["d", "e", "f"]}],
}
RICH = "Write {{ name }} instead of {{r name }} or {{p name }}"
OBJECTS = "The document contains embedded objects (OLE)"
# what they ask for is made by a program (rich text, documents, objects in a document) or is no tag: said at upload
REFUSED = {
    "cellbg_tpl": RICH, "escape_tpl": RICH, "header_footer_tpl": RICH, "header_footer_tpl_utf8": RICH, "richtext": RICH,
    "richtext_and_if_tpl": RICH, "richtext_tpl": RICH, "subdoc_tpl": RICH, "embedded": OBJECTS,
    "embedded_main_tpl": OBJECTS, "vertical_merge": "A tag cannot be read",
}  # fmt: skip
MENDED = {"dynamic_table_tpl"}
WITH_TAGS = {
    "order_tpl": ORDER, "vertical_merge_tpl": ORDER, "nested_for_tpl": MENU, "dynamic_table_tpl": TABLE,
    "inline_image_tpl": {"myimage": "a picture", "frameworks": [{"desc": "one", "image": "x"}]},
    "header_footer_image_tpl": {"mykey": "the title"}, "header_footer_entities_tpl": {"title": "Testé"},
    "embedded_embedded_docx_tpl": {"name": "Anna"},
}  # fmt: skip


def names(value: Any) -> Any:
    """A context as the templates of letters see one."""
    if isinstance(value, Mapping):
        return Names("example", {name: names(inner) for name, inner in value.items()})
    return [names(inner) for inner in value] if isinstance(value, list) else value


def joined(part: bytes) -> bytes:
    """Canonical XML in which neighbouring runs of one formatting are one: where a tag began and ended does not print."""
    root = etree.fromstring(part)
    for run in list(root.iter(W + "r")):
        before, last = run.getprevious(), run.find(W + "t")
        form = [child for child in run if child.tag != W + "rPr"]
        if before is None or before.tag != run.tag or last is None or form != [last]:
            continue
        end = before[-1] if len(before) else None
        if end is not None and end.tag == W + "t" and properties(before) == properties(run):
            last.text = (end.text or "") + (last.text or "")
            run.getparent().remove(before)
            for child in before[:-1]:
                if child.tag != W + "rPr":
                    run.insert(list(run).index(last), child)
    for piece in root.iter(W + "t"):
        piece.attrib.clear()
    for run in root.iter(W + "r"):
        run.attrib.clear()
    return etree.tostring(root, method="c14n")


def properties(run: etree._Element) -> bytes:
    found = run.find(W + "rPr")
    return b"" if found is None else etree.tostring(found, method="c14n")


def test_every_example_is_tried():
    untagged = {name for name in EXAMPLES if name not in REFUSED and name not in WITH_TAGS}
    assert len(EXAMPLES) == 37
    assert not [name for name in untagged if compile(EXAMPLES[name]).parts]


@pytest.mark.parametrize("name", WITH_TAGS)
def test_an_example_renders_as_docxtpl_renders_it(name):
    data, context = EXAMPLES[name], WITH_TAGS[name]
    compiled = compile(data)
    assert any(part.needs_a_look for part in compiled.parts) is (name in MENDED)
    reference = Reference(without_spelling_marks(data))
    theirs = dict(reference.usual_parts(context))
    rendered = {
        part.decode(): content
        for part, _, content in compiled.changed_parts({key: names(value) for key, value in context.items()})
    }
    assert rendered
    for part, content in rendered.items():
        assert joined(content) == joined(theirs[part]), part


@pytest.mark.parametrize("name", REFUSED)
def test_an_example_that_asks_for_more_than_texts_is_refused_in_words(name):
    with pytest.raises(RuleViolation, match=re.escape(REFUSED[name])):
        compile(EXAMPLES[name])


def test_examples_without_tags_stay_as_they_are():
    for name in EXAMPLES:
        if name not in REFUSED and name not in WITH_TAGS:
            letter = DocxTemplate(io.BytesIO(compile(EXAMPLES[name]).letter({})))
            theirs = DocxTemplate(io.BytesIO(without_spelling_marks(EXAMPLES[name])))
            assert etree.tostring(letter.get_docx().element, method="c14n") == etree.tostring(
                theirs.get_docx().element, method="c14n"
            ), name
