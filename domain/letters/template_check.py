"""What a template may contain: a whitelist over Jinja's syntax tree, so that every letter ends and none runs code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html import unescape

from jinja2 import Template, TemplateSyntaxError, nodes

from domain.letters.environment import FILTERS, TESTS, LetterEnvironment
from domain.letters.merge_fields import BY_TAG
from domain.letters.ooxml import around
from domain.letters.package import refusal
from domain.messages import Message, say

MAX_LOOPS = 2
MAX_DEPTH = 60
MAX_SOURCE = 4 * 1024 * 1024
UNKNOWN = "unknown_field"
LOOP_NAMES = {"index", "index0", "first", "last", "length", "revindex", "revindex0"}

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.If,
    nodes.For, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat,
    nodes.CondExpr, nodes.List, nodes.Tuple, nodes.Neg, nodes.Pos,
)  # fmt: skip

TAG_OPENS = re.compile(r"\{\{|\{%|\{#")
CLOSES = {"{{": "}}", "{%": "%}", "{#": "#}"}
PARAGRAPH = re.compile(r"<w:p[ >]")
RAW_VALUE = re.compile(r"\{\{(?:tr|tc|r|p)\s")


@dataclass
class Used:
    """What the templates of a document use: names as people wrote them (`contact.name`), known or not."""

    names: set[str] = field(default_factory=set)

    @property
    def known(self) -> set[str]:
        """The fields among the names."""
        return {name for name in self.names if name in BY_TAG}

    @property
    def unknown(self) -> set[str]:
        """The names that are no field."""
        return self.names - self.known


def check_paragraphs(texts: Iterable[str]) -> None:
    """Refuses tags that are not closed in their paragraph, before any pattern is let loose on the document."""
    for text in texts:
        for opening, content in tags(text):
            if content is None:
                raise refusal(say("A tag is not closed: “%(text)s”.", text=around(text, opening)))
            if TAG_OPENS.search(content):
                raise refusal(say("A tag stands inside another tag: “%(text)s”.", text=around(text, content.strip())))
            if opening == "{{" and RAW_VALUE.match("{{" + content):
                raise refusal(
                    say(
                        "Write {{ name }} instead of {{r name }} or {{p name }}: “%(text)s”.",
                        text=around(text, content.strip()),
                    )
                )


def tags(text: str) -> Iterator[tuple[str, str | None]]:
    """The tags of a paragraph in order: how each opens, and its content (None when it does not close)."""
    at = 0
    while match := TAG_OPENS.search(text, at):
        opening = match.group()
        end = text.find(CLOSES[opening], match.end())
        if end < 0:
            yield text[match.start() :][:40], None
            return
        yield opening, text[match.end() : end]
        at = end + 2


def compile_template(environment: LetterEnvironment, source: str, used: Used) -> Template:
    """The checked template of one part; the names it uses are added to `used`.

    Raises `RuleViolation` for a syntax error and for everything that is not on the whitelist.
    """
    if len(source) > MAX_SOURCE:
        raise refusal(say("The document is too long for a letter."))
    readable = PARAGRAPH.sub(r"\n\g<0>", source)
    try:
        tree = environment.parse(readable)
        _check(tree, readable)
        used.names |= names_used(tree)
        return environment.from_string(source)
    except TemplateSyntaxError as error:
        text = _text_of_line(readable, error.lineno)
        raise refusal(say("A tag cannot be read: “%(text)s”.", text=text)) from error
    except RecursionError as error:
        raise refusal(say("A tag is nested too deeply.")) from error


def _text_of_line(source: str, line: int) -> str:
    """The text of the paragraph that begins on a line of the source."""
    lines = source.split("\n")
    text = re.sub(r"<[^>]+>", "", lines[line - 1]) if 0 < line <= len(lines) else ""
    return around(unescape(text), "{", width=60)


def _check(tree: nodes.Template, source: str) -> None:
    pending: list[tuple[nodes.Node, int, int, int]] = [(tree, 0, 0, 1)]
    while pending:
        node, loops, depth, line = pending.pop()
        line = getattr(node, "lineno", None) or line
        if depth > MAX_DEPTH:
            raise refusal(say("A tag is nested too deeply."))
        if isinstance(node, nodes.For):
            loops += 1
            if node.recursive or loops > MAX_LOOPS:
                raise refusal(say("Loops cannot be nested deeper than %(limit)s.", limit=MAX_LOOPS))
        problem = _problem(node, partial(_text_of_line, source, line))
        if problem is not None:
            raise refusal(problem)
        pending.extend((child, loops, depth + 1, line) for child in node.iter_child_nodes())


def _problem(node: nodes.Node, where: Callable[[], str]) -> Message | None:
    """Why a node is not allowed, with the text it stands in (`where`); None when it is."""
    if isinstance(node, (nodes.Call, nodes.CallBlock, nodes.Macro)) or _spreads(node):
        return say("Functions and macros cannot be used in a letter: “%(text)s”.", text=where())
    if isinstance(node, (nodes.Import, nodes.FromImport, nodes.Include, nodes.Extends, nodes.Block)):
        return say("A letter cannot take in other templates: “%(text)s”.", text=where())
    if isinstance(node, nodes.BinExpr) and not isinstance(node, ALLOWED):
        return say("A letter cannot calculate: “%(text)s”.", text=where())
    if not isinstance(node, ALLOWED):
        return say("A letter can use fields, filters, conditions and loops only: “%(text)s”.", text=where())
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return say("There is no filter %(name)s: “%(text)s”.", name=node.name, text=where())
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        return say("There is no test %(name)s: “%(text)s”.", name=node.name, text=where())
    name = node.attr if isinstance(node, nodes.Getattr) else node.name if isinstance(node, nodes.Name) else ""
    if name.startswith("_"):
        return say("A name cannot begin with an underscore: “%(text)s”.", text=where())
    if isinstance(node, nodes.Getitem):
        key = node.arg
        if not isinstance(key, nodes.Const) or not isinstance(key.value, (str, int)) or str(key.value).startswith("_"):
            return say("A name in square brackets must be written out: “%(text)s”.", text=where())
    return None


def _spreads(node: nodes.Node) -> bool:
    """`filter(*values)`: arguments that are not written out."""
    return isinstance(node, (nodes.Filter, nodes.Test)) and bool(node.dyn_args or node.dyn_kwargs)


def names_used(tree: nodes.Template) -> set[str]:
    """The names a template asks for: `contact.name` for an attribute, `comment` for a name; loop variables are left
    out.
    """
    found: set[str] = set()
    _collect(tree, frozenset(), found)
    return found


def _collect(node: nodes.Node, own: frozenset[str], found: set[str]) -> None:
    if isinstance(node, nodes.For):
        inner = own | {name.name for name in node.target.find_all(nodes.Name)} | _target_names(node.target) | {"loop"}
        _collect(node.iter, own, found)
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            _collect(child, inner, found)
        return
    path = _path(node)
    if path is not None:
        first = path[0]
        if first == UNKNOWN:
            return
        if first not in own:
            found.add(".".join(path))
        return
    for child in node.iter_child_nodes():
        _collect(child, own, found)


def _target_names(target: nodes.Node) -> set[str]:
    return {target.name} if isinstance(target, nodes.Name) else set()


def _path(node: nodes.Node) -> list[str] | None:
    """`contact.name` and `contact['name']` as a list of names; None when the node is something else."""
    if isinstance(node, nodes.Name):
        return [node.name]
    if isinstance(node, nodes.Getattr):
        head = _path(node.node)
        return None if head is None else [*head, node.attr]
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        head = _path(node.node)
        return None if head is None else [*head, node.arg.value]
    return None
