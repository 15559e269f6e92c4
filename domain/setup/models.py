"""Tables of the setup: languages, countries, salespeople, number series, and the two single rows."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import Boolean, Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.database import SETUP, Base
from domain.references import reference
from domain.types import Code, Key

ADDRESS_FORMATS = ("post_code_city", "city_post_code", "city_county_post_code", "blank_line_post_code_city")


class Language(Base):
    """A language letters are written in: NAV's three letters, a name, and the locale values are formatted by (B20)."""

    __tablename__ = "language"
    __table_args__ = SETUP

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(10), unique=True)
    name: Mapped[str] = mapped_column(String(50), default="")
    locale: Mapped[str] = mapped_column(String(20), default="en-GB")
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class Country(Base):
    """A country or region with the way its addresses are written (contacts.md 1.4)."""

    __tablename__ = "country"
    __table_args__ = SETUP

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(10), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    iso_code: Mapped[str] = mapped_column(Code(2), default="")
    address_format: Mapped[str] = mapped_column(Key(30), default="post_code_city")
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class Salesperson(Base):
    """Somebody of the office whom contacts, segments and interactions belong to (contacts.md 1.6)."""

    __tablename__ = "salesperson"
    __table_args__ = SETUP

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(20), unique=True)
    name: Mapped[str] = mapped_column(String(50), default="")
    job_title: Mapped[str] = mapped_column(String(30), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(80), default="")
    blocked: Mapped[bool] = mapped_column(Boolean, default=False)
    privacy_blocked: Mapped[bool] = mapped_column(Boolean, default=False)
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class NumberSeries(Base):
    """A series that numbers are drawn from (segments.md 1.22, contacts.md 2.10)."""

    __tablename__ = "number_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(20), unique=True)
    description: Mapped[str] = mapped_column(String(100), default="")
    automatic: Mapped[bool] = mapped_column(Boolean, default=True)
    manual: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    lines: Mapped[list[NumberSeriesLine]] = relationship(
        order_by="NumberSeriesLine.starting_date.nulls_first(), NumberSeriesLine.id",
        cascade="all, delete-orphan",
        back_populates="series",
    )

    __mapper_args__ = {"version_id_col": version}


class NumberSeriesLine(Base):
    """A range of numbers of a series, valid from a date on."""

    __tablename__ = "number_series_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = reference("number_series.id", "delete", index=True)
    starting_date: Mapped[dt.date | None] = mapped_column(Date)
    starting_no: Mapped[str] = mapped_column(Code(20))
    ending_no: Mapped[str] = mapped_column(Code(20), default="")
    warning_no: Mapped[str] = mapped_column(Code(20), default="")
    increment: Mapped[int] = mapped_column(Integer, default=1)
    last_no: Mapped[str] = mapped_column(Code(20), default="")
    last_date: Mapped[dt.date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, default=1)

    series: Mapped[NumberSeries] = relationship(back_populates="lines")

    __mapper_args__ = {"version_id_col": version}


class Counter(Base):
    """The last number given of a sequence that is not a number series: entry numbers of the logs."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Key(30))
    last: Mapped[int] = mapped_column(Integer, default=0)


_SERIES_USED = "The number series %(name)s is used in Marketing setup."


class MarketingSetup(Base):
    """The one row of settings (segments.md 1.15, contacts.md 1.10). Its id is 1."""

    __tablename__ = "marketing_setup"
    __table_args__ = SETUP

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_series_id: Mapped[int | None] = reference("number_series.id", "refuse", _SERIES_USED, nullable=True)
    segment_series_id: Mapped[int | None] = reference("number_series.id", "refuse", _SERIES_USED, nullable=True)
    campaign_series_id: Mapped[int | None] = reference("number_series.id", "refuse", _SERIES_USED, nullable=True)
    task_series_id: Mapped[int | None] = reference("number_series.id", "refuse", _SERIES_USED, nullable=True)

    inherit_salesperson: Mapped[bool] = mapped_column(Boolean, default=True)
    inherit_territory: Mapped[bool] = mapped_column(Boolean, default=True)
    inherit_country: Mapped[bool] = mapped_column(Boolean, default=True)
    inherit_language: Mapped[bool] = mapped_column(Boolean, default=True)
    inherit_address: Mapped[bool] = mapped_column(Boolean, default=True)
    inherit_communication: Mapped[bool] = mapped_column(Boolean, default=True)

    default_salesperson_id: Mapped[int | None] = reference("salesperson.id", "blank", nullable=True)
    default_territory_id: Mapped[int | None] = reference("territory.id", "blank", nullable=True)
    default_country_id: Mapped[int | None] = reference("country.id", "blank", nullable=True)
    default_language_id: Mapped[int | None] = reference("language.id", "blank", nullable=True)
    default_correspondence_type: Mapped[str] = mapped_column(Key(20), default="")
    default_company_salutation_id: Mapped[int | None] = reference("salutation.id", "blank", nullable=True)
    default_person_salutation_id: Mapped[int | None] = reference("salutation.id", "blank", nullable=True)

    fax_enabled: Mapped[bool] = mapped_column(Boolean, default=False)
    salespeople_may_log: Mapped[bool] = mapped_column(Boolean, default=False)
    blank_markers: Mapped[str] = mapped_column(String(200), default="NULL, N/A, -")
    letters_per_file: Mapped[int] = mapped_column(Integer, default=500)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class CompanyInformation(Base):
    """The one row about the office. Its id is 1. `currency` and `time_zone` are named at first run (B22, B23).

    `setup_mark` is another one after every change of the setup (domain/setup/changes.py).
    """

    __tablename__ = "company_information"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    name_2: Mapped[str] = mapped_column(String(50), default="")
    address: Mapped[str] = mapped_column(String(100), default="")
    address_2: Mapped[str] = mapped_column(String(50), default="")
    post_code: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(30), default="")
    county: Mapped[str] = mapped_column(String(30), default="")
    country_id: Mapped[int | None] = reference("country.id", "blank", nullable=True)
    phone: Mapped[str] = mapped_column(String(30), default="")
    fax: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(80), default="")
    home_page: Mapped[str] = mapped_column(String(255), default="")
    vat_no: Mapped[str] = mapped_column(String(20), default="")
    registration_no: Mapped[str] = mapped_column(String(50), default="")
    bank_name: Mapped[str] = mapped_column(String(100), default="")
    bank_branch_no: Mapped[str] = mapped_column(String(20), default="")
    bank_account_no: Mapped[str] = mapped_column(String(30), default="")
    giro_no: Mapped[str] = mapped_column(String(20), default="")
    iban: Mapped[str] = mapped_column(String(50), default="")
    swift: Mapped[str] = mapped_column(String(20), default="")
    currency: Mapped[str] = mapped_column(Code(3), default="EUR")
    time_zone: Mapped[str] = mapped_column(String(50), default="UTC")
    demo: Mapped[bool] = mapped_column(Boolean, default=False)
    setup_mark: Mapped[str] = mapped_column(Key(16), default=lambda: secrets.token_hex(8))
    version: Mapped[int] = mapped_column(Integer, default=1)

    country: Mapped[Country | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
