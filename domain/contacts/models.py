"""Tables of contacts: companies and persons, their addresses, salutations, and imports."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, Date, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.contacts.classification.models import USED_BY_CONTACTS, OrganizationalLevel, Territory
from domain.database import SETUP, Base
from domain.messages import Counted
from domain.references import reference
from domain.setup.models import Country, Language, Salesperson
from domain.types import Code, Key, Moment

COMPANY = "company"
PERSON = "person"
CORRESPONDENCE_TYPES = ("", "hard_copy", "email", "fax")


class Salutation(Base):
    """A way to address contacts: its formulas give the text per language (contacts.md 1.5)."""

    __tablename__ = "salutation"
    __table_args__ = SETUP

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code(10), unique=True)
    description: Mapped[str] = mapped_column(String(100), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    formulas: Mapped[list[SalutationFormula]] = relationship(
        cascade="all, delete-orphan", back_populates="salutation", order_by="SalutationFormula.id"
    )

    __mapper_args__ = {"version_id_col": version}


class SalutationFormula(Base):
    """The text of a salutation in a language (NULL: any language), formal or informal, with %1 … %5 (R-S01)."""

    __tablename__ = "salutation_formula"
    __table_args__ = (
        Index("uq_salutation_formula_language", "salutation_id", "language_id", "kind", unique=True),
        Index(
            "uq_salutation_formula_blank",
            "salutation_id",
            "kind",
            unique=True,
            sqlite_where=text("language_id IS NULL"),
            postgresql_where=text("language_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    salutation_id: Mapped[int] = reference("salutation.id", "delete")
    language_id: Mapped[int | None] = reference("language.id", "delete", nullable=True)
    kind: Mapped[str] = mapped_column(Key(10))
    text: Mapped[str] = mapped_column(String(100))
    name_1: Mapped[str] = mapped_column(Key(20), default="")
    name_2: Mapped[str] = mapped_column(Key(20), default="")
    name_3: Mapped[str] = mapped_column(Key(20), default="")
    name_4: Mapped[str] = mapped_column(Key(20), default="")
    name_5: Mapped[str] = mapped_column(Key(20), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    salutation: Mapped[Salutation] = relationship(back_populates="formulas")
    language: Mapped[Language | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Contact(Base):
    """A company or a person (contacts.md 1.1).

    `company_id` is the own id for a company, the company's for a person who has one, else NULL. `company_name` is a copy
    of the company's name. `find_key`, `sort_key`, `sort_key_sv`: decisions B24; `list_key` orders the contact list (company
    name, company no., company before its persons, name).
    """

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_sort_key", "sort_key", "id"),
        Index("ix_contact_sort_key_sv", "sort_key_sv", "id"),
        Index("ix_contact_list_key", "list_key", "id"),
        Index("ix_contact_list_key_sv", "list_key_sv", "id"),
        Index("ix_contact_company", "company_id", "type"),
        Index("ix_contact_salesperson", "salesperson_id"),
        Index("ix_contact_name_key", "type", "name_key"),
        Index("ix_contact_external_id", "external_id"),
        Index("ix_contact_by_search_name", "search_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(Code(20), unique=True)
    number_series_id: Mapped[int | None] = reference("number_series.id", "blank", nullable=True)
    type: Mapped[str] = mapped_column(Key(10), default=COMPANY)
    name: Mapped[str] = mapped_column(String(100), default="")
    name_2: Mapped[str] = mapped_column(String(50), default="")
    first_name: Mapped[str] = mapped_column(String(30), default="")
    middle_name: Mapped[str] = mapped_column(String(30), default="")
    surname: Mapped[str] = mapped_column(String(30), default="")
    initials: Mapped[str] = mapped_column(String(30), default="")
    job_title: Mapped[str] = mapped_column(String(30), default="")
    search_name: Mapped[str] = mapped_column(Code(100), default="")
    company_id: Mapped[int | None] = reference("contact.id", "blank", nullable=True)
    company_name: Mapped[str] = mapped_column(String(100), default="")

    address: Mapped[str] = mapped_column(String(100), default="")
    address_2: Mapped[str] = mapped_column(String(50), default="")
    post_code: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(30), default="")
    county: Mapped[str] = mapped_column(String(30), default="")
    country_id: Mapped[int | None] = reference(
        "country.id",
        "refuse",
        Counted(
            "The country/region %(name)s is used by %(num)s contact.",
            "The country/region %(name)s is used by %(num)s contacts.",
        ),
        nullable=True,
    )
    phone: Mapped[str] = mapped_column(String(30), default="")
    mobile: Mapped[str] = mapped_column(String(30), default="")
    fax: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(250), default="")
    home_page: Mapped[str] = mapped_column(String(255), default="")

    correspondence_type: Mapped[str] = mapped_column(Key(20), default="")
    language_id: Mapped[int | None] = reference(
        "language.id",
        "refuse",
        Counted(
            "The language %(name)s is used by %(num)s contact.", "The language %(name)s is used by %(num)s contacts."
        ),
        nullable=True,
    )
    salutation_id: Mapped[int | None] = reference(
        "salutation.id",
        "refuse",
        Counted(
            "The salutation %(name)s is used by %(num)s contact.",
            "The salutation %(name)s is used by %(num)s contacts.",
        ),
        nullable=True,
    )
    salesperson_id: Mapped[int | None] = reference(
        "salesperson.id",
        "refuse",
        Counted(
            "The salesperson %(name)s is responsible for %(num)s contact.",
            "The salesperson %(name)s is responsible for %(num)s contacts.",
        ),
        nullable=True,
    )
    organizational_level_id: Mapped[int | None] = reference(
        "organizational_level.id", "refuse", USED_BY_CONTACTS, nullable=True, index=True
    )
    territory_id: Mapped[int | None] = reference("territory.id", "refuse", USED_BY_CONTACTS, nullable=True, index=True)
    external_id: Mapped[str] = mapped_column(Key(50), default="")
    vat_no: Mapped[str] = mapped_column(String(20), default="")
    registration_no: Mapped[str] = mapped_column(String(20), default="")

    exclude_from_segment: Mapped[bool] = mapped_column(Boolean, default=False)
    privacy_blocked: Mapped[bool] = mapped_column(Boolean, default=False)
    minor: Mapped[bool] = mapped_column(Boolean, default=False)
    parental_consent: Mapped[bool] = mapped_column(Boolean, default=False)

    name_key: Mapped[str] = mapped_column(Key(100), default="")
    find_key: Mapped[str] = mapped_column(Text, default="")
    sort_key: Mapped[str] = mapped_column(Key(120), default="")
    sort_key_sv: Mapped[str] = mapped_column(Key(140), default="")
    list_key: Mapped[str] = mapped_column(Key(300), default="")
    list_key_sv: Mapped[str] = mapped_column(Key(340), default="")

    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    modified_at: Mapped[dt.datetime] = mapped_column(Moment)
    modified_by: Mapped[str] = mapped_column(String(50), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    company: Mapped[Contact | None] = relationship(remote_side=[id], viewonly=True)
    country: Mapped[Country | None] = relationship()
    language: Mapped[Language | None] = relationship()
    salutation: Mapped[Salutation | None] = relationship()
    salesperson: Mapped[Salesperson | None] = relationship()
    organizational_level: Mapped[OrganizationalLevel | None] = relationship()
    territory: Mapped[Territory | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_company(self) -> bool:
        """Whether this is a company (else a person)."""
        return self.type == COMPANY


class ContactEmail(Base):
    """One of the addresses in `Contact.email`, folded, so that it can be found (B28)."""

    __tablename__ = "contact_email"
    __table_args__ = (Index("ix_contact_email_key", "address_key", "contact_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = reference("contact.id", "delete", index=True, anonymise=True)
    address_key: Mapped[str] = mapped_column(Key(254))


class AltAddress(Base):
    """An alternative address of a contact (contacts.md 1.4)."""

    __tablename__ = "alt_address"
    __table_args__ = (UniqueConstraint("contact_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = reference("contact.id", "delete", anonymise=True)
    code: Mapped[str] = mapped_column(Code(10))
    company_name: Mapped[str] = mapped_column(String(100), default="")
    company_name_2: Mapped[str] = mapped_column(String(50), default="")
    address: Mapped[str] = mapped_column(String(100), default="")
    address_2: Mapped[str] = mapped_column(String(50), default="")
    post_code: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(30), default="")
    county: Mapped[str] = mapped_column(String(30), default="")
    country_id: Mapped[int | None] = reference(
        "country.id",
        "refuse",
        Counted(
            "The country/region %(name)s is used by %(num)s alternative address.",
            "The country/region %(name)s is used by %(num)s alternative addresses.",
        ),
        nullable=True,
    )
    phone: Mapped[str] = mapped_column(String(30), default="")
    mobile: Mapped[str] = mapped_column(String(30), default="")
    fax: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(80), default="")
    home_page: Mapped[str] = mapped_column(String(255), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    country: Mapped[Country | None] = relationship()
    ranges: Mapped[list[AltAddressRange]] = relationship(
        cascade="all, delete-orphan", order_by="AltAddressRange.starting_date", back_populates="alt_address"
    )

    __mapper_args__ = {"version_id_col": version}


class AltAddressRange(Base):
    """The days on which an alternative address counts (R-L05). One range of a contact starts on a day."""

    __tablename__ = "alt_address_range"
    __table_args__ = (UniqueConstraint("contact_id", "starting_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = reference("contact.id", "delete")
    alt_address_id: Mapped[int] = reference("alt_address.id", "delete", index=True)
    starting_date: Mapped[dt.date] = mapped_column(Date)
    ending_date: Mapped[dt.date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, default=1)

    alt_address: Mapped[AltAddress] = relationship(back_populates="ranges")

    __mapper_args__ = {"version_id_col": version}


class ContactImport(Base):
    """One import of a contact file: what was read, what became of it, and whether it was undone.

    States: draft (uploaded, being mapped) · running · done · failed · undone. `settings` is JSON: delimiter, encoding,
    columns, options; `counts` is JSON: created, updated, unchanged, failed per type. The file is a stored document; after 90 days it goes (NULL), with the
    former values in `ContactImportRow.before` (domain/contacts/imports/tidy.py).
    """

    __tablename__ = "contact_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int | None] = reference(
        "document.id", "refuse", "%(name)s is the file of an import.", nullable=True
    )
    file_name: Mapped[str] = mapped_column(String(200))
    settings: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[str] = mapped_column(Key(10), default="draft")
    counts: Mapped[str] = mapped_column(Text, default="{}")
    user_id: Mapped[int | None] = reference("app_user.id", "blank", nullable=True)
    user_name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    finished_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    undone_at: Mapped[dt.datetime | None] = mapped_column(Moment)


class ContactImportRow(Base):
    """What an import did to one contact: `created`, or `updated` with the former values as JSON in `before`."""

    __tablename__ = "contact_import_row"
    __table_args__ = (Index("ix_contact_import_row", "import_id", "row_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = reference("contact_import.id", "delete")
    row_no: Mapped[int] = mapped_column(Integer)
    contact_id: Mapped[int | None] = reference(
        "contact.id", "blank", nullable=True, index=True, anonymise=True, erased={"before": ""}
    )
    outcome: Mapped[str] = mapped_column(Key(10))
    before: Mapped[str] = mapped_column(Text, default="")
    contact_version: Mapped[int] = mapped_column(Integer, default=1)
