"""A table with a column of every kind, its fields, and readers."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from domain.filters.fields import Field, FilterTable, Kind, Reference
from domain.filters.reader import Reader
from domain.messages import say
from domain.types import Code, Key, Moment

TODAY = dt.date(2026, 1, 14)  # a Wednesday


class Base(DeclarativeBase):
    pass


class Colour(Base):
    __tablename__ = "test_colour"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(10))


class Thing(Base):
    __tablename__ = "test_thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(100), default="")
    code: Mapped[str] = mapped_column(Code(20), default="")
    number: Mapped[int] = mapped_column(Integer, default=0)
    cost: Mapped[int | None] = mapped_column(BigInteger)
    day: Mapped[dt.date | None] = mapped_column(Date)
    at: Mapped[dt.datetime | None] = mapped_column(Moment)
    size: Mapped[str] = mapped_column(Key(10), default="")
    open: Mapped[bool] = mapped_column(Boolean, default=False)
    colour_id: Mapped[int | None] = mapped_column(ForeignKey("test_colour.id"))


SIZES = {"": say(""), "small": say("Small"), "rather_big": say("Rather big"), "big": say("Big")}
FIELDS = FilterTable.of(
    "thing",
    say("Thing"),
    [
        Field("name", say("Name"), Kind.TEXT, Thing.name),
        Field("code", say("Code"), Kind.CODE, Thing.code),
        Field("number", say("Number"), Kind.NUMBER, Thing.number),
        Field("cost", say("Cost"), Kind.AMOUNT, Thing.cost),
        Field("day", say("Date"), Kind.DATE, Thing.day),
        Field("at", say("Created"), Kind.MOMENT, Thing.at),
        Field("size", say("Size"), Kind.OPTION, Thing.size, options=SIZES),
        Field("open", say("Open"), Kind.BOOLEAN, Thing.open),
        Field("colour", say("Colour"), Kind.CODE, Thing.colour_id, Reference(Colour.id, Colour.code), is_me=True),
    ],
    shown=("name", "day"),
    row_id=Thing.id,
    contact_ids=(Thing.contact_id,),
)
FRENCH = {"Small": "Petit", "Rather big": "Assez grand", "Big": "Grand", "Yes": "Oui", "No": "Non"}


def reader(locale: str = "en_GB", **values) -> Reader:
    """A reader on 14 January 2026."""
    facts = {"work_date": TODAY, "today": TODAY, "time_zone": "Europe/Zurich"}
    if locale.startswith("fr"):
        facts["write"] = lambda message: FRENCH.get(message.msgid, str(message))
    return Reader(locale, **(facts | values))
