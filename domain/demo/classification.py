"""What the contacts of the demo are classified by: codes, and a questionnaire with answers."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.contacts.classification.assign import change_codes
from domain.contacts.classification.codes import create_code, find_code
from domain.contacts.classification.kinds import (
    BUSINESS_RELATIONS,
    BY_KEY,
    INDUSTRY_GROUPS,
    JOB_RESPONSIBILITIES,
    MAILING_GROUPS,
    Kind,
)
from domain.contacts.classification.profiles import answer_questions
from domain.contacts.classification.questionnaires import (
    add_answer,
    add_question,
    create_questionnaire,
    get_questionnaire,
    questionnaire_list,
)
from domain.contacts.edit import edit_contact
from domain.demo.making import Demo
from domain.messages import Message, say
from domain.types import code

CODES: dict[str, tuple[tuple[str, Message], ...]] = {
    "mailing_group": (
        ("CATALOGUE", say("Printed catalogue")),
        ("EVENTS", say("Invitations")),
        ("XMAS-CARD", say("Season’s greetings")),
    ),
    "industry_group": (
        ("BOOKS", say("Bookshops")),
        ("DESIGN", say("Design studios")),
        ("FOOD", say("Food and drink")),
        ("FURNITURE", say("Furniture makers")),
        ("PRINT", say("Printers")),
    ),
    "business_relation": (
        ("CUSTOMER", say("Customer")),
        ("PROSPECT", say("Prospect")),
        ("SUPPLIER", say("Supplier")),
    ),
    "job_responsibility": (
        ("ACCOUNTS", say("Accounts")),
        ("EVENTS", say("Events")),
        ("MARKETING", say("Marketing")),
        ("PURCHASE", say("Purchasing")),
        ("SALES", say("Sales")),
    ),
    "organizational_level": (
        ("OWNER", say("Owner or managing director")),
        ("MANAGER", say("Head of a department")),
        ("STAFF", say("Member of staff")),
    ),
    "territory": (
        ("ALPS", say("Switzerland and southern Germany")),
        ("BRITAIN", say("Great Britain")),
        ("CANADA", say("Canada")),
        ("NORDIC", say("Sweden")),
    ),
}

# company: industry groups, business relations, territory
COMPANIES: dict[str, tuple[str, str, str]] = {
    "finch": ("DESIGN", "CUSTOMER", "BRITAIN"),
    "kestrel": ("PRINT", "SUPPLIER", "BRITAIN"),
    "maple": ("BOOKS", "CUSTOMER", "CANADA"),
    "boreal": ("DESIGN", "CUSTOMER", "CANADA"),
    "erable": ("FURNITURE", "PROSPECT", "CANADA"),
    "lac": ("FOOD", "CUSTOMER", "ALPS"),
    "rochat": ("PRINT", "SUPPLIER CUSTOMER", "ALPS"),
    "tannhof": ("FURNITURE", "PROSPECT", "ALPS"),
    "wolke": ("BOOKS", "CUSTOMER", "ALPS"),
    "norr": ("BOOKS", "CUSTOMER", "NORDIC"),
    "oster": ("DESIGN PRINT", "CUSTOMER", "NORDIC"),
    "angs": ("FOOD", "PROSPECT", "NORDIC"),
}

# person: mailing groups, job responsibilities, organizational level
PERSONS: dict[str, tuple[str, str, str]] = {
    "Imogen Harbour": ("CATALOGUE XMAS-CARD", "MARKETING", "OWNER"),
    "Dexter Finch": ("CATALOGUE", "PURCHASE", "MANAGER"),
    "Priya Wadham": ("XMAS-CARD", "ACCOUNTS", "STAFF"),
    "Conrad Thackray": ("XMAS-CARD", "SALES", "OWNER"),
    "Bea Ollerton": ("", "ACCOUNTS", "STAFF"),
    "Harriet MacKinley": ("CATALOGUE EVENTS XMAS-CARD", "PURCHASE EVENTS", "OWNER"),
    "Owen Tremblett": ("CATALOGUE", "PURCHASE", "STAFF"),
    "Maxime Desrosiers-Roy": ("EVENTS", "MARKETING", "MANAGER"),
    "Océane Lafrenière": ("CATALOGUE", "PURCHASE", "MANAGER"),
    "Gaétan Thériault-Cyr": ("XMAS-CARD", "", "OWNER"),
    "Loïc Arsenault": ("", "SALES", "STAFF"),
    "Solange Pittet": ("CATALOGUE XMAS-CARD", "MARKETING", "OWNER"),
    "Blaise Ducraux": ("CATALOGUE", "PURCHASE", "STAFF"),
    "Yannick Rochat": ("XMAS-CARD", "SALES", "OWNER"),
    "Aline Dubuis": ("EVENTS", "PURCHASE", "MANAGER"),
    "Urs Ammannegger": ("CATALOGUE", "", "OWNER"),
    "Regula Zürrer": ("CATALOGUE", "PURCHASE", "STAFF"),
    "Friederike Wolkenstein": ("CATALOGUE EVENTS XMAS-CARD", "PURCHASE", "OWNER"),
    "Käthe Süßkind": ("EVENTS", "EVENTS MARKETING", "STAFF"),
    "Sixten Norrskär": ("XMAS-CARD", "SALES", "OWNER"),
    "Ylva Ågren": ("CATALOGUE", "PURCHASE", "STAFF"),
    "Gunvor Östergren": ("CATALOGUE XMAS-CARD", "MARKETING", "OWNER"),
    "Tuva Östergren": ("CATALOGUE EVENTS", "MARKETING", "MANAGER"),
    "Åke Lövdahl": ("", "ACCOUNTS", "STAFF"),
    "Börje Ängsmark": ("CATALOGUE XMAS-CARD", "PURCHASE", "OWNER"),
    "Winifred Larkspur": ("CATALOGUE EVENTS", "", ""),
    "Étienne Morency-Paquet": ("EVENTS", "", ""),
    "Colette Jaquemard": ("CATALOGUE XMAS-CARD", "", ""),
}

QUESTIONNAIRE = ("COMPANY", say("About the company"))
QUESTIONS: tuple[tuple[Message, bool, tuple[Message, ...]], ...] = (
    (say("How many people work there?"), False, (say("1 to 9"), say("10 to 49"), say("50 and more"))),
    (say("What do they buy from us?"), True, (say("Greeting cards"), say("Catalogues"), say("Packaging"))),
    (say("How often do they order?"), False, (say("Every month"), say("Every season"), say("Once a year"))),
)
# company: per question the answers, counted from 0
ANSWERS: dict[str, tuple[tuple[int, ...], ...]] = {
    "finch": ((1,), (0, 1), (0,)),
    "kestrel": ((1,), (2,), (2,)),
    "maple": ((0,), (0, 1), (1,)),
    "boreal": ((0,), (1,), (1,)),
    "lac": ((2,), (0, 2), (0,)),
    "rochat": ((1,), (1,), ()),
    "wolke": ((0,), (0,), (1,)),
    "norr": ((0,), (0, 1), (1,)),
    "oster": ((2,), (1, 2), (0,)),
}


def classify_demo_contacts(session: Session, demo: Demo) -> None:
    """Codes and answers for the contacts of the demo. Codes that are there already are used and stay one's own."""
    for key, codes in CODES.items():
        for text, description in codes:
            if find_code(session, BY_KEY[key], text) is None:
                create_code(
                    session,
                    BY_KEY[key],
                    code=text,
                    description=demo.by.write(description),
                    is_demo=True,
                    by=demo.by,
                )
    for name, (industries, relations, territory) in COMPANIES.items():
        _give(session, demo, name, INDUSTRY_GROUPS, industries)
        _give(session, demo, name, BUSINESS_RELATIONS, relations)
        _set(session, demo, name, BY_KEY["territory"], territory)
    for name, (groups, responsibilities, level) in PERSONS.items():
        _give(session, demo, name, MAILING_GROUPS, groups)
        _give(session, demo, name, JOB_RESPONSIBILITIES, responsibilities)
        _set(session, demo, name, BY_KEY["organizational_level"], level)
    _answer(session, demo)


def _give(session: Session, demo: Demo, name: str, kind: Kind, codes: str) -> None:
    change_codes(session, demo.contacts[name], kind, add=codes.split(), by=demo.by)


def _set(session: Session, demo: Demo, name: str, kind: Kind, text: str) -> None:
    found = find_code(session, kind, text)
    if found is not None:
        edit_contact(session, demo.contacts[name], {kind.field: found.id}, by=demo.by)


def _answer(session: Session, demo: Demo) -> None:
    wanted, description = QUESTIONNAIRE
    used = {one.code for one in session.scalars(questionnaire_list())}
    free = next(one for one in (wanted, *(f"{wanted}{n}" for n in range(2, 1000))) if code(one) not in used)
    made = create_questionnaire(
        session, code=free, description=demo.by.write(description), contact_type="company", is_demo=True, by=demo.by
    )
    for text, several, answers in QUESTIONS:
        question = add_question(session, made, description=demo.by.write(text), multiple_answers=several, by=demo.by)
        for answer in answers:
            add_answer(session, question, description=demo.by.write(answer), by=demo.by)
    session.expire(made)
    questionnaire = get_questionnaire(session, free)
    for name, given in ANSWERS.items():
        add = {
            question.line_no: {question.answers[n].line_no for n in chosen}
            for question, chosen in zip(questionnaire.questions, given, strict=True)
        }
        answer_questions(session, demo.contacts[name], questionnaire, add=add, remove={}, by=demo.by)
