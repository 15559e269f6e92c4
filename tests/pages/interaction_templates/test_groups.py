"""The page of interaction groups."""

import pytest

from domain.interaction_templates.queries import find_group, get_group
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_group, make_template
from tests.factories.interactions import make_entry
from tests.factories.segments import make_segment
from tests.factories.setup import make_user


@pytest.fixture
def marketing(session, visitor):
    """Somebody who may change interaction groups."""
    return visitor.sign_in(make_user(session, role="marketing"))


FORM = "//form[@class='dlg']"


def dialog(visitor, url):
    return visitor.get(url, fragment=visitor.htmx)


def test_the_list_counts_templates_and_interactions(session, browser):
    browser.sign_in(make_user(session, role="read_only"))
    template = make_template(session, "BUS", group="LETTER")
    make_entry(session, template_id=template.id, group_id=template.group_id, cost=250, duration=3)
    page = browser.get("/interaction-groups/")
    cells = [" ".join(cell.text_content().split()) for cell in page.tree.xpath("//tbody/tr[1]/td")]
    assert cells[:4] == ["LETTER", "Letter", "1 template", "1"]
    assert "2.50" in cells[4]
    assert cells[5] == "3"
    assert page.one("//tbody//a").get("href") == "/interaction-templates/?group=LETTER"


def test_the_counts_lead_to_the_interactions_they_count(session, browser):
    browser.sign_in(make_user(session, role="read_only"))
    template = make_template(session, "BUS", group="LETTER")
    other = make_template(session, "INCOME", group="PHONE")
    for one, description, canceled in (
        (template, "A letter", False),
        (template, "Gone", True),
        (other, "A call", False),
    ):
        make_entry(session, template_id=one.id, group_id=one.group_id, description=description, canceled=canceled)
    for page, row in (("/interaction-groups/", "LETTER"), ("/interaction-templates/", "BUS")):
        cells = browser.get(page).one(f"//tbody/tr[td[1]//a[text()='{row}'] or td[1][text()='{row}']]")
        link = next(a for a in cells.xpath(".//a") if a.text == "1" and "interaction-log" in a.get("href"))
        text = browser.get(link.get("href")).plain()
        assert "A letter" in text
        assert "Gone" not in text
        assert "A call" not in text


def test_a_new_group(session, marketing):
    page = dialog(marketing, "/interaction-groups/new")
    answer = marketing.submit(page, FORM, code="letter", description="Letters")
    if marketing.htmx:
        assert answer.answer.headers["HX-Trigger"] == "dialog:close"
        assert "LETTER" in answer.text("#groups")
    else:
        assert answer.location == "/interaction-groups/"
    assert get_group(session, "LETTER").description == "Letters"


def test_a_used_code_is_refused_in_the_dialog(session, marketing):
    make_group(session, "LETTER")
    page = dialog(marketing, "/interaction-groups/new")
    answer = marketing.submit(page, FORM, code="letter", description="Typed")
    assert answer.status == 422
    assert answer.text("#group-code-error") == "There is already an interaction group LETTER."
    assert answer.form(FORM)["description"] == "Typed"


def test_a_group_is_changed_and_two_people_are_noticed(session, marketing):
    group = make_group(session, "LETTER", description="Letters")
    page = dialog(marketing, "/interaction-groups/LETTER/edit")
    group.description = "Theirs"
    session.commit()
    answer = marketing.submit(page, FORM, description="Mine")
    assert answer.status == 409
    assert "Theirs" in answer.text("#group-description-error")
    marketing.post(answer.action(FORM), answer.form(FORM))
    assert group.description == "Mine"
    page = dialog(marketing, "/interaction-groups/LETTER/edit")
    marketing.submit(page, FORM, code="mail")
    assert (group.code, group.description) == ("MAIL", "Mine")


def test_a_group_with_templates_is_not_deleted(session, marketing):
    group = make_group(session, "LETTER")
    asked = dialog(marketing, "/interaction-groups/LETTER/delete")
    template = make_template(session, "BUS", group="LETTER")
    make_segment(session, "S1", template=template, contacts=[make_contact(session)])
    make_entry(session, group_id=group.id)
    question = dialog(marketing, "/interaction-groups/LETTER/delete")
    assert not question.has(FORM)
    answer = marketing.post(asked.action(FORM), asked.form(FORM))
    assert answer.status == 422
    for page in (question, answer):
        assert [(a.text_content(), a.get("href")) for a in page.tree.xpath("//li[@class='bad']//a")] == [
            ("Interaction template BUS Template BUS", "/interaction-templates/BUS/"),
            ("Segment S1 A segment: 1 line", "/segments/S1"),
            ("1 interaction, cancelled ones included", "/interaction-log/?group=LETTER"),
        ]
    assert find_group(session, "LETTER") is not None


def test_an_empty_group_is_deleted(session, marketing):
    make_group(session, "DOC")
    page = dialog(marketing, "/interaction-groups/DOC/delete")
    marketing.post(page.action(FORM), page.form(FORM))
    assert find_group(session, "DOC") is None
