"""The grammar of filters (contacts.md 3.2, decisions B13): text to tree.

Blanks around operators count for nothing, blanks inside a value do. Quotation marks neutralise everything, wildcards
included; within a word an apostrophe is an apostrophe (O'Brien, l'Orée). `@` before a term is accepted and means
nothing: case is ignored anyway.
"""

from __future__ import annotations

from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from domain.filters.errors import FilterError
from domain.filters.tree import Compare, Expression, Piece, Range, Term, Wildcard, all_of, any_of, term
from domain.messages import Message, say

LONGEST = 2000
MOST_TERMS = 200
DEEPEST = 20

GRAMMAR = r"""
?start: any
any: all (OR all)*
all: factor (AND factor)*
?factor: OPEN any CLOSE -> group
       | value RANGE value -> range
       | value RANGE -> from
       | RANGE value -> to
       | COMPARE value -> compare
       | value
value: piece+
?piece: QUOTED | BARE | WILD

OR.2: /\s*\|\s*/
AND.2: /\s*&\s*/
OPEN.2: /\s*\(\s*/
CLOSE.2: /\s*\)\s*/
RANGE.2: /\s*\.\.\s*/
COMPARE.2: /\s*(?:<>|<=|>=|<|>|=)\s*/
WILD.2: /[*?]/
QUOTED.2: /'(?:[^']|'')*'(?!')/
BARE.1: /(?:[^|&()<>=*?'.]|\.(?!\.))(?:[^|&()<>=*?.]|\.(?!\.))*/
"""
_VALUES = ("QUOTED", "BARE", "WILD")


class _Tree(Transformer[Token, Expression]):
    """Builds the tree while the text is parsed."""

    def any(self, parts: list[Any]) -> Expression:
        return any_of(part for part in parts if not isinstance(part, Token))

    def all(self, parts: list[Any]) -> Expression:
        return all_of(part for part in parts if not isinstance(part, Token))

    def group(self, parts: list[Any]) -> Expression:
        inside: Expression = parts[1]
        return inside

    def range(self, parts: list[Any]) -> Expression:
        return Range(parts[0], parts[2])

    def to(self, parts: list[Any]) -> Expression:
        return Range(None, parts[1])

    def compare(self, parts: list[Any]) -> Expression:
        operator = parts[0].strip()
        value: Expression = parts[1]
        assert isinstance(value, Term)
        return value if operator == "=" else Compare(operator, value)

    def value(self, tokens: list[Token]) -> Term:
        pieces: list[Piece] = []
        for place, token in enumerate(tokens):
            text = str(token)
            if token.type == "QUOTED":
                pieces.append(text[1:-1].replace("''", "'"))
            elif token.type == "WILD":
                pieces.append(Wildcard(text))
            else:
                if place == 0:
                    text = text.lstrip()
                    text = text[1:].lstrip() if text.startswith("@") and len(text.strip()) + len(tokens) > 2 else text
                pieces.append(text.rstrip() if place == len(tokens) - 1 else text)
        return term(pieces, (tokens[0].start_pos or 0) + 1)


setattr(_Tree, "from", lambda self, parts: Range(parts[0], None))

_parser = Lark(GRAMMAR, parser="lalr", lexer="basic", transformer=_Tree())


def parse_expression(text: str) -> Expression | None:
    """The tree of a typed filter; None for blank text, which filters nothing.

    Raises `FilterError` with a sentence that says where and what was expected.
    """
    text = text.replace("\x00", "")
    if len(text.strip()) > LONGEST:
        length = len(text.strip())
        raise FilterError(
            say("A filter can have up to %(most)s characters; this one has %(length)s.", most=LONGEST, length=length)
        )
    typed = text.rstrip()
    if not typed:
        return None
    blanks = len(typed) - len(typed.lstrip())
    try:
        tokens = list(_parser.lex(typed[blanks:]))
        _refuse_too_much(tokens)
        parsed: Any = _parser.parse(typed[blanks:])
    except UnexpectedInput as unexpected:
        raise _explained(unexpected, typed[blanks:], blanks) from unexpected
    expression: Expression = parsed
    return _moved(expression, blanks) if blanks else expression


def _moved(expression: Any, by: int) -> Any:
    """The tree with its positions counted from the beginning of what was typed."""
    if isinstance(expression, Term):
        return Term(expression.pieces, expression.position + by)
    if isinstance(expression, Range):
        return Range(*(end and _moved(end, by) for end in (expression.low, expression.high)))
    if isinstance(expression, Compare):
        return Compare(expression.operator, _moved(expression.term, by))
    return type(expression)(tuple(_moved(part, by) for part in expression.parts))


def _refuse_too_much(tokens: list[Token]) -> None:
    depth, terms, before = 0, 0, ""
    for token in tokens:
        depth += (token.type == "OPEN") - (token.type == "CLOSE")
        if depth > DEEPEST:
            raise FilterError(say("A filter can have up to %(most)s parentheses within each other.", most=DEEPEST))
        terms += token.type in _VALUES and before not in _VALUES
        before = token.type
    if terms > MOST_TERMS:
        raise FilterError(
            say("A filter can have up to %(most)s values; this one has %(number)s.", most=MOST_TERMS, number=terms)
        )


def _explained(unexpected: UnexpectedInput, typed: str, blanks: int) -> FilterError:
    """The sentence for what the parser stumbled over."""
    position = (unexpected.pos_in_stream or 0) + blanks + 1
    if isinstance(unexpected, UnexpectedCharacters):
        return FilterError(say("this quotation mark is not closed."), position=position)
    assert isinstance(unexpected, UnexpectedToken)
    token, before = unexpected.token, None
    read = [t for t in _parser.lex(typed) if (t.start_pos or 0) < (token.start_pos or 0) or token.type == "$END"]
    before = read[-1] if read else None
    if token.type == "$END":
        position = len(typed) + blanks
    else:
        position = (token.start_pos or 0) + len(token) - len(token.lstrip()) + blanks + 1
    return FilterError(_reason(token, before, read), position=position)


def _reason(token: Token, before: Token | None, read: list[Token]) -> Message:
    sign = token.strip()
    ends_value = before is not None and before.type in (*_VALUES, "CLOSE")
    if token.type == "RANGE" and (_in_range(read) or (before is not None and before.type == "RANGE")):
        return say("a range has two ends. Put a value that contains “..” in quotation marks.")
    if token.type == "$END" and (ends_value or (before is not None and before.type == "RANGE" and len(read) > 1)):
        return say("a parenthesis is not closed.")
    if token.type == "CLOSE" and (before is None or ends_value):
        return say("there is no parenthesis to close.")
    if token.type in ("OR", "AND", "CLOSE", "$END"):
        if before is None:
            return say("a value is missing before “%(sign)s”.", sign=sign)
        return say("a value is missing after “%(sign)s”.", sign=before.strip())
    if before is not None and before.type in ("COMPARE", "RANGE"):
        return say("a value is missing after “%(sign)s”.", sign=before.strip())
    return say(
        "“|” or “&” is missing before “%(sign)s”. Put text with special characters in quotation marks.", sign=sign
    )


def _in_range(read: list[Token]) -> bool:
    """Whether the part being read has its `..` already."""
    for token in reversed(read):
        if token.type == "RANGE":
            return True
        if token.type not in _VALUES:
            return False
    return False
