"""The pages of interaction templates, as people use them."""

import datetime as dt

import pytest

from domain.interaction_templates.models import InteractionTemplateSetup
from domain.interaction_templates.queries import find_template, get_template
from domain.segments.models import SegmentInteraction
from tests.factories.contacts import make_contact
from tests.factories.documents import make_document, make_letter
from tests.factories.drafts import make_draft
from tests.factories.interaction_templates import make_group, make_template
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.segments import make_line, make_segment, make_segment_interaction, make_step
from tests.factories.setup import make_language, make_user


@pytest.fixture
def marketing(session, visitor):
    """Somebody who may change interaction templates."""
    return visitor.sign_in(make_user(session, role="marketing"))


def test_the_list_shows_group_type_languages_and_counts(session, browser):
    browser.sign_in(make_user(session, role="read_only"))
    template = make_template(
        session,
        "BUS",
        description="Business letter",
        correspondence_type="hard_copy",
        languages={"ENG": make_letter(session), "SVE": None},
        unit_cost=800,
    )
    for canceled in (False, False, True):
        make_entry(session, template_id=template.id, cost=500, canceled=canceled)
    page = browser.get("/interaction-templates/")
    row = page.one("//table[@id='interaction-templates']/tbody/tr")
    text = " ".join(row.text_content().split())
    assert "BUS Business letter LETTER Hard copy" in text or "BUSBusiness letterLETTERHard copy" in text
    assert [b.text for b in row.xpath(".//span[@class='tags']/b")] == ["ENG", "SVE"]
    assert [b.text for b in row.xpath(".//b[@class='miss']")] == ["SVE"]
    numbers = [" ".join(cell.text_content().split()) for cell in row.xpath(".//td[@class='num']")]
    assert numbers[2] == "2"
    assert "10.00" in numbers[3]


def test_search_and_group_narrow_the_list(session, browser):
    browser.sign_in(make_user(session))
    make_template(session, "BUS", description="Business letter")
    make_template(session, "INCOME", group="PHONE", description="Incoming call")

    def codes(url):
        return [a.text for a in browser.get(url).tree.xpath("//a[@class='row-link']")]

    assert codes("/interaction-templates/") == ["BUS", "INCOME"]
    assert codes("/interaction-templates/?q=call") == ["INCOME"]
    assert codes("/interaction-templates/?group=letter") == ["BUS"]
    assert codes("/interaction-templates/?group=NOPE&q=%00") == ["BUS", "INCOME"]


def test_a_new_template(session, marketing):
    make_group(session, "LETTER")
    make_language(session, "ENG")
    page = marketing.get("/interaction-templates/new?group=LETTER")
    answer = marketing.submit(
        page,
        "#template-form",
        code="bus",
        description="Business letter",
        unit_cost="8.50",
        unit_duration="30",
        correspondence_type="hard_copy",
        information_flow="outbound",
        initiated_by="us",
        ignore_contact_type="1",
        language_id=str(make_language(session, "ENG").id),
    )
    assert answer.location == "/interaction-templates/BUS/"
    template = get_template(session, "BUS")
    assert (template.unit_cost, template.unit_duration, template.group.code) == (850, 30, "LETTER")
    assert (template.correspondence_type, template.ignore_contact_type) == ("hard_copy", True)
    assert [row.language.code for row in template.languages] == ["ENG"]


def test_what_is_wrong_stands_on_its_field_and_nothing_typed_is_lost(session, marketing):
    make_template(session, "BUS")
    page = marketing.get("/interaction-templates/new")
    answer = marketing.submit(
        page, "#template-form", code="BUS", description="Typed", unit_cost="-3", unit_duration="many"
    )
    assert answer.status == 422
    assert answer.has("#unit_cost-error")
    assert answer.has("#unit_duration-error")
    assert answer.form("#template-form")["description"] == "Typed"
    answer = marketing.submit(page, "#template-form", code="BUS", group_id=str(make_group(session).id))
    assert answer.status == 422
    assert answer.text("#code-error") == "There is already an interaction template BUS."


def test_the_card_saves_what_was_changed(session, marketing):
    template = make_template(session, "BUS", unit_cost=800, languages={"ENG": None})
    page = marketing.get("/interaction-templates/BUS/")
    answer = marketing.submit(page, "#template-form", description="New", unit_cost="9", campaign_target="1")
    assert answer.location == "/interaction-templates/BUS/"
    assert (template.description, template.unit_cost, template.campaign_target) == ("New", 900, True)
    page = marketing.get("/interaction-templates/BUS/")
    marketing.submit(page, "#template-form", campaign_target=None)
    assert (template.description, template.campaign_target) == ("New", False)


def test_two_people_on_one_card(session, marketing):
    """B26: other fields go together, the same field shows mine and theirs."""
    template = make_template(session, "BUS", description="Old", unit_duration=5)
    page = marketing.get("/interaction-templates/BUS/")
    template.description, template.unit_duration = "Theirs", 7
    session.commit()
    answer = marketing.submit(page, "#template-form", unit_cost="3")
    assert answer.status in (204, 303)
    assert (template.description, template.unit_duration, template.unit_cost) == ("Theirs", 7, 300)
    answer = marketing.submit(page, "#template-form", description="Mine")
    assert answer.status == 409
    assert "Theirs" in answer.text("#description-error")
    assert answer.form("#template-form")["description"] == "Mine"
    again = marketing.post(page.action("#template-form"), answer.form("#template-form"))
    assert again.status in (204, 303)
    assert template.description == "Mine"


def test_a_template_is_deleted_after_a_question(session, marketing):
    make_template(session, "BUS", languages={"ENG": make_letter(session)})
    question = marketing.get("/interaction-templates/BUS/delete", fragment=marketing.htmx)
    answer = marketing.post("/interaction-templates/BUS/delete", question.form("//form[@class='dlg']"))
    assert answer.location == "/interaction-templates/"
    assert find_template(session, "BUS") is None


def places(page):
    """What the question names, and where each leads."""
    return [(link.text_content(), link.get("href")) for link in page.tree.xpath("//li[@class='bad']//a")]


def test_a_template_in_use_is_not_deleted_and_where_it_is_used_is_named(session, marketing):
    template, other = make_template(session, "BUS"), make_template(session, "GOLF")
    asked = marketing.get("/interaction-templates/BUS/delete", fragment=marketing.htmx).form("//form[@class='dlg']")
    make_entry(session, template_id=template.id, canceled=True)
    contacts = [make_contact(session) for _ in range(3)]
    header = make_segment(session, "S2", template=template, contacts=contacts, description="Autumn")
    with_golf = make_segment_interaction(session, header, other)
    make_line(session, header, contacts[0], interaction_id=with_golf.id)
    lines = make_segment(session, "S1", template=other, contacts=contacts, description="Spring")
    make_line(session, lines, contacts[0], interaction_id=make_segment_interaction(session, lines, template).id)
    make_segment(session, "S3", template=template, logged_segment_id=make_logged_segment(session, "S3").id)
    for _ in range(2):
        make_draft(session, contacts[0], template)
    make_draft(session, contacts[0], other)
    session.add(InteractionTemplateSetup(id=1, outgoing_calls_id=template.id, emails_id=template.id))
    session.flush()
    question = marketing.get("/interaction-templates/BUS/delete", fragment=marketing.htmx)
    assert not question.has("//form[@class='dlg']")
    named = places(question)
    assert named == [
        ("Segment S1 Spring: 1 line", "/segments/S1"),
        ("Segment S2 Autumn: 3 lines", "/segments/S2"),
        ("Segment S3 A segment: 0 lines", "/logged-segments/S3"),
        ("Interaction template setup: Outgoing calls, E-mails", "/setup/interaction-templates/"),
        ("1 interaction, cancelled ones included", "/interaction-log/?template=BUS"),
        ("2 postponed interactions", "/postponed-interactions/?whose=all&template=BUS"),
    ]
    postponed = marketing.get(named[-1][1])
    assert len(postponed.tree.xpath("//table[@id='postponed-table']/tbody/tr")) == 2
    assert "Interaction template: BUS Template BUS" in postponed.plain()
    answer = marketing.post("/interaction-templates/BUS/delete", asked)
    assert answer.status == 422
    assert places(answer) == named
    assert find_template(session, "BUS") is not None


def test_of_many_segments_the_first_are_named_and_the_others_counted(session, marketing):
    template = make_template(session, "BUS")
    for number in range(1, 9):
        make_segment(session, f"S{number}", template=template)
    named = places(marketing.get("/interaction-templates/BUS/delete"))
    assert [text[:10] for text, _ in named[:5]] == [f"Segment S{number}" for number in range(1, 6)]
    assert named[5:] == [("and 3 more", "/segments/")]


def test_a_segment_that_only_remembers_a_template_does_not_hold_it(session, marketing):
    template, other = make_template(session, "BUS"), make_template(session, "GOLF")
    segment = make_segment(session, "S1", template=other)
    remembered = make_segment_interaction(session, segment, template, languages={"ENG": make_letter(session)}).id
    question = marketing.get("/interaction-templates/BUS/delete", fragment=marketing.htmx)
    assert not places(question)
    marketing.post("/interaction-templates/BUS/delete", question.form("//form[@class='dlg']"))
    assert find_template(session, "BUS") is None
    assert session.get(SegmentInteraction, remembered) is None
    assert session.get(SegmentInteraction, segment.interaction_id).template_id == other.id


def test_the_template_of_a_removed_line_stays(session, marketing):
    template, other = make_template(session, "BUS"), make_template(session, "GOLF")
    segment = make_segment(session, "S1", template=other)
    mine = make_segment_interaction(session, segment, template)
    make_line(session, segment, interaction_id=mine.id, removed_step_id=make_step(session, segment, "manual").id)
    assert places(marketing.get("/interaction-templates/BUS/delete")) == [
        ("Segment S1 A segment: 0 lines", "/segments/S1")
    ]


@pytest.mark.parametrize("role", ["read_only", "salesperson"])
def test_others_only_look(session, visitor, role):
    make_template(session, "BUS", languages={"ENG": make_letter(session)})
    visitor.sign_in(make_user(session, role="marketing"))
    edit = visitor.get("/interaction-templates/BUS/").form("#template-form")
    visitor.sign_in(make_user(session, role=role))
    page = visitor.get("/interaction-templates/BUS/")
    assert not page.has("//form[@id='template-form']//button")
    assert page.tree.xpath("//form[@id='template-form']//input[@name='description']/@disabled")
    for url in (
        "/interaction-templates/new",
        "/interaction-templates/BUS/delete",
        "/interaction-templates/BUS/languages/new",
        "/interaction-templates/BUS/languages/ENG/edit",
        "/interaction-templates/BUS/languages/ENG/delete",
        "/interaction-templates/BUS/languages/ENG/document/new",
        "/interaction-groups/new",
    ):
        assert visitor.get(url).status == 403, url
    token = {"csrf_token": edit["csrf_token"]} | {"code": "BUS", "description": "X", "was-description": "Template BUS"}
    for url in (
        "/interaction-templates/",
        "/interaction-templates/BUS/",
        "/interaction-templates/BUS/delete",
        "/interaction-templates/BUS/languages/",
        "/interaction-templates/BUS/languages/ENG/",
        "/interaction-templates/BUS/languages/ENG/delete",
        "/interaction-templates/BUS/languages/ENG/document/",
        "/interaction-templates/BUS/languages/ENG/document/delete",
        "/interaction-templates/BUS/languages/ENG/document/fields",
        "/interaction-groups/",
        "/interaction-groups/LETTER/",
        "/interaction-groups/LETTER/delete",
    ):
        assert visitor.post(url, token).status == 403, url
    assert get_template(session, "BUS").description == "Template BUS"


def test_unknown_codes_are_a_page_not_a_crash(session, browser):
    browser.sign_in(make_user(session))
    make_template(session, "BUS", languages={"ENG": make_document(session)})
    for url in (
        "/interaction-templates/NOPE/",
        "/interaction-templates/a~00b/",
        "/interaction-templates/BUS/languages/XXX/edit",
        "/interaction-templates/BUS/languages/XXX/document/",
        "/interaction-groups/NOPE/edit",
    ):
        assert browser.get(url).status == 404, url


def test_merge_fields_to_copy_from(session, browser):
    browser.sign_in(make_user(session, role="read_only"))
    page = browser.get("/interaction-templates/fields")
    text = page.plain()
    assert "{{ contact.name }}" in text
    assert "Formell hälsningsfras" in text
    assert "Formule d’appel formelle" in text


def test_a_code_with_strange_characters_has_an_address(session, marketing):
    make_template(session, "A/B ?Ä")
    page = marketing.get("/interaction-templates/")
    url = page.one("//a[@class='row-link']").get("href")
    assert url == "/interaction-templates/A~2FB~20~3F~C3~84/"
    answer = marketing.submit(marketing.get(url), "#template-form", description="Found")
    assert answer.location == url
    assert get_template(session, "A/B ?Ä").description == "Found"


def test_the_card_has_statistics_by_language(session, marketing):
    letter = make_letter(session)
    template = make_template(session, "BUS", languages={"ENG": letter, "FRC": letter})
    english, french, german = (make_language(session, code) for code in ("ENG", "FRC", "DEU"))
    for language, day, values in (
        (english, dt.date(2026, 11, 2), {"cost": 1250, "duration": 10}),
        (english, dt.date(2026, 11, 3), {"cost": 1250, "attempt_failed": True}),
        (english, dt.date(2026, 11, 4), {"canceled": True, "cost": 9}),
        (german, dt.date(2026, 10, 1), {}),
        (None, dt.date(2026, 10, 2), {}),
    ):
        make_entry(session, template_id=template.id, language_id=language.id if language else None, date=day, **values)
    make_entry(session, template_id=make_template(session, "GOLF").id, language_id=french.id)
    page = marketing.get("/interaction-templates/BUS/")
    table = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("th|td")][:5]
        for row in page.tree.xpath("//table[@id='language-statistics']//tr[td]")
    ]
    assert [[row[0].split()[0], *row[1:]] for row in table] == [
        ["ENG", "2", "€25.00", "10", "02/11/2026"],
        ["FRC", "0", "€0.00", "0", ""],
        ["DEU", "1", "€0.00", "0", "01/10/2026"],
        ["(blank)", "1", "€0.00", "0", "02/10/2026"],
        ["Total", "4", "€25.00", "10", "02/11/2026"],
    ]
    numbers = page.tree.xpath("//table[@id='language-statistics']//a[@class='drill']")
    assert len(numbers) == 4
    for number in numbers:
        shown = marketing.get(number.get("href")).tree.xpath("//table[@id='entries']/tbody/tr")
        assert len(shown) == int(number.text_content())
    statistics = page.tree.xpath("//table[@id='language-statistics']//a[not(@class='drill')]")
    for link, number in zip(statistics, numbers, strict=True):
        figures = marketing.get(f"{link.get('href')}&from=2026-01-01")
        assert figures.one("//*[@id='totals']//b").text_content() == number.text_content()


def test_a_template_nobody_used_says_so_in_place_of_statistics(session, marketing):
    make_template(session, "BUS")
    page = marketing.get("/interaction-templates/BUS/")
    assert "No interaction has been made with this template yet." in page.text("#statistics")
