"""Logged segments: list, page, letters, marks, follow-up, take back, Cancelled, deleting."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document as WordDocument
from sqlalchemy import func, select

from domain.interactions.models import InteractionLogEntry, LoggedSegment
from domain.segments.models import Segment
from domain.setup.models import MarketingSetup
from tests.domain.segments.ready import lines_of, log, make_ready_segment
from tests.factories.contacts import make_contact
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.setup import make_user

LIST = "/logged-segments/"


@pytest.fixture
def administrator(signed_in):
    return signed_in()


def numbers(page):
    """The segment numbers in the list."""
    return [row.xpath("string(td[contains(@class,'sub')])").split()[0] for row in page.tree.xpath("//tbody/tr[td[2]]")]


def entries(session):
    session.expire_all()
    return list(session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)))


def statuses(session):
    return [one.delivery_status for one in entries(session)]


def question(visitor, page, label):
    """The dialog behind an action of the page."""
    return visitor.get(page.tree.xpath(f"//div[@id='actions']//a[contains(., '{label}')]/@href")[0])


def test_an_empty_list_says_how_it_fills(session, administrator):
    assert "No segment has been logged yet." in administrator.get(LIST).text("#logged")
    assert "No segment matches." in administrator.get(f"{LIST}?q=x").text("#logged")


@pytest.mark.parametrize(
    ("q", "found"),
    [("", ["S2", "S1"]), ("s1", ["S1"]), ("été", ["S2"]), ("S ÉTÉ", ["S2"]), ("%00", ["S2", "S1"]), ("%25", [])],
)
def test_the_list_is_searched_by_number_and_description(session, administrator, q, found):
    make_logged_segment(session, "S1", description="Autumn")
    make_logged_segment(session, "S2", description="Lettre d’été")
    page = administrator.get(f"{LIST}?q={q}")
    assert numbers(page) == found
    fragment = administrator.get(f"{LIST}?q={q}", fragment=True)
    assert not fragment.is_page
    assert numbers(fragment) == found


def test_the_list_is_turned_page_by_page(session, administrator):
    for n in range(60):
        make_logged_segment(session, f"S{n:02}")
    first = administrator.get(LIST)
    second = administrator.get(first.tree.xpath("//a[@rel='next']/@href")[0])
    assert numbers(first) + numbers(second) == [f"S{n:02}" for n in reversed(range(60))]
    again = administrator.get(second.tree.xpath("//a[@rel='prev']/@href")[0])
    assert numbers(again) == numbers(first)
    for place in ("older=x", "newer=%00", "older=" + "9" * 60):
        assert administrator.get(f"{LIST}?{place}").status == 200


def test_the_figures_lead_to_exactly_what_they_count(session, administrator, logged):
    printed, canceled, _ = entries(session)
    printed.delivery_status, canceled.canceled = "printed", True
    page = administrator.get(f"{LIST}S1")
    figures = page.one("#figures").xpath("./div")
    assert [" ".join(f.xpath("string(.)").split()) for f in figures] == [
        "2No. of interactions",
        "0No. of campaign entries",
        "1To print",
        "1Printed",
    ]
    for figure, n in zip((figures[0], *figures[2:]), (2, 1, 1), strict=True):
        listed = administrator.get(figure.xpath(".//a/@href")[0])
        assert listed.text("#log-title") == f"Interactions {n}"
    assert (
        administrator.get(page.tree.xpath("//a[.='Open in the interaction log']/@href")[0]).text("#log-title")
        == "Interactions 3"
    )


def test_a_logged_segment_shows_its_interactions_page_by_page(session, administrator):
    logged = make_logged_segment(session, "S1")
    for n in range(60):
        make_entry(session, make_contact(session, name=f"Name {n:02}"), logged_segment=logged)
    page = administrator.get(f"{LIST}S1")
    names = [a.text_content() for a in page.tree.xpath("//a[@class='row-link']")]
    rest = administrator.get(page.tree.xpath("//a[@rel='next']/@href")[0], fragment=True)
    assert not rest.is_page
    names += [a.text_content() for a in rest.tree.xpath("//a[@class='row-link']")]
    assert names == [f"Name {n:02}" for n in reversed(range(60))]


@pytest.mark.parametrize("no", ["NOPE", "~00", "%C3%A9t%C3%A9"])
def test_an_unknown_segment_is_told_everywhere(session, administrator, no):
    for place in ("", "/follow-up", "/take-back"):
        assert administrator.get(f"{LIST}{no}{place}").status == 404
    assert administrator.get(f"{LIST}canceled/ask?sel={no}").status == 404


# letters


def letters_link(what):
    return f"//div[contains(@class,'menu-list')]//a[contains(@href, '/letters/{what}')]"


def made(person, what, **values):
    page = person.get(f"{LIST}S1")
    return person.submit(person.get(page.one(letters_link(what)).get("href")), "#letters-form", format="word", **values)


def test_the_print_file_and_the_zip_have_every_letter(session, administrator, logged):
    printed = made(administrator, "print")
    assert [p.text for p in WordDocument(io.BytesIO(printed.data)).paragraphs].count("Dear reader") == 3
    assert "3 letters, together about" in administrator.get(f"{LIST}S1/letters/zip").plain()
    zipped = made(administrator, "zip")
    names = zipfile.ZipFile(io.BytesIO(zipped.data)).namelist()
    assert len(names) == 3
    assert any("Nordlys" in name for name in names)
    assert statuses(session) == ["to_print"] * 3


def test_many_letters_are_made_in_the_background(session, administrator, logged):
    session.get_one(MarketingSetup, 1).letters_per_file = 2
    answer = made(administrator, "print")
    assert answer.location.startswith("/jobs/")
    assert "Letters of segment S1" in administrator.follow(answer).plain()


def test_without_letters_on_paper_none_are_offered(session, administrator):
    segment = make_ready_segment(
        session, "S1", make_contact(session, email="a@example.com"), correspondence_type="email"
    )
    log(session, segment)
    page = administrator.get(f"{LIST}S1")
    assert not page.has(letters_link("print"))
    assert not page.has("//div[@id='actions']//form[contains(@action, '/mark')]")
    token = page.form("//form[@action='/sign-out']")["csrf_token"]
    answer = administrator.post(f"{LIST}S1/letters/print", {"csrf_token": token})
    assert answer.status == 422
    assert "Segment S1 has no letter to print" in answer.plain()


def mark_form(status):
    return f"//div[@id='actions']/form[contains(@action, '/mark') and input[@value='{status}']]"


def test_the_letters_that_wait_are_marked_as_printed_then_posted(session, administrator, logged):
    entries(session)[2].canceled = True
    page = administrator.get(f"{LIST}S1")
    assert page.text(mark_form("printed")) == "Mark 2 letters as printed"
    answer = administrator.submit(page, mark_form("printed"))
    page = administrator.follow(answer)
    assert "2 letters were marked." in page.plain()
    assert statuses(session) == ["printed", "printed", "to_print"]
    assert not page.has(mark_form("printed"))
    administrator.submit(page, mark_form("posted"))
    assert statuses(session) == ["posted", "posted", "to_print"]
    assert not administrator.get(f"{LIST}S1").has(mark_form("posted"))
    answer = administrator.submit(page, mark_form("posted"))
    assert answer.status == 422


# follow-up


def test_a_follow_up_has_all_contacts(session, administrator, logged):
    page = administrator.get(f"{LIST}S1")
    answer = administrator.submit(question(administrator, page, "Create follow-up segment"), "#follow-up-form")
    assert answer.location == "/segments/SM00001"
    shown = administrator.follow(answer)
    assert "Segment SM00001 was created." in shown.plain()
    assert [name in shown.source for name in ("Nordlys AS", "Café du Lac", "Björk &amp; Söner")] == [True] * 3
    page = administrator.get(f"{LIST}S1")
    assert page.tree.xpath("//dl//a[@href='/segments/SM00001']")
    assert "There is a follow-up segment already: SM00001." in question(administrator, page, "Create follow-up").plain()


def test_a_follow_up_by_outcome_has_those_only(session, administrator, logged):
    rows = entries(session)
    rows[0].evaluation = "negative"
    rows[1].delivery_status = "returned"
    for outcome, name in (
        ("evaluation:negative", "Nordlys AS"),
        ("delivery_failed", "Café du Lac"),
    ):
        form = question(administrator, administrator.get(f"{LIST}S1"), "Create follow-up segment")
        answer = administrator.follow(administrator.submit(form, "#follow-up-form", outcome=outcome))
        names = [n for n in ("Nordlys AS", "Café du Lac", "Björk &amp; Söner") if n in answer.source]
        assert names == [name]


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("responded", "No contact of segment S1 is left for a follow-up."),
        ("evaluation:positive", "No contact of segment S1 is left for a follow-up."),
        ("evaluation:great", "Choose an evaluation."),
        ("evaluation", "Choose an evaluation."),
        ("everybody", "Choose which contacts the follow-up is for."),
    ],
)
def test_a_follow_up_without_contacts_is_refused_in_the_dialog(session, administrator, logged, outcome, sentence):
    form = question(administrator, administrator.get(f"{LIST}S1"), "Create follow-up segment")
    answer = administrator.submit(form, "#follow-up-form", outcome=outcome)
    assert answer.status == 422
    assert answer.text("#outcome-error") == sentence
    assert session.scalar(select(func.count()).select_from(Segment).where(Segment.logged_segment_id.is_(None))) == 0


# take back


def test_taking_back_says_what_happens_and_opens_the_worksheet(session, administrator, logged):
    page = administrator.get(f"{LIST}S1")
    form = question(administrator, page, "Take back")
    assert "3 interactions leave the log." in form.plain()
    answer = administrator.submit(form, "#take-back-form")
    assert answer.location == "/segments/S1"
    assert "Segment S1 is open again." in administrator.follow(answer).plain()
    assert entries(session) == []
    assert administrator.get(f"{LIST}S1").status == 404


def test_what_speaks_against_taking_back_is_listed_with_its_count(session, administrator, logged):
    rows = entries(session)
    rows[0].delivery_status = "posted"
    rows[1].evaluation = "neutral"
    rows[2].canceled = True
    page = administrator.get(f"{LIST}S1")
    form = question(administrator, page, "Take back")
    reasons = [" ".join(li.text_content().split()) for li in form.tree.xpath("//ul[@class='check']/li")]
    assert len(reasons) == 3
    assert all(reason.startswith("1 ") for reason in reasons), reasons
    assert not form.has("//form[@id='take-back-form']")
    token = page.form("//form[@action='/sign-out']")["csrf_token"]
    answer = administrator.post(f"{LIST}S1/take-back", {"csrf_token": token})
    assert answer.status == 422
    assert "This segment cannot be taken back:" in answer.plain()
    assert len(entries(session)) == 3


def test_printed_letters_only_warn_and_an_untouched_follow_up_goes(session, administrator, people):
    segment = make_ready_segment(session, "S1", *people)
    log(session, segment, follow_up=True)
    entries(session)[0].delivery_status = "printed"
    form = question(administrator, administrator.get(f"{LIST}S1"), "Take back")
    assert "1 letter has been printed already." in form.plain()
    assert "The follow-up segment SM00001 is deleted." in form.plain()
    administrator.submit(form, "#take-back-form")
    assert session.scalars(select(Segment.no)).all() == ["S1"]


# Cancelled, deleting


def test_cancelling_asks_and_reaches_every_interaction(session, administrator, logged):
    page = administrator.get(f"{LIST}S1")
    form = question(administrator, page, "Switch Cancelled")
    assert "Cancel 1 logged segment?" in form.plain()
    assert "S1 · Autumn letter" in form.plain()
    answer = administrator.submit(form, "#segments-form")
    assert answer.location == f"{LIST}S1"
    assert all(one.canceled for one in entries(session))
    page = administrator.follow(answer)
    assert page.text("//div[@id='title']//span[contains(@class,'badge')]") == "Cancelled"
    assert not page.has(letters_link("print"))
    administrator.submit(question(administrator, page, "Switch Cancelled"), "#segments-form")
    assert not any(one.canceled for one in entries(session))


def ask(visitor, page, label, **values):
    """The question a button of the bulk bar asks."""
    url = page.tree.xpath(f"//form[@id='bulk']//button[contains(., '{label}')]/@formaction")[0]
    return visitor.post(url, page.form("#bulk") | values)


def test_several_are_cancelled_and_the_cancelled_ones_deleted(session, administrator):
    for n in range(3):
        logged = make_logged_segment(session, f"S{n}")
        make_entry(session, make_contact(session), logged_segment=logged)
    page = administrator.get(LIST)
    assert ask(administrator, page, "Delete cancelled", sel=["S0"]).status == 422
    form = ask(administrator, page, "Switch Cancelled", sel=["S0", "S1"])
    answer = administrator.submit(form, "#segments-form")
    assert answer.location == LIST
    assert "2 logged segments were cancelled." in administrator.follow(answer).plain()
    form = ask(administrator, administrator.get(LIST), "Delete cancelled", sel=["S0", "S1", "S2"])
    assert "Delete 2 cancelled segments?" in form.plain()
    answer = administrator.submit(form, "#segments-form")
    assert (
        "2 cancelled segments were deleted; their interactions stay in the log." in administrator.follow(answer).plain()
    )
    assert session.scalars(select(LoggedSegment.segment_no)).all() == ["S2"]
    assert [(one.segment_no, one.logged_segment_id is None) for one in entries(session)] == [
        ("S0", True),
        ("S1", True),
        ("S2", False),
    ]


def test_the_worksheet_of_a_deleted_logged_segment_goes_too(session, administrator, logged):
    page = administrator.get(f"{LIST}S1")
    assert not page.has("//a[contains(., 'Delete cancelled')]")
    administrator.submit(question(administrator, page, "Switch Cancelled"), "#segments-form")
    form = question(administrator, administrator.get(f"{LIST}S1"), "Delete cancelled")
    assert administrator.submit(form, "#segments-form").location == LIST
    assert session.scalar(select(Segment)) is None
    assert len(entries(session)) == 3
    entry = administrator.get(f"/interaction-log/{entries(session)[0].entry_no}")
    assert entry.status == 200
    assert administrator.get(entry.tree.xpath("//a[contains(., 'Download')]/@href")[0]).status == 200


def test_nothing_chosen_is_told(session, administrator):
    make_logged_segment(session, "S1")
    page = administrator.get(LIST)
    for label in ("Switch Cancelled", "Delete cancelled"):
        answer = ask(administrator, page, label)
        assert answer.status == 422
        assert "Choose logged segments first." in answer.plain()


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("read_only", set()),
        ("salesperson", {"print"}),
        ("marketing", {"print", "follow", "take", "cancel", "delete"}),
        ("administrator", {"print", "follow", "take", "cancel", "delete"}),
    ],
)
def test_every_role_can_do_what_it_may_and_no_more(session, signed_in, logged, role, allowed):
    visitor = signed_in(role)
    make_logged_segment(session, "S2", canceled=True)
    page = visitor.get(f"{LIST}S1")
    assert page.has("//div[@id='actions']//a[contains(., 'follow-up')]") is ("follow" in allowed)
    assert page.has("//div[@id='actions']//a[contains(., 'Take back')]") is ("take" in allowed)
    assert page.has("//div[@id='actions']//a[contains(., 'Switch Cancelled')]") is ("cancel" in allowed)
    assert page.has(mark_form("printed")) is ("print" in allowed)
    assert page.has(letters_link("print")) is ("print" in allowed)
    assert visitor.get(f"{LIST}S2").has("//a[contains(., 'Delete cancelled')]") is ("delete" in allowed)
    assert visitor.get(LIST).has("#bulk") is ("cancel" in allowed)
    for right, url in (
        ("follow", "S1/follow-up"),
        ("take", "S1/take-back"),
        ("cancel", "canceled/ask?sel=S1"),
        ("delete", "canceled/delete/ask?sel=S2"),
    ):
        assert visitor.get(f"{LIST}{url}").status == (200 if right in allowed else 403), url
    token = page.form("//form[@action='/sign-out']")["csrf_token"]
    for right, url, data in (
        ("print", "S1/letters/print", {}),
        ("print", "S1/letters/zip", {}),
        ("print", "S1/mark", {"status": "printed"}),
        ("follow", "S1/follow-up", {}),
        ("delete", "delete", {"sel": "S2"}),
        ("take", "S1/take-back", {}),
        ("cancel", "cancel", {"sel": "S1"}),
    ):
        status = visitor.post(f"{LIST}{url}", {"csrf_token": token} | data).status
        assert (status == 403) is (right not in allowed), (url, status)


def test_salespeople_who_may_log_may_take_back_too(session, signed_in, logged):
    session.get_one(MarketingSetup, 1).salespeople_may_log = True
    visitor = signed_in("salesperson")
    form = question(visitor, visitor.get(f"{LIST}S1"), "Take back")
    assert visitor.submit(form, "#take-back-form").location == "/segments/S1"


def test_two_people_take_back_the_same_segment(session, administrator, browser, logged):
    browser.sign_in(make_user(session))
    mine = question(administrator, administrator.get(f"{LIST}S1"), "Take back")
    theirs = browser.get(f"{LIST}S1/take-back")
    browser.submit(theirs, "#take-back-form")
    answer = administrator.submit(mine, "#take-back-form")
    assert answer.status == 404
    assert "There is no logged segment S1." in answer.plain()


def test_lines_kept_back_are_named_and_return(session, administrator, people):
    segment = make_ready_segment(session, "S1", *people)
    log(session, segment, keep_lines=[line.id for line in lines_of(session, segment)[2:]])
    page = administrator.get(f"{LIST}S1")
    assert page.tree.xpath("//dl//a[@href='/segments/SM00001']")
    form = question(administrator, page, "Take back")
    assert "The lines kept back in SM00001 return; that segment is deleted." in form.plain()
    administrator.submit(form, "#take-back-form")
    assert session.scalars(select(Segment.no)).all() == ["S1"]
