"""Mailing groups and other codes in a file: several in a cell, unknown ones, whose they are, undo."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from domain.contacts.classification.assign import change_codes, codes_of
from domain.contacts.classification.codes import find_code
from domain.contacts.classification.kinds import BY_KEY, MAILING_GROUPS
from domain.contacts.imports.columns import guess_columns
from domain.contacts.imports.run import change_settings, dry_run, run_import
from domain.contacts.imports.settings import ImportSettings
from domain.contacts.imports.undo import undo_import
from domain.contacts.models import Contact
from tests.domain.contacts.imports.test_import import contact, problems, run
from tests.factories.classification import give_codes, make_code
from tests.factories.contacts import make_contact

COMPANY_AND_PERSON = "company;contact;mailing groups;industry groups;job responsibilities;territory\n"


def codes(session, one):
    return {key: [c.code for c in found] for key, found in codes_of(session, one).items() if found}


def begun_with(session, started, by, text, **settings):
    begun = started(text)
    chosen = ImportSettings.from_json(begun.settings)
    for key, value in settings.items():
        setattr(chosen, key, value)
    change_settings(session, begun, chosen, by=by)
    return begun


@pytest.mark.parametrize(
    "headings",
    [
        [
            "Mailing group",
            "Industry groups",
            "Business relation code",
            "Job responsibilities",
            "Organisational level",
            "Territory",
        ],
        [
            "Groupe de distribution",
            "Secteur d’activité",
            "Relations d’affaires",
            "Responsabilités",
            "Niveau organisationnel",
            "Secteur commercial",
        ],
        ["Utskicksgrupp", "Branschgrupper", "Affärsrelation", "Arbetsansvar", "Befattningsnivå", "Distrikt"],
    ],
    ids=["en", "fr", "sv"],
)
def test_columns_are_guessed_by_headings_in_every_language(headings):
    assert guess_columns(headings) == [
        "mailing_group", "industry_group", "business_relation", "job_responsibility", "organizational_level", "territory",
    ]  # fmt: skip


def test_several_codes_stand_in_one_cell_and_go_where_they_belong(session, started, by):
    """Groups and responsibilities are the person's, industry groups the company's; descriptions are understood."""
    for key, code in (
        ("mailing_group", "CARDS"),
        ("industry_group", "PRESS"),
        ("job_responsibility", "BUY"),
        ("territory", "NORTH"),
    ):
        make_code(session, key, code)
    make_code(session, "mailing_group", "CAT", description="Katalog")
    _, plan = run(session, started, by, COMPANY_AND_PERSON + 'Acme;Ann Berg;"cards | katalog; CARDS";press;buy;north\n')
    assert problems(plan) == []
    acme, ann = contact(session, "Acme"), contact(session, "Ann Berg")
    assert codes(session, acme) == {"industry_group": ["PRESS"]}
    assert codes(session, ann) == {
        "mailing_group": ["CARDS", "CAT"],
        "industry_group": ["PRESS"],
        "job_responsibility": ["BUY"],
    }
    assert acme.territory_id == ann.territory_id == find_code(session, BY_KEY["territory"], "NORTH").id


def test_a_company_alone_gets_the_mailing_groups_and_no_responsibility(session, started, by):
    make_code(session, "mailing_group", "CARDS")
    make_code(session, "job_responsibility", "BUY")
    _, plan = run(session, started, by, "company;mailing group;responsibility\nAcme;CARDS;BUY\n")
    assert problems(plan) == [(1, "responsibility", "Only persons have this; left out.", False)]
    assert codes(session, contact(session, "Acme")) == {"mailing_group": ["CARDS"]}


@pytest.mark.parametrize(
    ("unknown", "problem", "created"),
    [
        ("fail", "Mailing groups: “New ones” is unknown.", False),
        ("blank", "Mailing groups: “New ones” is unknown.", True),
        ("create", "Mailing groups: “NEW ONES” is new and is created.", True),
    ],
)
def test_an_unknown_code_is_named_by_row_and_column_with_a_choice(session, started, by, unknown, problem, created):
    begun = begun_with(session, started, by, "company;mailing group\nAcme;New ones\nBeta;\n", unknown_codes=unknown)
    plan = dry_run(session, begun)
    assert problems(plan) == [(1, "mailing group", problem, unknown == "fail")]
    assert find_code(session, MAILING_GROUPS, "NEW ONES") is None
    assert plan.new_codes == ({"mailing_group": {"NEW ONES": "New ones"}} if unknown == "create" else {})
    run_import(session, begun, by=by)
    assert (contact(session, "Acme") is not None) is created
    made = find_code(session, MAILING_GROUPS, "NEW ONES")
    assert (made is not None) is (unknown == "create")
    if made is not None:
        assert made.description == "New ones"
        assert codes(session, contact(session, "Acme")) == {"mailing_group": ["NEW ONES"]}


def test_a_text_too_long_for_a_code_fails_the_row_and_codes_of_failed_rows_are_not_created(session, started, by):
    text = "company;mailing group;country\nAcme;Far too long for a code;\nBeta;GOOD;Nowhere\n"
    _, plan = run(session, started, by, text, unknown_codes="create")
    assert plan.failed_rows == [1, 2]
    assert plan.new_codes == {}
    assert find_code(session, MAILING_GROUPS, "GOOD") is None


def test_codes_are_added_to_contacts_that_exist_and_a_second_import_changes_nothing(session, started, by):
    acme = make_contact(session, name="Acme")
    give_codes(session, acme, "mailing_group", "OLD")
    text = "company;mailing group\nAcme;OLD|NEW\n"
    begun = begun_with(session, started, by, text, unknown_codes="create")
    assert dry_run(session, begun).counts["updated"]["company"] == 1
    run_import(session, begun, by=by)
    assert codes(session, contact(session, "Acme")) == {"mailing_group": ["NEW", "OLD"]}
    again = begun_with(session, started, by, text, unknown_codes="create")
    assert dry_run(session, again).counts["unchanged"]["company"] == 1
    without = begun_with(
        session, started, by, "company;mailing group\nAcme;EXTRA\n", update=False, unknown_codes="create"
    )
    run_import(session, without, by=by)
    assert codes(session, contact(session, "Acme")) == {"mailing_group": ["NEW", "OLD"]}


def test_undo_takes_codes_back_that_the_import_gave_and_created(session, started, by):
    acme = make_contact(session, name="Acme")
    give_codes(session, acme, "mailing_group", "OLD")
    kept = make_contact(session, name="Kept")
    text = "company;mailing group;territory\nAcme;OLD|NEW|USED;\nBeta;NEW;NORTH\n"
    begun = begun_with(session, started, by, text, unknown_codes="create")
    run_import(session, begun, by=by)
    assert set(json.loads(begun.counts)["codes"]) == {"mailing_group", "territory"}
    change_codes(session, kept, MAILING_GROUPS, add=["USED"], by=by)
    undone = undo_import(session, begun, by=by)
    assert (undone.removed, undone.restored, undone.kept) == (1, 1, 0)
    assert codes(session, contact(session, "Acme")) == {"mailing_group": ["OLD"]}
    assert contact(session, "Beta") is None
    left = [key for key in ("NEW", "USED", "OLD") if find_code(session, MAILING_GROUPS, key)]
    assert left == ["USED", "OLD"]
    assert find_code(session, BY_KEY["territory"], "NORTH") is None


def test_level_and_territory_have_one_code(session, started, by):
    make_code(session, "territory", "A")
    _, plan = run(session, started, by, "company;territory\nAcme;A|B\nBeta;A\n")
    assert problems(plan) == [(1, "territory", "Territory: a contact has one.", True)]
    assert session.scalars(select(Contact.territory_id)).one() is not None
