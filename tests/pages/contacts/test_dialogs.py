"""Name details, alternative addresses and their days, adding to a segment."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from domain.contacts.alt_addresses import alt_address_list
from domain.contacts.models import AltAddress, AltAddressRange
from domain.segments.models import Segment, SegmentLine
from domain.segments.step_models import SegmentStep
from tests.domain.contacts.worksheet import put_on_segment
from tests.factories.contacts import make_alt_address, make_contact, make_salutation
from tests.factories.setup import make_language, make_user

JAN, JUN, AUG = dt.date(2026, 1, 1), dt.date(2026, 6, 1), dt.date(2026, 8, 31)


def opened(visitor, url):
    """The dialog for HTMX, its page for a plain browser."""
    return visitor.get(url, fragment=visitor.htmx)


def is_done(visitor, answer):
    """The dialog closes, or the browser is sent to the card."""
    if visitor.htmx:
        return answer.status == 200 and answer.answer.headers["HX-Trigger"] == "dialog:close"
    return answer.status == 303


# name details


@pytest.fixture
def anna(session):
    salutation = make_salutation(session, "F", {("SVE", "formal"): ("Bästa %1 %2,", "first_name", "surname")})
    return make_contact(session, "P", type="person", name="Anna Maria Berg", salutation_id=salutation.id)


def test_the_dialog_shows_the_parts_of_the_name(session, signed_in, anna):
    """SAL-006."""
    values = opened(signed_in, "/contacts/P/name/").form("#name-details")
    assert (values["first_name"], values["middle_name"], values["surname"]) == ("Anna", "Maria", "Berg")


def test_who_may_not_edit_reads_the_parts_of_the_name(session, reader, anna):
    """PRM-004: viewable from the card, every field read-only, nothing to save with."""
    address = reader.get("/contacts/P/").one("//a[contains(@href, '/name/')]").get("href")
    dialog = opened(reader, address)
    assert dialog.one("#name-first_name").get("value") == "Anna"
    controls = dialog.tree.xpath("//*[starts-with(@id, 'name-')][self::input or self::select]")
    assert len(controls) == 7
    assert all(control.get("disabled") is not None for control in controls)
    assert not dialog.has("//form[contains(@action, '/name/')]")


def test_changed_parts_build_the_name_and_the_salutation(session, signed_in, anna):
    page = opened(signed_in, "/contacts/P/name/")
    sve = make_language(session, "SVE")
    answer = signed_in.submit(page, "#name-details", surname="von Berg", middle_name="", language_id=str(sve.id))
    assert is_done(signed_in, answer)
    session.refresh(anna)
    assert (anna.name, anna.first_name, anna.surname) == ("Anna von Berg", "Anna", "von Berg")
    card = answer if signed_in.htmx else signed_in.follow(answer)
    assert card.text("//h1") == "Anna von Berg"
    assert card.form("#contact")["name"] == "Anna von Berg"
    assert card.text("#salutation-formal") == "Formal salutation Bästa Anna von Berg,".replace(
        "salutation B", "salutationB"
    )


def test_an_unknown_language_is_one_error_and_nothing_is_saved(session, signed_in, anna):
    """SAL-008."""
    page = opened(signed_in, "/contacts/P/name/")
    answer = signed_in.submit(page, "#name-details", surname="Zorn", language_id="99999")
    assert answer.status == 422
    assert answer.text("#name-language_id-error").startswith("This language no longer exists.")
    assert answer.form("#name-details")["surname"] == "Zorn"
    session.refresh(anna)
    assert anna.surname == "Berg"


def test_a_part_changed_by_somebody_else_is_a_conflict(session, signed_in, anna):
    page = opened(signed_in, "/contacts/P/name/")
    anna.surname = "Zorn"
    session.flush()
    answer = signed_in.submit(page, "#name-details", surname="von Berg")
    assert answer.status == 409
    assert "Someone else changed this to “Zorn”" in answer.text("#name-surname-error")
    assert is_done(signed_in, signed_in.submit(answer, "#name-details"))
    session.refresh(anna)
    assert anna.name == "Anna Maria von Berg"


def test_a_company_has_no_name_details(session, signed_in):
    make_contact(session, "A", name="Acme")
    answer = signed_in.get("/contacts/A/name/")
    assert answer.status == 404
    assert "Acme is a company." in answer.plain()


# alternative addresses


@pytest.fixture
def acme(session):
    return make_contact(session, "A", name="Acme")


def test_an_address_is_added(session, signed_in, acme):
    page = opened(signed_in, "/contacts/A/addresses/new")
    answer = signed_in.submit(page, "#address-dialog", code="summer", city="Visby", address="Strandgatan 1")
    assert is_done(signed_in, answer)
    card = answer if signed_in.htmx else signed_in.follow(answer)
    assert "SUMMER" in card.text("#addresses")
    assert "Strandgatan 1, Visby" in card.text("#addresses")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("code", "", "An alternative address needs a code."),
        ("code", "HOME", "The contact already has an alternative address HOME."),
        ("code", "x" * 10_000, "Code can have up to 10 characters"),
        ("phone", "call", "A phone number has no letters"),
        ("email", "a@x.com;b@x.com", "Only one e-mail address can stand here."),
    ],
)
def test_a_refused_address_stays_in_the_dialog(session, signed_in, acme, field, typed, sentence):
    make_alt_address(session, acme, "HOME")
    page = opened(signed_in, "/contacts/A/addresses/new")
    answer = signed_in.submit(page, "#address-dialog", **({"code": "SUMMER", "city": "Visby"} | {field: typed}))
    assert answer.status == 422
    assert answer.text(f"#address-{field}-error").startswith(sentence)
    assert answer.form("#address-dialog")["city"] == "Visby"
    assert session.scalar(select(func.count()).select_from(AltAddress)) == 1


def test_an_address_is_changed_and_a_conflict_shown(session, signed_in, acme):
    address = make_alt_address(session, acme, "HOME", city="Oslo", phone="12")
    page = opened(signed_in, "/contacts/A/addresses/HOME/")
    address.phone = "13"
    session.flush()
    assert is_done(signed_in, signed_in.submit(page, "#address-dialog", city="Bergen"))
    session.refresh(address)
    assert (address.city, address.phone) == ("Bergen", "13")
    answer = signed_in.submit(page, "#address-dialog", city="Hamar")
    assert answer.status == 409
    assert "“Bergen”" in answer.text("#address-city-error")


def test_an_address_is_removed_after_a_question(session, signed_in, acme):
    make_alt_address(session, acme, "HOME", ranges=[(JAN, None)])
    page = opened(signed_in, "/contacts/A/addresses/HOME/remove")
    assert "Remove the alternative address HOME?" in page.plain()
    assert "1 date range is removed." in page.plain()
    answer = signed_in.submit(page, "//form[@action='/contacts/A/addresses/HOME/remove']")
    assert is_done(signed_in, answer)
    assert session.scalar(select(func.count()).select_from(AltAddress)) == 0


def test_days_are_typed_in_shorthand(session, signed_in, acme):
    make_alt_address(session, acme, "HOME")
    page = opened(signed_in, "/contacts/A/addresses/HOME/ranges/new")
    answer = signed_in.submit(page, "#range-dialog", starting_date="t", ending_date="31.12.")
    assert is_done(signed_in, answer)
    days = session.scalar(select(AltAddressRange))
    assert (days.starting_date, days.ending_date) == (dt.date(2026, 11, 24), dt.date(2026, 12, 31))
    card = answer if signed_in.htmx else signed_in.follow(answer)
    assert "24/11/2026 – 31/12/2026" in card.text("#addresses")


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [("", "", "starting_date"), ("nonsense", "", "starting_date"), ("31/08/2026", "01/06/2026", "ending_date")],
)
def test_refused_days_stay_in_the_dialog(session, signed_in, acme, start, end, field):
    make_alt_address(session, acme, "HOME")
    page = opened(signed_in, "/contacts/A/addresses/HOME/ranges/new")
    answer = signed_in.submit(page, "#range-dialog", starting_date=start, ending_date=end)
    assert answer.status == 422
    assert answer.has(f"#range-{field}-error")
    assert answer.form("#range-dialog")["starting_date"] == start


def test_days_are_changed_and_removed(session, signed_in, acme):
    make_alt_address(session, acme, "HOME", ranges=[(JUN, AUG)])
    page = opened(signed_in, "/contacts/A/addresses/HOME/ranges/2026-06-01/")
    assert is_done(signed_in, signed_in.submit(page, "#range-dialog", starting_date="01/01/2026", ending_date=""))
    days = session.scalar(select(AltAddressRange))
    assert (days.starting_date, days.ending_date) == (JAN, None)
    page = opened(signed_in, "/contacts/A/addresses/HOME/ranges/2026-01-01/")
    remove = page.one("//button[normalize-space()='Remove']").get("formaction")
    assert is_done(signed_in, signed_in.post(remove, page.form("#range-dialog")))
    session.expire_all()
    assert alt_address_list(session, acme)[0].ranges == []


@pytest.mark.parametrize(
    "path", ["HOME/", "NONE/", "HOME/ranges/2026-06-02/", "HOME/ranges/nonsense/", "HOME/ranges/2026-13-45/"]
)
def test_what_is_not_there_is_said(session, signed_in, acme, path):
    make_alt_address(session, acme, "HOME", ranges=[(JUN, None)])
    answer = signed_in.get(f"/contacts/A/addresses/{path}")
    assert answer.status == (200 if path == "HOME/" else 404)


def test_who_may_only_look_sees_addresses_without_buttons(session, reader, acme):
    make_alt_address(session, acme, "HOME", ranges=[(JUN, None)])
    for path in ("HOME/", "HOME/ranges/2026-06-01/"):
        page = reader.get(f"/contacts/A/addresses/{path}")
        assert page.status == 200
        assert not page.has("//main//form[@method='post']")
        assert reader.post(f"/contacts/A/addresses/{path}", page_token(reader)).status == 403
    assert reader.post("/contacts/A/addresses/HOME/remove", page_token(reader)).status == 403


def page_token(visitor):
    token = visitor.get("/contacts/").one("//meta[@name='csrf-token']").get("content")
    return {"csrf_token": token, "code": "HOME", "city": "Elsewhere", "starting_date": "t"}


# adding to a segment


def ticked(visitor, *numbers, **more):
    page = visitor.get("/contacts/" + (f"?{more.pop('query')}" if "query" in more else ""))
    return visitor.post(page.action("#bulk"), page.form("#bulk") | {"sel": list(numbers)} | more)


def names_on(session, no):
    lines = select(SegmentLine.contact_id).join(Segment, Segment.id == SegmentLine.segment_id).where(Segment.no == no)
    return len(list(session.scalars(lines.order_by(SegmentLine.line_no))))


def test_ticked_contacts_go_to_a_new_segment(session, signed_in):
    for no in "ABC":
        make_contact(session, no)
    asked = ticked(signed_in, "A", "C")
    assert asked.status == 200
    assert "Add 2 contacts to a segment" in asked.plain()
    answer = signed_in.submit(asked, "#add-to-segment", description="Newsletter")
    assert answer.status in (204, 303)
    segment = session.scalar(select(Segment))
    assert (segment.no, segment.description, names_on(session, "SM00001")) == ("SM00001", "Newsletter", 2)
    assert session.scalar(select(func.count()).select_from(SegmentStep)) == 1


def test_all_that_match_go_to_an_open_segment(session, signed_in):
    other = put_on_segment(session, make_contact(session, "X", name="Nordlys one")).segment
    for i in range(60):
        make_contact(session, f"N{i:02}", name=f"Nordlys {i}")
    make_contact(session, "Z", name="Nordlys blocked", privacy_blocked=True)
    make_contact(session, "E", name="Nordlys excluded", exclude_from_segment=True)
    make_contact(session, "Q", name="Else")
    asked = ticked(signed_in, query="q=nordlys", all_matching="1")
    assert "Add 63 contacts to a segment" in asked.plain()
    answer = signed_in.submit(asked, "#add-to-segment", segment=other.no)
    said = signed_in.follow(answer).plain()
    assert f"60 contacts were added to segment {other.no}." in said
    assert "1 was on it already. 1 is excluded from segments. 1 is privacy blocked." in said
    assert names_on(session, other.no) == 61


def test_nothing_ticked_is_said(session, signed_in):
    make_contact(session, "A")
    answer = ticked(signed_in)
    assert answer.status == 422
    assert "No contact is selected. Tick some first." in answer.plain()


def test_a_segment_logged_meanwhile_is_said(session, signed_in):
    line = put_on_segment(session, make_contact(session, "A"))
    asked = ticked(signed_in, "A")
    frozen = put_on_segment(session, make_contact(session, "B"), logged=True).segment
    answer = signed_in.submit(asked, "#add-to-segment", segment=frozen.no)
    assert answer.status == 404
    assert "has been logged" in answer.plain()
    assert line.id


def test_from_the_card(session, signed_in):
    make_contact(session, "A")
    url = signed_in.get("/contacts/A/").one("//a[normalize-space()='Add to segment…']").get("href")
    asked = opened(signed_in, url)
    signed_in.submit(asked, "#add-to-segment")
    assert names_on(session, "SM00001") == 1


def test_salespeople_may_not_change_segments(session, visitor):
    make_contact(session, "A")
    visitor.sign_in(make_user(session, role="salesperson"))
    page = visitor.get("/contacts/")
    offered = page.tree.xpath("//form[@id='bulk']//button/@formaction")
    assert offered == ["/contacts/quick-log/"]
    assert page.action("#bulk") == "/contacts/quick-log/"
    assert visitor.get("/contacts/add-to-segment/?sel=A").status == 403
    visitor.sign_in(make_user(session, role="read_only"))
    assert not visitor.get("/contacts/").has("#bulk")
