"""The worksheet as people use it: header, lines, steps, bulk, paste."""

import io

import pytest
from sqlalchemy import select

from blueprints.web.worker import Worker
from domain.contacts.models import Contact
from domain.segments import header_job
from domain.segments.add_contacts import AddOptions, add_contacts
from domain.segments.models import Segment, SegmentLine
from domain.segments.step_models import SegmentStep
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_template
from tests.factories.segments import make_segment
from tests.factories.setup import make_actor, make_salesperson, make_user


@pytest.fixture
def marketing(session, visitor):
    """A visitor who may edit segments."""
    visitor.sign_in(make_user(session, role="marketing"))
    return visitor


def lines(session):
    return session.scalars(
        select(SegmentLine).where(SegmentLine.removed_step_id.is_(None)).order_by(SegmentLine.line_no)
    ).all()


def test_a_new_segment_is_made_and_shown_in_the_list(session, marketing):
    index = marketing.get("/segments/")
    made = marketing.submit(index, "//form[@action='/segments/']")
    assert made.location == "/segments/SM00001"
    page = marketing.follow(made)
    assert "This segment has no contacts yet." in page.plain()
    assert page.has("//input[@id='header-description'][@autofocus]")
    assert "SM00001" in marketing.get("/segments/").plain()


def test_a_contact_typed_on_the_new_line_is_added(session, marketing):
    make_contact(session, no="C1", name="Nordlys AS")
    make_segment(session, no="S1")
    page = marketing.get("/segments/S1")
    answer = marketing.post("/segments/S1/lines/", page.form("#newline-form") | {"contact": "nordlys as"})
    assert answer.status in (200, 303)
    assert len(lines(session)) == 1
    assert "Nordlys AS" in (marketing.get("/segments/S1").source)


def test_an_unknown_contact_is_told_on_the_new_line_and_stays_typed(session, marketing):
    make_segment(session, no="S1")
    page = marketing.get("/segments/S1")
    answer = marketing.post("/segments/S1/lines/", page.form("#newline-form") | {"contact": "Nobody here"})
    assert answer.status == 422
    assert answer.text("#new-contact-error") == "There is no contact Nobody here."
    assert answer.one("#new-contact").get("value") == "Nobody here"


def test_a_cell_is_saved_when_it_is_left(session, marketing):
    make_segment(session, no="S1", description="Header", contacts=[make_contact(session, no="C1")])
    page = marketing.get("/segments/S1")
    values = page.form("#line-10000-form") | {"description": "Mine"}
    answer = marketing.post("/segments/S1/lines/10000/", values)
    assert answer.status in (200, 303)
    assert lines(session)[0].description == "Mine"
    page = marketing.get("/segments/S1")
    assert page.one("#line-10000-description").get("value") == "Mine"
    assert page.one("#line-10000-description").get("placeholder") == "Mine"


def test_clearing_a_cell_is_back_to_inherited(session, marketing):
    make_segment(session, no="S1", description="Header", contacts=[make_contact(session, no="C1")])
    lines(session)[0].description = "Mine"
    page = marketing.get("/segments/S1")
    marketing.post("/segments/S1/lines/10000/", page.form("#line-10000-form") | {"description": ""})
    assert lines(session)[0].description is None


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [("description", "x" * 101, "Check description"), ("date", "someday", "Check date")],
)
def test_status_says_which_cell_was_refused(session, marketing, name, value, status):
    make_segment(session, no="S1", contacts=[make_contact(session, no="C1")])
    values = marketing.get("/segments/S1").form("#line-10000-form") | {name: value}
    answer = marketing.post("/segments/S1/lines/10000/", values)
    assert answer.status == 422
    if marketing.htmx:
        link = answer.one("//td[contains(@class, 'c-st')]/a")
        assert " ".join(link.text_content().split()) == status
        assert link.get("title") == answer.text(f"#line-10000-{name}-error")
    assert status not in marketing.get("/segments/S1").plain()


def test_too_much_text_in_the_header_is_refused_and_not_cut(session, marketing):
    make_segment(session, no="S1", description="Short")
    page = marketing.get("/segments/S1")
    assert not page.has("//form[@id='header']//input[@maxlength]")
    answer = marketing.post("/segments/S1", page.form("#header") | {"description": "x" * 101})
    assert answer.status == 422
    assert "100" in answer.text("#header-description-error")
    assert answer.one("#header-description").get("value") == "x" * 101
    session.expire_all()
    assert session.scalar(select(Segment.description)) == "Short"


def test_a_wrong_date_is_told_in_its_cell(session, marketing):
    make_segment(session, no="S1", contacts=[make_contact(session, no="C1")])
    page = marketing.get("/segments/S1")
    answer = marketing.post("/segments/S1/lines/10000/", page.form("#line-10000-form") | {"date": "the day after"})
    assert answer.status == 422
    assert "the day after" in answer.source


@pytest.mark.parametrize("value", ["x" * 10_000, "\x00", "💥" * 200])
def test_impossible_texts_never_end_in_a_500(session, marketing, value):
    make_segment(session, no="S1", contacts=[make_contact(session, no="C1")])
    page = marketing.get("/segments/S1")
    for name in ("description", "contact", "template", "date", "language", "correspondence_type"):
        answer = marketing.post("/segments/S1/lines/10000/", page.form("#line-10000-form") | {name: value})
        assert answer.status == 422, name
    for name in ("description", "salesperson", "date", "campaign", "template", "unit_cost", "unit_duration"):
        answer = marketing.post("/segments/S1", page.form("#header") | {name: value})
        assert answer.status == 422, name


def test_the_same_field_changed_by_two_people_shows_both_values(session, marketing):
    segment = make_segment(session, no="S1", description="Before", contacts=[make_contact(session, no="C1")])
    page = marketing.get("/segments/S1")
    session.get(Segment, segment.id).description = "Theirs"
    answer = marketing.post("/segments/S1", page.form("#header") | {"description": "Mine"})
    assert answer.status == 409
    assert "Theirs" in answer.source
    assert "Mine" in answer.source
    lines(session)[0].description = "Theirs on the line"
    answer = marketing.post(
        "/segments/S1/lines/10000/", page.form("#line-10000-form") | {"description": "Mine on the line"}
    )
    assert answer.status == 409
    assert "Theirs on the line" in answer.source
    assert "Mine on the line" in answer.source
    assert lines(session)[0].description == "Theirs on the line"


def test_a_header_change_says_what_the_lines_do_and_can_be_kept_from_them(session, marketing):
    make_salesperson(session, "HR", name="Helena Ray")
    make_segment(
        session,
        no="S1",
        description="Before",
        contacts=[make_contact(session, no="C1"), make_contact(session, no="C2")],
    )
    lines(session)[1].description = "Own"
    page = marketing.get("/segments/S1")
    answer = marketing.post("/segments/S1", page.form("#header") | {"description": "After"})
    answer = marketing.follow(answer) if answer.location else answer
    notice = answer.text("#header-notice")
    assert "1 line follows. 1 keeps its own value." in notice
    marketing.submit(answer, "//form[@action='/segments/S1/lines-keep']")
    assert [line.description for line in lines(session)] == ["Before", "Own"]


def test_removed_lines_come_back_with_undo_and_go_back(session, marketing):
    make_segment(session, no="S1", contacts=[make_contact(session, no="C1"), make_contact(session, no="C2")])
    lines(session)[0].comment = "Keep me"
    page = marketing.get("/segments/S1")
    marketing.post("/segments/S1/lines/delete", {**page.form("#bulk"), "sel": ["10000", "20000"]})
    assert lines(session) == []
    page = marketing.get("/segments/S1")
    marketing.submit(page, "//div[@id='actions']//form[@action='/segments/S1/steps/last/delete']")
    assert [line.comment for line in lines(session)] == ["Keep me", ""]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("list.txt", b"C1\nNobody\n"),
        ("list.csv", "\ufeffNo.;Name\r\nC1;Åsa\r\n".encode()),
        ("list.csv", "C1,\u00c5sa\n".encode("utf-16")),
        ("LIST.CSV", b'"C1","a ""quoted"" name"\n'),
    ],
)
def test_a_list_is_uploaded_as_a_step(session, marketing, name, data):
    """What is uploaded is a step that names the file; entries that mean nobody are told."""
    make_segment(session, no="S7")
    make_contact(session, no="C1", name="Åsa")
    page = marketing.get("/segments/S7/paste/")
    answer = marketing.post("/segments/S7/paste/", page.form("#paste-form") | {"file": (io.BytesIO(data), name)})
    assert answer.status in (200, 303)
    added = session.scalars(select(SegmentLine).join(Segment).where(Segment.no == "S7")).all()
    assert [line.contact.no for line in added] == ["C1"]
    assert name in marketing.get("/segments/S7/steps/").text("#step-1")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("book.xlsx", b"PK\x03\x04...", "not a text file"),
        ("photo.txt", b"\x89PNG\x00\x00", "not a text file"),
        ("empty.csv", b"\n", "Paste contact numbers"),
    ],
)
def test_a_file_that_is_no_list_is_told_and_what_was_typed_stays(session, marketing, name, data, said):
    make_segment(session, no="S7")
    make_contact(session, no="C1")
    page = marketing.get("/segments/S7/paste/")
    typed = "C1" if said != "Paste contact numbers" else ""
    values = page.form("#paste-form") | {"pasted": typed, "file": (io.BytesIO(data), name)}
    answer = marketing.post("/segments/S7/paste/", values)
    assert answer.status == 422
    assert said in answer.plain()
    assert answer.text("#pasted").strip() == typed
    assert session.scalar(select(SegmentLine).join(Segment).where(Segment.no == "S7")) is None


def test_pasting_a_column_reports_what_was_found(session, marketing):
    make_contact(session, no="C1", name="One")
    make_contact(session, no="C2", name="Twin")
    make_contact(session, no="C3", name="Twin")
    make_segment(session, no="S1")
    page = marketing.get("/segments/S1/paste/")
    answer = marketing.submit(page, "#paste-form", pasted="C1\nTwin\nNobody\n")
    assert "1 contact was added." in answer.plain()
    assert "Twin: 2 contacts" in answer.plain()
    assert "Nobody" in answer.plain()
    assert len(lines(session)) == 1


def test_many_lines_are_edited_at_once_and_it_can_be_undone(session, marketing):
    template = make_template(session, "BUS")
    make_segment(session, no="S1", template=template, contacts=[make_contact(session, no=f"C{n}") for n in range(3)])
    page = marketing.get("/segments/S1")
    dialog = marketing.post("/segments/S1/lines/bulk", {**page.form("#bulk"), "sel": ["10000", "30000"]})
    assert "Edit 2 lines" in dialog.plain()
    values = dialog.form("#bulk-form") | {"set-description": "Changed"}
    marketing.post("/segments/S1/lines/bulk-update", values)
    assert [line.description for line in lines(session)] == ["Changed", None, "Changed"]


def test_all_matching_lines_are_an_explicit_choice(session, marketing):
    make_segment(session, no="S1", contacts=[make_contact(session, no=f"C{n}", name=f"Name {n}") for n in range(3)])
    page = marketing.get("/segments/S1?q=Name+1")
    dialog = marketing.post("/segments/S1/lines/bulk", {**page.form("#bulk"), "all_matching": "1", "sel": ["20000"]})
    assert "Edit 1 line" in dialog.plain()


def test_a_line_can_be_edited_whole(session, marketing):
    make_segment(session, no="S1", contacts=[make_contact(session, no="C1")])
    form = marketing.get("/segments/S1/lines/10000/")
    answer = marketing.submit(form, "#line-form", comment="Dear all,\nthanks", cost="12.50", evaluation="positive")
    assert answer.status in (200, 303)
    line = lines(session)[0]
    assert (line.comment, line.cost, line.evaluation) == ("Dear all,\nthanks", 1250, "positive")


def test_read_only_people_see_no_controls_and_are_refused(session, browser):
    make_segment(session, no="S1", contacts=[make_contact(session, no="C1")])
    browser.sign_in(make_user(session, role="read_only"))
    page = browser.get("/segments/S1")
    assert not page.has("#newline")
    assert not page.has("//a[contains(@href,'/log/')]")
    assert (
        browser.post(
            "/segments/S1/lines/10000/",
            {"csrf_token": page.one("//meta[@name='csrf-token']").get("content"), "description": "x"},
        ).status
        == 403
    )


def test_the_list_is_searched_sorted_and_narrowed_by_chips(session, browser):
    make_segment(session, no="S1", contacts=[make_contact(session, no=f"C{n}", name=f"Name {n}") for n in range(3)])
    lines(session)[1].description = "Own"
    browser.sign_in(make_user(session))
    assert "Name 1" not in browser.get("/segments/S1?q=Name+2").text("#lines-body")
    assert "Own" in browser.get("/segments/S1?chip=overrides").one("#line-20000-description").get("value")
    assert not browser.get("/segments/S1?chip=overrides").has("#line-10000")
    for sort in ("no", "contact", "company", "template", "description", "type", "language", "date"):
        for sign in ("", "-"):
            assert browser.get(f"/segments/S1?sort={sign}{sort}").status == 200
    assert browser.get("/segments/S1?sort=nonsense&after=%00&before=[1]").status == 200


def test_criteria_lists_the_steps(session, marketing):
    make_contact(session, no="C1", name="One")
    make_segment(session, no="S1")
    page = marketing.get("/segments/S1")
    marketing.post("/segments/S1/lines/", page.form("#newline-form") | {"contact": "C1"})
    assert "Add contacts" in marketing.get("/segments/S1/steps/").text("#steps")


def test_a_logged_segment_is_found_in_logged_segments_only(session, browser):
    browser.sign_in(make_user(session))
    answer = browser.get("/segments/NONE")
    assert answer.status == 404
    assert "There is no segment NONE." in answer.plain()


def test_a_segment_is_deleted_after_saying_what_goes(session, marketing):
    make_segment(session, no="S1", contacts=[make_contact(session, no="C1")])
    page = marketing.get("/segments/S1/delete")
    assert "1 line" in page.plain()
    marketing.submit(page, "#delete-form")
    assert session.scalar(select(Segment)) is None


@pytest.mark.parametrize(("answer", "own"), [("keep", ["Before", "Own"]), ("replace", [None, None])])
def test_the_answer_for_very_many_lines_is_given_in_the_background(
    application, session, marketing, monkeypatch, answer, own
):
    """A2, decisions E: the page of the job shows the progress and leads back to the segment."""
    monkeypatch.setattr(header_job, "IN_BACKGROUND", 1)
    make_segment(session, no="S 1", description="Before", contacts=[make_contact(session) for _ in range(2)])
    lines(session)[1].description = "Own"
    page = marketing.get("/segments/S~201")
    changed = marketing.post("/segments/S~201", page.form("#header") | {"description": "After"})
    if not marketing.htmx:
        changed = marketing.follow(changed)
    queued = marketing.submit(changed, f"//form[contains(@action, '/lines-{answer}')]")
    assert [line.description for line in lines(session)] == [None, "Own"]
    assert "Waiting to begin" in marketing.get(queued.location).plain()
    with application.app_context():
        assert Worker(application).work_once()
    session.expire_all()
    assert [line.description for line in lines(session)] == own
    done = marketing.get(queued.location)
    assert "2/2" in done.text("//progress")
    assert done.one("//a[text()='Open']").get("href") == "/segments/S~201"


def test_a_segment_gets_another_number(session, marketing):
    """R-H01, A8: from the worksheet's actions; the page goes on under the new number."""
    make_segment(session, no="S1")
    make_segment(session, no="S2")
    address = marketing.get("/segments/S1").one("//a[contains(@href, '/number/')]").get("href")
    dialog = marketing.get(address, fragment=marketing.htmx)
    refused = marketing.submit(dialog, "#number-form", no="s2")
    assert refused.status == 422
    assert "already in use" in refused.text("#segment-no-error")
    assert refused.one("#segment-no").get("value") == "S2"
    for wrong in ("", "x" * 10_000, "a\nb"):
        assert marketing.submit(dialog, "#number-form", no=wrong).status == 422
    renamed = marketing.submit(refused, "#number-form", no="Fair/2026")
    assert renamed.location == "/segments/FAIR~2F2026"
    assert "FAIR/2026" in marketing.get(renamed.location).plain()
    assert marketing.get("/segments/S1").status == 404


def emptied(session, marketing):
    """The answer of the action that removes the last line of a segment with two steps, as the visitor goes on."""
    make_segment(session, no="S1")
    make_contact(session, no="C1", name="Nordlys AS")
    page = marketing.get("/segments/S1")
    marketing.post("/segments/S1/lines/", page.form("#newline-form") | {"contact": "C1"})
    page = marketing.get("/segments/S1")
    answer = marketing.post("/segments/S1/lines/delete", {**page.form("#bulk"), "sel": ["10000"]})
    if not marketing.htmx:
        assert answer.location == "/segments/S1/steps/reset"
        return marketing.get(answer.location)
    assert (answer.answer.headers["HX-Retarget"], answer.answer.headers["HX-Reswap"]) == ("#dialog", "innerHTML")
    assert answer.has("#lines")
    return answer


def test_removing_the_last_line_asks_whether_to_start_afresh(session, marketing):
    """Q-05: the action that empties asks; the question says what goes for good."""
    question = emptied(session, marketing)
    assert "the steps and the removed lines go for good. This cannot be undone." in question.plain()
    assert marketing.submit(question, "#reset-form").status in (204, 303)
    assert session.scalars(select(SegmentLine)).all() == []
    assert session.scalars(select(SegmentStep)).all() == []
    assert marketing.get("/segments/S1/steps/reset").location == "/segments/S1"  # nothing to ask any more


def test_without_an_answer_to_the_question_go_back_brings_the_lines_back(session, marketing):
    """Q-05, A3: keeping is doing nothing."""
    question = emptied(session, marketing)
    assert question.one("//form[@id='reset-form']//a[@data-close]").get("href") == "/segments/S1"
    marketing.submit(marketing.get("/segments/S1"), "//form[contains(@action, '/steps/last/delete')]")
    assert len(lines(session)) == 1


def test_removing_the_last_line_of_a_segment_with_one_step_asks_nothing(session, marketing):
    """Q-05: asked with two steps or more."""
    make_segment(session, no="S1", contacts=[make_contact(session, no="C1")])
    page = marketing.get("/segments/S1")
    answer = marketing.post("/segments/S1/lines/delete", {**page.form("#bulk"), "sel": ["10000"]})
    assert not answer.has("#reset-form")
    assert answer.location in ("", "/segments/S1")


def test_a_step_says_whom_it_skipped_and_why(session, marketing, monkeypatch):
    """A3: reachable from the page Criteria, a hundred at a time."""
    monkeypatch.setattr("domain.segments.steps.skip_page.__kwdefaults__", {"after": 0, "size": 2})
    segment = make_segment(session, no="S1")
    make_contact(session, no="C1", name="Blocked", privacy_blocked=True)
    make_contact(session, no="C2", name="Excluded", exclude_from_segment=True)
    make_contact(session, no="C3", name="Also blocked", privacy_blocked=True)
    add_contacts(session, segment, select(Contact.id), options=AddOptions(), by=make_actor())
    session.commit()
    link = marketing.get("/segments/S1/steps/").one("//a[contains(@href, '/skipped')]")
    assert link.text_content() == "3 skipped"
    page = marketing.get(link.get("href"))
    assert len(page.tree.xpath("//table[@id='skipped']/tbody/tr")) == 2
    page = marketing.get(page.one("//a[@rel='next']").get("href"))
    rows = page.tree.xpath("//table[@id='skipped']/tbody/tr")
    assert len(rows) == 1
    assert not page.has("//a[@rel='next']")
    everybody = marketing.get(link.get("href")).plain() + page.plain()
    for text in ("Blocked for privacy", "Excluded from segments", "C1", "C2", "C3"):
        assert text in everybody
    assert marketing.get("/segments/S1/steps/9/skipped").status == 404


def test_the_header_says_when_it_is_not_as_its_template_says(session, marketing):
    """A1: and how to read the template again."""
    template = make_template(session, "BUS")
    make_segment(session, no="S1", template=template)
    page = marketing.get("/segments/S1")
    assert not page.has("#header-template-hint")
    answer = marketing.post("/segments/S1", page.form("#header") | {"unit_duration": "77"})
    if not marketing.htmx:
        answer = marketing.get("/segments/S1")
    assert "Differs from the template" in answer.text("#header-template-hint")
    marketing.submit(marketing.get("/segments/S1"), "//form[contains(@action, '/read-again')]")
    assert not marketing.get("/segments/S1").has("#header-template-hint")


def test_an_emptied_segment_offers_to_start_afresh(session, marketing):
    """Q-05: with more than one step the removed lines may go for good; until then Go back has them."""
    make_segment(session, no="S1")
    make_contact(session, no="C1", name="Nordlys AS")
    page = marketing.get("/segments/S1")
    assert "Delete steps" not in page.plain()
    marketing.post("/segments/S1/lines/", page.form("#newline-form") | {"contact": "C1"})
    page = marketing.get("/segments/S1")
    assert "Delete steps" not in page.plain()
    marketing.post("/segments/S1/lines/delete", {**page.form("#bulk"), "sel": ["10000"]})
    page = marketing.get("/segments/S1")
    assert "Every line has been removed." in page.plain()
    assert marketing.submit(page, "//form[@action='/segments/S1/steps/reset']").status in (200, 204, 303)
    assert session.scalars(select(SegmentLine)).all() == []
    page = marketing.get("/segments/S1")
    assert "This segment has no contacts yet." in page.plain()
