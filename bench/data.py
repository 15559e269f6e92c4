"""A large office: contacts in four languages, a template with a letter per language, written with bulk inserts."""

from __future__ import annotations

import datetime as dt
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docx import Document
from sqlalchemy import Connection, Engine, insert, make_url, text
from sqlalchemy.orm import Session

from domain.accounts.actor import Actor
from domain.contacts.keys import refresh_keys
from domain.contacts.models import Contact
from domain.database import make_engine
from domain.interaction_templates.models import InteractionGroup, InteractionTemplate, InteractionTemplateLanguage
from domain.letters.upload import accept_letter
from domain.setup.models import Language, Salesperson
from domain.setup.start import create_office
from domain.tables import metadata

NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
LANGUAGES = ("ENG", "SVE", "FRC", "FRS")
ACTOR = Actor(
    user_id=None,
    user_name="Bench",
    role="administrator",
    salesperson_id=None,
    locale="en_GB",
    work_date=NOW.date(),
    today=NOW.date(),
    now=NOW,
)


@contextmanager
def database(url: str) -> Iterator[tuple[str, Engine]]:
    """An empty database with the product's tables: a temporary file, or one of its own on the PostgreSQL of `url`."""
    if url.startswith("postgresql"):
        name = f"segmenta_bench_{os.getpid()}"  # several may run at once
        server = make_engine(url, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        own = make_url(url).set(database=name).render_as_string(hide_password=False)
        engine = make_engine(own)
        metadata.create_all(engine)
        try:
            yield own, engine
        finally:
            engine.dispose()
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            server.dispose()
        return
    with tempfile.TemporaryDirectory() as folder:
        own = f"sqlite:///{Path(folder) / 'bench.db'}"
        engine = make_engine(own)
        metadata.create_all(engine)
        yield own, engine
        engine.dispose()


def fill(engine: Engine, contacts: int) -> dict[str, Any]:
    """Writes the office and `contacts` persons. Returns ids: languages, template, salesperson."""
    with Session(engine) as session:
        create_office(
            session, name="Bench", currency="EUR", time_zone="UTC", language_code="ENG", country_code="GB", by=ACTOR
        )
        languages = {one.code: one.id for one in session.query(Language)}
        salesperson = Salesperson(code="HR", name="Helen Reed", email="hr@example.com")
        group = InteractionGroup(code="LETTERS", description="Letters")
        session.add_all([salesperson, group])
        session.flush()
        template = InteractionTemplate(
            code="BENCH",
            group_id=group.id,
            description="Thank you",
            unit_cost=240,
            unit_duration=5,
            information_flow="outbound",
            initiated_by="us",
            correspondence_type="hard_copy",
            ignore_contact_type=True,
            language_id=languages["ENG"],
            modified_at=NOW,
        )
        session.add(template)
        session.flush()
        for code in LANGUAGES:
            document = accept_letter(session, letter(code), f"thanks-{code}.docx", by=ACTOR)
            session.add(
                InteractionTemplateLanguage(
                    template_id=template.id, language_id=languages[code], subject="Thank you", document_id=document.id
                )
            )
        session.commit()
        write_contacts(session, contacts, [languages[code] for code in LANGUAGES], salesperson.id)
        session.commit()
        return {"languages": languages, "template_id": template.id, "salesperson_id": salesperson.id}


def letter(language: str) -> bytes:
    """A short letter with the fields most letters have."""
    document = Document()
    for line in (
        "{{ contact.mail_address }}",
        "{{ salutation.formal }}",
        f"Thank you ({language}).",
        "{{ salesperson.name }}",
    ):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def write_contacts(session: Session, n: int, language_ids: list[int], salesperson_id: int) -> None:
    """`n` persons CT000001 … with all keys, in batches."""
    columns = [c.name for c in Contact.__table__.columns if c.name not in ("id", "version")]
    for start in range(1, n + 1, 10_000):
        rows = []
        for i in range(start, min(start + 10_000, n + 1)):
            contact = Contact(
                no=f"CT{i:06}",
                type="person",
                name=f"Åsa Bergström {i:06}",
                first_name="Åsa",
                surname=f"Bergström {i:06}",
                company_name="",
                city="Örebro",
                address=f"Storgatan {i % 900}",
                post_code=f"{10000 + i % 80000}",
                email=f"person{i}@example.com",
                language_id=language_ids[i % len(language_ids)],
                salesperson_id=salesperson_id,
                created_at=NOW,
                modified_at=NOW,
            )
            refresh_keys(contact)
            rows.append({name: getattr(contact, name) for name in columns if getattr(contact, name) is not None})
        for row in rows:
            row.pop("company_id", None)
        session.execute(insert(Contact), rows)


def write_entries(
    connection: Connection,
    *,
    no: str,
    day: str,
    template: str = "NULL",
    salesperson: str = "NULL",
    source: str = "contact",
    values: dict[str, Any] | None = None,
) -> None:
    """An entry of the log for every row of `source`, a FROM with contacts; the others are SQL expressions over it."""
    moment = NOW.replace(tzinfo=None)
    connection.execute(
        text(
            "INSERT INTO interaction_log_entry (entry_no, contact_id, company_id, contact_no, contact_name,"
            " company_no, company_name, date, description, subject, information_flow, initiated_by, cost, duration,"
            " user_name, template_id, salesperson_id, segment_no, correspondence_type, personal_comment, delivery_status,"
            " canceled, campaign_target, campaign_response, evaluation, attempt_failed, alt_address_code, contact_via,"
            " send_as_attachment, created_at, version)"
            f" SELECT {no}, id, company_id, no, name, '', '', {day}, 'Bench', '', 'outbound', 'us', 2, 5, 'Bench',"
            f" {template}, {salesperson}, 'OLD', 'hard_copy', '', 'none', :off, :off, :off, '', :off, '', '', :off, :now, 1"
            f" FROM {source}"
        ),
        {
            "off": False,
            "now": moment.isoformat(" ") if connection.dialect.name == "sqlite" else moment,
            **(values or {}),
        },
    )
