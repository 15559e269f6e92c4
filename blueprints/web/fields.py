"""Form fields of the product's own."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from wtforms import Field, StringField
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError
from wtforms.widgets import TextInput

from blueprints.web.actor import today, work_date
from blueprints.web.formats import currency_digits, format_amount, format_date
from blueprints.web.languages import choose_locale, translate
from domain.amounts import read_amount, read_minutes, read_whole_number
from domain.dates import read_date
from domain.errors import RuleViolation
from domain.types import code

Choice = tuple[Any, Any]


class ChoiceInput(TextInput):
    """A drop-down list (`ui.form_field` looks at `kind`)."""

    kind = "select"


class ChoiceField(Field):
    """One of `choices`: (value, text) pairs, or {group: pairs}. `coerce` makes the value from what the browser posts.

    Choices that depend on the request are set in the route. A value that is not among them is refused, unless `strict`
    is false because the domain refuses it with a better sentence. (WTForms deprecates pairs in its own SelectField.)
    """

    widget = ChoiceInput()

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        choices: Sequence[Choice] | Mapping[str, Sequence[Choice]] = (),
        coerce: Callable[[str], Any] = str,
        strict: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self.choices = choices
        self.coerce = coerce
        self.strict = strict

    def has_groups(self) -> bool:
        """Whether the choices stand in groups."""
        return isinstance(self.choices, Mapping)

    def iter_groups(self) -> list[tuple[str, Sequence[Choice]]]:
        """Groups with their pairs."""
        return list(self.choices.items()) if isinstance(self.choices, Mapping) else [("", self.choices)]

    def iter_choices(self) -> list[Choice]:
        """Every choice, groups opened."""
        return [pair for _, pairs in self.iter_groups() for pair in pairs]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Makes the value from what was posted; what cannot be one becomes None."""
        if valuelist:
            try:
                self.data = self.coerce(valuelist[0])
            except (ValueError, TypeError):
                self.data = None

    def pre_validate(self, form: Any) -> None:
        """Refuses what is not a choice."""
        value = "" if self.data is None else str(self.data)
        if self.strict and value not in {str(key) for key, _ in self.iter_choices()}:
            raise StopValidation(gettext("Choose one from the list."))


class DateInput(TextInput):
    """A text field with a calendar button (`ui.form_field` looks at `kind`)."""

    kind = "date"


class TypedDateField(StringField):
    """A date as people type it (`t`, `14`, `+7`, `mo25`, `31.12.`). `data` is what was typed, `date` what it means.

    Given a date as data it shows it as the reader writes dates. `base` is what `+7` counts from.
    """

    widget = DateInput()

    def __init__(self, *args: Any, base: dt.date | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.base = base
        self.date: dt.date | None = None

    def process_data(self, value: Any) -> None:
        """Shows a date as the reader writes it."""
        self.date = value if isinstance(value, dt.date) else None
        self.data = format_date(value) if isinstance(value, dt.date) else value

    def pre_validate(self, form: Any) -> None:
        """Understands what was typed."""
        try:
            self.date = read_date(
                self.data or "", locale=choose_locale(), work_date=work_date(), today=today(), base=self.base
            )
        except RuleViolation as refusal:
            raise StopValidation(translate(refusal.message)) from refusal


class MeaningField(StringField):
    """A text field whose text means something else: `data` is what was typed, `meaning` what it says.

    Given a meaning as data it shows it as the reader writes it. After a wrong text `meaning` is None and `data` stays.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self.meaning: Any = None
        super().__init__(*args, **options)

    def process_data(self, value: Any) -> None:
        """Shows a stored value as the reader writes it."""
        self.meaning = None if isinstance(value, str) else value
        self.data = value if isinstance(value, str) else self.shown(value)

    def shown(self, value: Any) -> str:
        """A value as the reader writes it."""
        return "" if value is None else str(value)

    def understood(self, text: str) -> Any:
        """What a text means. Raises `RuleViolation` with the sentence for the field."""
        raise NotImplementedError

    def pre_validate(self, form: Any) -> None:
        """Understands what was typed."""
        self.meaning = None
        try:
            self.meaning = self.understood(self.data or "")
        except RuleViolation as refusal:
            raise StopValidation(translate(refusal.message)) from refusal


class AmountInput(TextInput):
    """Right-aligned, with a keyboard for decimals."""

    kind = "money"


class NumberInput(TextInput):
    """Right-aligned, with a keyboard for digits."""

    kind = "number"


class LookupInput(TextInput):
    """A text field with a list that opens while typing. The page gives the address of the list."""

    kind = "lookup"


class MoneyField(MeaningField):
    """An amount in the office's currency; `meaning` is whole minor units, None for blank. Negative only if said so."""

    widget = AmountInput()

    def __init__(self, *args: Any, negative: bool = False, **options: Any) -> None:
        self.negative = negative
        super().__init__(*args, **options)

    def shown(self, value: Any) -> str:
        """The amount without currency."""
        return format_amount(value)

    def understood(self, text: str) -> int | None:
        """Minor units."""
        return read_amount(text, locale=choose_locale(), digits=currency_digits(), negative=self.negative)


class MinutesField(MeaningField):
    """A duration; `meaning` is whole minutes, None for blank."""

    widget = NumberInput()

    def understood(self, text: str) -> int | None:
        """Minutes."""
        return read_minutes(text)


class WholeNumberField(MeaningField):
    """A count between `least` and `most`; `meaning` is the number, None for blank."""

    widget = NumberInput()

    def __init__(self, *args: Any, least: int = 0, most: int = 1_000_000_000, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(*args, **options)

    def understood(self, text: str) -> int | None:
        """The number."""
        return read_whole_number(text, least=self.least, most=self.most)


class CodeField(StringField):
    """A code or number: trimmed, upper case, at most `length` characters."""

    def __init__(self, *args: Any, length: int = 20, required: bool = False, **options: Any) -> None:
        rules = [InputRequired()] if required else []
        super().__init__(*args, validators=[*rules, Length(max=length), *options.pop("validators", ())], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """The code as it is stored."""
        super().process_formdata(valuelist)
        self.data = code(self.data)

    def pre_validate(self, form: Any) -> None:
        """No line breaks or other control characters: codes stand in addresses and file names."""
        if any(unicodedata.category(character) == "Cc" and character != "\x00" for character in self.data or ""):
            raise ValidationError(gettext("This text contains a character that cannot be stored."))


class LookupField(StringField):
    """Text that names a thing; the domain finds it. Shown with a list (`ui.form_field(…, url=…)`)."""

    widget = LookupInput()


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class ReferenceField(ChoiceField):
    """One of the things in `choices` ((id, text) pairs, set in the route), or none where a blank one is offered."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, coerce=_key, **options)
