"""The list of the interaction log: filters, pages, the actions on many entries."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from blueprints.interactions import interaction_log
from domain.interactions.models import InteractionLogEntry
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.documents import make_document
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_campaign_entry, make_entry, make_logged_segment
from tests.factories.setup import TODAY, make_salesperson, make_user

LIST = "/interaction-log/"


@pytest.fixture
def reader(session, browser):
    return browser.sign_in(make_user(session, role="read_only"))


@pytest.fixture
def administrator(signed_in):
    return signed_in()


def shown(page):
    """The names in the list."""
    return [a.text_content() for a in page.tree.xpath("//table[@id='entries']//a[@class='row-link']")]


def entries(session):
    session.expire_all()
    return list(session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)))


def make_two(session, **values):
    """An entry with these values and one without; the list with a filter must show the first only."""
    make_entry(session, make_contact(session, "C1", name="Wanted"), **values)
    make_entry(session, make_contact(session, "C2", name="Other"), correspondence_type="fax")


def test_an_empty_log_says_how_it_fills(session, reader):
    assert "No interaction has been logged yet." in reader.get(LIST).text("#log")
    assert "No interaction matches." in reader.get(f"{LIST}?evaluation=neutral").text("#log")


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("type=email", {"correspondence_type": "email"}),
        ("type=blank", {"correspondence_type": ""}),
        ("status=to_print", {"delivery_status": "to_print"}),
        ("evaluation=neutral", {"evaluation": "neutral"}),
        ("canceled=yes", {"canceled": True}),
        ("segment=s7", {"segment_no": "S7"}),
        ("contact=C1", {}),
        ("contact=wanted", {}),
        ("company=C1", {}),
        ("to=2026-11-01", {"date": TODAY.replace(day=1)}),
        ("from=w%2B1d", {"date": TODAY.replace(day=30)}),
    ],
)
def test_each_filter_finds_what_it_says(session, reader, query, values):
    make_two(session, **values)
    page = reader.get(f"{LIST}?{query}")
    assert page.status == 200
    assert shown(page) == ["Wanted"]


def test_filters_by_what_an_entry_points_to(session, reader):
    campaign, person = make_campaign(session, "CA1"), make_salesperson(session, "AB", name="Anna Berg")
    template, logged = make_template(session, "BUS", group="LETTER"), make_logged_segment(session, "S9")
    entry = make_campaign_entry(session, campaign)
    make_two(
        session,
        campaign_id=campaign.id,
        campaign_entry_id=entry.id,
        salesperson_id=person.id,
        template_id=template.id,
        group_id=template.group_id,
        logged_segment_id=logged.id,
    )
    for query in (
        "campaign=ca1",
        f"campaign_entry={entry.entry_no}",
        "salesperson=Anna Berg",
        "template=bus",
        "group=letter",
        "logged=S9",
        "campaign=CA1&salesperson=ab&template=BUS&canceled=no",
    ):
        assert shown(reader.get(f"{LIST}?{query}")) == ["Wanted"], query


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("contact", "There is no nothing."),
        ("campaign", "There is no nothing."),
        ("salesperson", "There is no nothing."),
        ("template", "There is no nothing."),
        ("type", "There is no nothing."),
        ("status", "There is no nothing."),
        ("evaluation", "There is no nothing."),
        ("canceled", "There is no nothing."),
        ("logged", "There is no logged segment nothing."),
        ("campaign_entry", "There is no campaign entry"),
        ("from", "is not a date"),
        ("to", "is not a date"),
    ],
)
def test_an_unknown_filter_value_says_so_and_finds_nothing(session, reader, name, sentence):
    make_entry(session, make_contact(session))
    page = reader.get(f"{LIST}?{name}=nothing")
    assert page.status == 200
    assert sentence in page.text(f"#filter-{name}-error")
    assert shown(page) == []
    assert page.one("#filters").get("open") is not None


@pytest.mark.parametrize("value", ["%00", "x" * 3000, "9" * 90, "%F0%9F%92%A5", "%27--", "2026-99-99"])
def test_strange_values_break_nothing(session, reader, value):
    names = "contact company segment logged campaign campaign_entry salesperson template group from to type status"
    for name in [*names.split(), "evaluation", "canceled", "older", "newer"]:
        assert reader.get(f"{LIST}?{name}={value}").status == 200, name
    assert reader.get(f"{LIST}?older=2026-01-01_{value}").status == 200


@pytest.mark.parametrize("locale", ["en_GB", "fr_CA", "fr_CH", "sv_SE"])
def test_a_date_in_a_link_is_understood_in_every_language(session, browser, locale):
    browser.sign_in(make_user(session, locale=locale))
    make_entry(session, make_contact(session, name="Wanted"), date=TODAY)
    make_entry(session, make_contact(session, name="Other"), date=TODAY.replace(year=2025))
    page = browser.get(f"{LIST}?from=2026-11-01&to=2026-11-30")
    assert shown(page) == ["Wanted"]
    form = page.form("#filter-form")
    assert shown(browser.get(f"{LIST}?from={form['from']}&to={form['to']}")) == ["Wanted"]


def test_the_log_is_turned_page_by_page_and_keeps_its_filter(session, reader):
    for n in range(120):
        make_entry(session, make_contact(session, name=f"Name {n:03}"), evaluation="neutral")
    make_entry(session, make_contact(session, name="Other"))
    names, url = [], f"{LIST}?evaluation=neutral"
    while url:
        page = reader.get(url)
        assert page.text("#log-title") == "Interactions 120"
        names += shown(page)
        url = next(iter(page.tree.xpath("//nav[@id='pager']//a[@rel='next']/@href")), "")
    assert names == [f"Name {n:03}" for n in reversed(range(120))]
    back = page.tree.xpath("//nav[@id='pager']//a[@rel='prev']/@href")[0]
    fragment = reader.get(back, fragment=True)
    assert not fragment.is_page
    assert shown(fragment) == names[50:100]


def test_many_entries_are_evaluated_at_once(session, administrator):
    for _ in range(3):
        make_entry(session, make_contact(session))
    page = administrator.get(f"{LIST}?canceled=no")
    first, second, _ = entries(session)
    answer = administrator.submit(page, "#bulk", sel=[first.entry_no, second.entry_no], evaluation="positive")
    assert answer.location == f"{LIST}?canceled=no"
    assert "2 interactions were evaluated." in administrator.follow(answer).plain()
    assert [one.evaluation for one in entries(session)] == ["positive", "positive", ""]


def test_all_that_match_the_filter_are_evaluated_not_only_those_on_the_page(session, administrator):
    for n in range(60):
        make_entry(session, make_contact(session), correspondence_type="email" if n else "fax")
    page = administrator.get(f"{LIST}?type=email")
    administrator.submit(page, "#bulk", all_matching="1", evaluation="negative")
    evaluated = select(func.count()).where(InteractionLogEntry.evaluation == "negative")
    assert session.scalar(evaluated) == 59


def test_nothing_selected_is_told(session, administrator):
    make_entry(session, make_contact(session))
    answer = administrator.submit(administrator.get(LIST), "#bulk", evaluation="positive")
    assert answer.status == 422
    assert "Select one or more interactions first." in answer.plain()
    entry_no = entries(session)[0].entry_no
    answer = administrator.submit(administrator.get(LIST), "#bulk", evaluation="great", sel=entry_no)
    assert answer.status == 422
    assert "Choose an evaluation." in answer.plain()


def test_entries_that_are_gone_are_told(session, administrator):
    make_entry(session, make_contact(session))
    page = administrator.get(LIST)
    for sel in ("5", "9" * 18):
        assert administrator.submit(page, "#bulk", evaluation="positive", sel=sel).status == 404
    assert administrator.submit(page, "#bulk", evaluation="positive", sel="9" * 40).status == 422


def asked(visitor, page, **values):
    """The question that switching Cancelled for some entries asks."""
    url = page.tree.xpath("//form[@id='bulk']//button[contains(., 'Switch Cancelled')]/@formaction")[0]
    return visitor.post(url, page.form("#bulk") | values)


def test_cancelling_asks_and_says_what_it_means(session, administrator):
    for _ in range(3):
        make_entry(session, make_contact(session))
    page = administrator.get(LIST)
    chosen = [one.entry_no for one in entries(session)[:2]]
    question = asked(administrator, page, sel=chosen)
    assert question.text("#dialog-title") == "Cancel 2 interactions?"
    assert not question.has("#remove_documents")
    assert [one.canceled for one in entries(session)] == [False, False, False]
    answer = administrator.submit(question, "#cancel-form")
    assert answer.location == LIST
    assert [one.canceled for one in entries(session)] == [True, True, False]
    question = asked(administrator, administrator.get(LIST), sel=chosen)
    assert question.text("#dialog-title") == "Remove the mark Cancelled from 2 interactions?"
    administrator.submit(question, "#cancel-form")
    assert not any(one.canceled for one in entries(session))


def test_what_was_confirmed_is_done_even_when_somebody_was_faster(session, administrator):
    make_entry(session, make_contact(session))
    (entry,) = entries(session)
    question = asked(administrator, administrator.get(LIST), sel=entry.entry_no)
    entries(session)[0].canceled = True
    administrator.submit(question, "#cancel-form")
    assert entries(session)[0].canceled


def test_documents_that_nothing_else_uses_go_only_when_asked(session, administrator):
    document = make_document(session)
    for _ in range(2):
        make_entry(session, make_contact(session), document=document)
    page = administrator.get(LIST)
    one, two = (entry.entry_no for entry in entries(session))
    assert not asked(administrator, page, sel=one).has("#remove_documents")
    question = asked(administrator, page, sel=[one, two])
    assert question.one("#remove_documents").get("checked") is None
    administrator.submit(question, "#cancel-form")
    assert [entry.document_id for entry in entries(session)] == [document.id, document.id]
    administrator.submit(asked(administrator, page, sel=[one, two]), "#cancel-form")
    question = asked(administrator, page, sel=[one, two])
    administrator.submit(question, "#cancel-form", remove_documents="1")
    assert [entry.document_id for entry in entries(session)] == [None, None]


def test_the_mark_stays_while_the_logged_segment_is_cancelled(session, administrator):
    logged = make_logged_segment(session, "S1", canceled=True)
    make_entry(session, make_contact(session), logged_segment=logged, canceled=True)
    question = asked(administrator, administrator.get(LIST), sel=entries(session)[0].entry_no)
    answer = administrator.submit(question, "#cancel-form")
    assert answer.status == 422
    assert "The logged segment S1 is cancelled. Remove the mark Cancelled there first." in answer.plain()
    assert entries(session)[0].canceled


def mark(visitor, page, status, **values):
    """What the browser posts when the button is pressed."""
    button = page.one(f"//form[@id='bulk']//button[@name='status' and @value='{status}']")
    return visitor.post(button.get("formaction"), page.form("#bulk") | {"status": status} | values)


def test_letters_are_marked_as_printed_and_posted(session, administrator):
    for kind, status in (("hard_copy", "to_print"), ("hard_copy", "printed"), ("email", "queued")):
        make_entry(session, make_contact(session), correspondence_type=kind, delivery_status=status)
    page = administrator.get(LIST)
    every = [one.entry_no for one in entries(session)]
    answer = mark(administrator, page, "printed", sel=every)
    assert "1 letter was marked." in administrator.follow(answer).plain()
    mark(administrator, page, "posted", all_matching="1")
    assert [one.delivery_status for one in entries(session)] == ["posted", "posted", "queued"]
    answer = mark(administrator, page, "printed", sel=every)
    assert answer.status == 422
    assert "None of these interactions is a letter that can be marked like this." in answer.plain()


def test_cancelled_interactions_that_match_are_deleted_after_a_question(session, administrator):
    for evaluation, canceled in (("neutral", True), ("neutral", False), ("", True)):
        make_entry(session, make_contact(session), evaluation=evaluation, canceled=canceled)
    query = "evaluation=neutral&canceled=yes"
    assert not administrator.get(f"{LIST}?evaluation=neutral").has("//a[contains(., 'Delete cancelled interactions')]")
    page = administrator.get(f"{LIST}?{query}")
    url = page.tree.xpath("//div[@id='actions']//a[contains(., 'Delete cancelled interactions')]/@href")[0]
    question = administrator.get(url)
    assert question.text("#dialog-title") == "Delete 1 cancelled interaction?"
    answer = administrator.submit(question, "//form[contains(@class, 'dlg')]")
    assert answer.location == f"{LIST}?{query}"
    assert [one.canceled for one in entries(session)] == [False, True]
    assert "No cancelled interaction matches." in administrator.get(url).plain()
    assert not administrator.last.has("//form[contains(@class, 'dlg')]")
    token = page.form("#bulk")["csrf_token"]
    assert (
        administrator.post("/interaction-log/canceled/delete?evaluation=positive", {"csrf_token": token}).status == 422
    )


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("read_only", set()),
        ("salesperson", {"evaluate", "mark"}),
        ("marketing", {"evaluate", "mark", "cancel", "delete"}),
        ("administrator", {"evaluate", "mark", "cancel", "delete"}),
    ],
)
def test_every_role_can_do_what_it_may_and_no_more(session, signed_in, role, allowed):
    visitor = signed_in(role)
    make_entry(session, make_contact(session), correspondence_type="hard_copy", delivery_status="to_print")
    make_entry(session, make_contact(session), canceled=True)
    no = entries(session)[0].entry_no
    page = visitor.get(LIST)
    assert page.has("#bulk") is ("evaluate" in allowed)
    canceled_ones = visitor.get(f"{LIST}?canceled=yes")
    assert canceled_ones.has("//a[contains(., 'Delete cancelled interactions')]") is ("delete" in allowed)
    token = visitor.get("/").form("//form[@action='/sign-out']")["csrf_token"]
    data = {"csrf_token": token, "sel": no}
    for action, url, more in (
        ("evaluate", "evaluate", {"evaluation": "neutral"}),
        ("mark", "mark", {"status": "printed"}),
        ("cancel", "canceled/ask", {}),
        ("cancel", "cancel", {}),
        ("delete", "canceled/delete", {}),
    ):
        status = visitor.post(f"/interaction-log/{url}", data | more).status
        assert (status == 403) is (action not in allowed), (url, status)
        assert status in (200, 204, 303, 403)


def test_salespeople_cancel_their_own_interactions_only(session, signed_in, anna):
    visitor = signed_in("salesperson", salesperson_id=anna.id)
    make_entry(session, make_contact(session), salesperson_id=anna.id)
    make_entry(session, make_contact(session), salesperson_id=make_salesperson(session, "XY").id)
    own, other = (one.entry_no for one in entries(session))
    page = visitor.get(LIST)
    assert asked(visitor, page, sel=[own, other]).status == 403
    visitor.submit(asked(visitor, page, sel=own), "#cancel-form")
    assert [one.canceled for one in entries(session)] == [True, False]


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/setup/", "\\elsewhere"])
def test_the_way_back_never_leads_elsewhere(session, administrator, back):
    make_entry(session, make_contact(session))
    page = administrator.get(LIST)
    answer = administrator.submit(page, "#bulk", evaluation="neutral", sel=entries(session)[0].entry_no, back=back)
    assert answer.location == LIST


def test_the_log_is_filtered_by_expression(session, reader):
    make_two(session, evaluation="very_positive", description="Spring letter", cost=1250)
    page = reader.get(
        f"{LIST}?f.evaluation=Positive|Very positive&f.date=month&f.cost=12.50..&evaluation=very_positive"
    )
    assert shown(page) == ["Wanted"]
    assert page.text("#filter-told").startswith("Evaluation is positive or very positive, date is from ")
    assert page.text("#filter-told").endswith(", cost is at least 12.50")
    assert shown(reader.get(f"{LIST}?f.description=*spring*")) == ["Wanted"]


def test_an_expression_that_cannot_be_read_stands_at_its_field(session, reader):
    make_two(session)
    page = reader.get(f"{LIST}?f.date=1..2..3")
    assert shown(page) == []
    assert page.text("#typed-date-error").startswith("At position 5: a range has two ends.")
    assert page.one("#typed-date").get("value") == "1..2..3"


def test_actions_on_all_matching_follow_the_expression(session, administrator):
    make_two(session, description="Spring letter")
    page = administrator.get(f"{LIST}?f.description=spring*")
    values = page.form("#bulk") | {"all_matching": "1", "evaluation": "neutral"}
    administrator.post(page.action("#bulk"), values)
    assert [entry.evaluation for entry in entries(session)] == ["neutral", ""]


def test_a_very_long_log_says_more_than_so_many(session, administrator, monkeypatch):
    monkeypatch.setattr(interaction_log, "MOST_COUNTED", 2)
    for _ in range(2):
        make_entry(session)
    assert administrator.get(LIST).text("#log-title") == "Interactions 2"
    make_entry(session)
    page = administrator.get(LIST)
    assert page.text("#log-title") == "Interactions more than 2"
    assert page.text("//button[@data-select-matching]") == "Select all that match"
    assert page.one("#bulk").get("data-all") == "All that match are selected"


@pytest.mark.parametrize("query", ["", "contact=C1", "template=T", "salesperson=S", "from=2026-01-01", "campaign=CP1"])
def test_a_page_of_the_log_takes_eight_questions(session, administrator, statements, query):
    template, anna = make_template(session, "T"), make_salesperson(session, "S")
    campaign = make_campaign(session, "CP1")
    contact = make_contact(session, "C1")
    for _ in range(3):
        make_entry(session, contact, template_id=template.id, salesperson_id=anna.id, campaign_id=campaign.id)
    administrator.get(f"{LIST}?{query}")
    with statements() as asked:
        assert len(shown(administrator.get(f"{LIST}?{query}"))) == 3
    assert len([s for s in asked if s.startswith("SELECT")]) <= 8
