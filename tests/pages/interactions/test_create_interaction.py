"""The page Create interaction: from every starting point, with what is missing, with and without HTMX."""

from __future__ import annotations

import io

import pytest
from docx import Document as WordDocument
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from domain.documents.models import Document
from domain.interactions.draft_models import InteractionDraft
from domain.interactions.entries import comments_of
from domain.interactions.models import InteractionLogEntry
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.documents import make_letter, word_file
from tests.factories.drafts import make_draft
from tests.factories.interaction_templates import make_template
from tests.factories.interactions import make_entry
from tests.factories.setup import make_actor, make_user
from tests.factories.tasks import make_task

FORM = "#interaction-form"
NEW = "/interactions/new"


@pytest.fixture
def lake(session):
    company = make_contact(session, "C1", name="Café du Lac", email="info@lac.example")
    return make_contact(session, "P1", name="Luc Morel", company=company, email="luc@lac.example")


@pytest.fixture
def call(session):
    return make_template(session, "OUT", description="Outgoing call", unit_cost=120, unit_duration=15)


@pytest.fixture
def anna_in(session, anna, signed_in):
    """Anna, a salesperson, signed in."""
    return signed_in("salesperson", salesperson_id=anna.id)


def entries(session):
    session.expire_all()
    return list(session.scalars(select(InteractionLogEntry).order_by(InteractionLogEntry.entry_no)))


def drafts(session):
    session.expire_all()
    return list(session.scalars(select(InteractionDraft).order_by(InteractionDraft.entry_no)))


def errors(page):
    """Field → sentence of everything that is wrong on the page."""
    found = page.tree.xpath("//p[contains(@class, 'f-error')]")
    return {one.get("id").removesuffix("-error"): " ".join(one.text_content().split()) for one in found}


def send(visitor, page, where="", **typed):
    """Sends the form of a page with what was typed, to where a button of the form says."""
    values = {name: value for name, value in (page.form(FORM) | typed).items() if value is not None}
    return visitor.post(where or page.action(FORM), values)


def test_from_a_contact_to_the_log(session, anna_in, lake, call):
    card = anna_in.get("/contacts/P1/")
    link = card.one("//a[@aria-keyshortcuts='Alt+I']").get("href")
    page = anna_in.get(link)
    assert page.text("//h1") == "Create interaction"
    assert "Luc MorelP1 · Café du Lac" in page.text("#contact-field")
    assert page.one("#salesperson").get("value") == "AB · Anna Berg"
    assert (page.one("#date").get("value"), page.one("#time").get("value")) == ("24/11/2026", "10:31")
    answer = send(anna_in, page, template="OUT", comment="They call back.", evaluation="neutral")
    assert answer.location == "/contacts/P1/"
    (entry,) = entries(session)
    assert (entry.contact_no, entry.description, entry.cost, entry.evaluation) == (
        "P1",
        "Outgoing call",
        120,
        "neutral",
    )
    assert [one.text for one in comments_of(session, entry)] == ["They call back."]
    back = anna_in.follow(answer)
    assert f"The interaction {entry.entry_no} with Luc Morel was logged." in back.text("#toasts")
    assert "Outgoing call" in back.text("#history")


def test_without_a_page_to_go_back_to_the_entry_is_shown(session, anna_in, lake, call):
    page = anna_in.get(f"{NEW}?contact=P1")
    answer = send(anna_in, page, template="OUT", back=None)
    assert answer.location == f"/interaction-log/{entries(session)[0].entry_no}"


def test_everything_that_is_missing_is_named_at_once_and_what_was_typed_stays(session, signed_in, lake):
    visitor = signed_in()
    page = visitor.get(NEW)
    answer = send(visitor, page, date="", cost="12x", comment="Keep this", description="")
    assert answer.status == 422
    assert set(errors(answer)) == {"contact", "template", "description", "salesperson", "date", "cost"}
    assert answer.one("#comment").text.strip() == "Keep this"
    assert answer.one("#cost").get("value") == "12x"
    assert entries(session) == []


def test_what_is_missing_goes_on_being_named_until_it_is_there(session, signed_in, lake, call):
    visitor = signed_in()
    answer = send(visitor, visitor.get(NEW), date="")
    followed = send(visitor, answer, "/interactions/form", contact="P1")
    assert set(errors(followed)) == {"template", "description", "salesperson", "date"}
    followed = send(visitor, followed, "/interactions/form", template="OUT", cost="12x")
    assert set(errors(followed)) == {"salesperson", "date", "cost"}
    assert errors(send(visitor, visitor.get(NEW), "/interactions/form", contact="P1")) == {}


def test_the_form_follows_what_is_chosen(session, anna_in, lake):
    letter = make_letter(session)
    make_template(
        session, "BUS", description="Business letter", unit_duration=30, correspondence_type="hard_copy",
        languages={"ENG": ("Our offer", letter)}, wizard_action="open",
    )  # fmt: skip
    make_draft(session, lake, by=make_actor())
    page = anna_in.get(NEW)
    answer = send(anna_in, page, "/interactions/form", contact="Luc Morel", template="bus", comment="So far")
    assert answer.status == 200
    assert answer.is_page is not anna_in.htmx
    for field, shown in (("description", "Business letter"), ("duration", "30"), ("subject", "Our offer")):
        assert answer.one(f"#{field}").get("placeholder") == shown
        assert answer.one(f"#{field}").get("value") == ""
    assert "Inherited: Hard copy" in answer.text("#correspondence_type")
    assert "Inherited: The document of the template" in answer.text("#document_choice")
    assert "Read the letter before you finish." in answer.text("//section[@aria-labelledby='content-title']")
    assert "P1 · Café du Lac" in answer.text("#contact-field")
    assert "An interaction with this contact waits to be finished." in answer.text("#waiting")
    assert answer.one("#comment").text.strip() == "So far"
    wrong = send(anna_in, answer, "/interactions/form", template="XYZ")
    assert wrong.status == 422
    assert errors(wrong)["template"] == "There is no interaction template XYZ."


def test_r_l10_another_template_clears_what_was_typed_for_the_former(session, anna_in, lake, call):
    make_template(session, "IN", description="Incoming call", unit_cost=0, unit_duration=5)
    page = anna_in.get(f"{NEW}?contact=P1")
    first = send(
        anna_in, page, "/interactions/form", template="OUT", description="About paper", cost="9", comment="So far"
    )
    assert first.one("#cost").get("value") == "9.00"
    same = send(anna_in, first, "/interactions/form", template="out · Outgoing call")
    assert same.one("#description").get("value") == "About paper"
    other = send(anna_in, first, "/interactions/form", template="IN", duration="abc")
    assert other.status == 200
    for field, shown in (("description", "Incoming call"), ("cost", "0.00"), ("duration", "5")):
        assert (other.one(f"#{field}").get("value"), other.one(f"#{field}").get("placeholder")) == ("", shown)
    assert other.one("#comment").text.strip() == "So far"


def test_a_name_that_several_contacts_have_means_the_one_that_was_shown(session, anna_in, call):
    for no in ("C7", "C8"):
        make_contact(session, no, name="Twice AG")
    page = anna_in.get(NEW)
    answer = send(anna_in, page, template="OUT", contact="Twice AG")
    assert "There are 2 contacts named Twice AG." in errors(answer)["contact"]
    shown = send(anna_in, page, "/interactions/form", template="OUT", contact="C8")
    assert shown.one("#contact").get("value") == "Twice AG"
    assert send(anna_in, shown).location
    assert entries(session)[0].contact_no == "C8"


def test_a_forged_contact_on_a_fixed_form_is_refused(session, anna_in, lake, call):
    make_contact(session, "C9", name="Somebody else")
    page = anna_in.get(f"{NEW}?contact=P1")
    assert not page.has("//input[@name='contact']")
    answer = send(anna_in, page, template="OUT", contact="C9")
    assert answer.status == 422
    assert "This form is for somebody or something else." in answer.plain()
    other = anna_in.get(f"{NEW}?contact=C9").form(FORM)["start"]
    for start in ("", "made up", other[:-3] + "xyz"):
        assert send(anna_in, page, template="OUT", start=start).status == 422
    assert entries(session) == []


def test_a_forged_own_document_is_refused(session, anna_in, lake, call):
    page = anna_in.get(f"{NEW}?contact=P1")
    assert send(anna_in, page, template="OUT", own_document="1", document_choice="own").status == 422
    assert entries(session) == []


def test_a_blocked_contact_is_refused_where_it_begins_and_inside_the_form(session, anna_in, call):
    make_contact(session, "C5", name="Blocked AG", privacy_blocked=True)
    assert anna_in.get(f"{NEW}?contact=C5").status == 422
    assert not anna_in.get("/contacts/C5/").has("//a[@aria-keyshortcuts='Alt+I']")
    answer = send(anna_in, anna_in.get(NEW), template="OUT", contact="C5")
    assert "blocked for privacy" in errors(answer)["contact"]
    assert entries(session) == []


@pytest.mark.parametrize(
    ("query", "fixed", "free"),
    [
        ("salesperson=AB", {"salesperson": "AB · Anna Berg"}, {"contact"}),
        ("campaign=SPRING", {"campaign": "SPRING · Spring"}, {"contact", "salesperson"}),
        ("company=C1", {}, {"contact", "salesperson", "campaign"}),
        ("contact=P1&campaign=SPRING&fixed=contact", {"contact": "Luc Morel"}, {"campaign"}),
    ],
)
def test_6_1_what_the_starting_point_fixes(session, signed_in, anna, lake, call, query, fixed, free):
    make_campaign(session, "SPRING", description="Spring")
    visitor = signed_in()
    page = visitor.get(f"{NEW}?{query}")
    for field, text in fixed.items():
        assert text in page.text(f"#{field}-field")
        assert not page.has(f"//*[@name='{field}']")
    assert all(page.has(f"//*[@name='{field}']") for field in free)
    answer = send(visitor, page, **{name: value for name, value in {"contact": "P1", "salesperson": "AB", "template": "OUT"}.items() if name not in fixed})  # fmt: skip
    assert answer.location, errors(answer)
    (entry,) = entries(session)
    assert entry.contact_no == "P1"
    assert (entry.campaign.no if entry.campaign else "") == ("SPRING" if "SPRING" in query else "")


def test_6_1_the_filters_of_the_log_are_where_it_begins(session, signed_in, anna, lake):
    make_campaign(session, "SPRING")
    visitor = signed_in()
    for query, wanted in (
        ("contact=P1&salesperson=AB", "contact=P1&salesperson=AB"),
        ("contact=C1&campaign=SPRING", "campaign=SPRING&company=C1"),
        ("evaluation=neutral", ""),
    ):
        page = visitor.get(f"/interaction-log/?{query}")
        link = page.one("//a[@aria-keyshortcuts='Alt+I']").get("href")
        begin = link.partition("?")[2].partition("back=")[0].strip("&")
        assert "&".join(sorted(begin.split("&"))) == wanted
        assert visitor.get(link).status == 200


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("f.contact_no=P1&f.salesperson=ab", "contact=P1&salesperson=AB"),
        ("f.company_no=C1&f.campaign=SPRING", "campaign=SPRING&company=C1"),
        ("contact=Luc Morel", "contact=P1"),
        ("contact=Café du Lac", "company=C1"),
        ("company=P1", ""),
        ("f.salesperson=A*&f.contact_no=P1|C1&f.campaign=<>SPRING", ""),
        ("f.contact_no=P1&f.date=nonsense", ""),
        ("f.contact_no=P1&salesperson=nobody", ""),
        ("task=TD1", "task=TD1"),
    ],
)
def test_6_1_filters_by_expression_with_one_value_count_too(session, signed_in, anna, lake, query, wanted):
    make_campaign(session, "SPRING")
    make_task(session, "TD1", lake)
    visitor = signed_in()
    page = visitor.get(f"/interaction-log/?{query}&lang=en_GB")
    link = page.one("//a[@aria-keyshortcuts='Alt+I']").get("href")
    begin = link.partition("?")[2].partition("back=")[0].strip("&")
    assert "&".join(sorted(begin.split("&"))) == wanted
    assert visitor.get(link).status == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("contact=C1", "There is no contact C1."),
        ("company=C1", "There is no contact C1."),
        ("salesperson=A", "There is no salesperson A."),
        ("campaign=SPR", "There is no campaign SPR."),
        ("task=TD9", "There is no task TD9."),
        ("contact=%00", "There is no contact"),
        ("company=P10", "There is no company P10."),
    ],
)
def test_a_link_to_what_is_gone_never_leads_to_something_similar(session, anna_in, query, said):
    make_contact(session, "P10", name="Luc Morel", company=make_contact(session, "C9"))
    make_contact(session, "C10", name="C1 AG")
    make_campaign(session, "SPRING")
    answer = anna_in.get(f"{NEW}?{query}")
    assert answer.status == 404
    assert said in answer.plain()


def test_it_begins_on_every_page_that_knows_what_it_is_about(session, signed_in, anna, lake):
    campaign = make_campaign(session, "SPRING")
    entry = make_entry(session, lake, campaign_id=campaign.id)
    visitor = signed_in()
    pages = {
        "/": "", "/contacts/P1/": "contact=P1", "/campaigns/SPRING": "campaign=SPRING",
        "/setup/salespeople/AB": "salesperson=AB", f"/interaction-log/{entry.entry_no}": "contact=P1&campaign=SPRING&fixed=contact",
        "/postponed-interactions/": "",
    }  # fmt: skip
    for url, wanted in pages.items():
        page = visitor.get(url)
        page = visitor.follow(page) if page.location else page
        link = page.one("//a[@aria-keyshortcuts='Alt+I']").get("href")
        assert wanted in link, url
        assert visitor.get(link).status == 200, url


def test_who_may_only_read_sees_no_way_in(session, signed_in, lake):
    visitor = signed_in("read_only")
    for url in ("/", "/contacts/P1/", "/interaction-log/", "/postponed-interactions/"):
        assert not visitor.get(url).has("//a[@aria-keyshortcuts='Alt+I']")
    assert visitor.get(NEW).status == 403


def test_a_date_far_away_is_asked_about_once(session, anna_in, lake, call):
    page = anna_in.get(f"{NEW}?contact=P1")
    answer = send(anna_in, page, template="OUT", date="01/02/1999")
    assert answer.status == 422
    assert errors(answer)["date"] == "This date lies far in the past. Finish again if it is right."
    assert send(anna_in, answer, date="01/02/1998").status == 422
    assert entries(session) == []
    assert send(anna_in, answer).location
    assert str(entries(session)[0].date) == "1999-02-01"


def upload(visitor, page, data, name, where="", **typed):
    values = page.form(FORM) | typed | {"document": FileStorage(io.BytesIO(data), name)}
    boundary, body = encode_multipart(MultiDict(values))
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return visitor.post(where or page.action(FORM), body, headers=headers)


def test_an_own_document_stays_when_something_else_is_missing(session, anna_in, lake, call):
    page = anna_in.get(f"{NEW}?contact=P1")
    answer = upload(anna_in, page, word_file("Dear {{ contact.name }}"), "Offer.docx")
    assert set(errors(answer)) == {"template", "description"}
    assert "Uploaded: Offer.docx" in answer.text("#document-field")
    assert send(anna_in, answer, template="OUT").location
    (entry,) = entries(session)
    assert entry.document.file_name == "Offer.docx"
    letter = anna_in.get(f"/interaction-log/{entry.entry_no}/letter")
    assert [p.text for p in WordDocument(io.BytesIO(letter.data)).paragraphs] == ["Dear Luc Morel"]


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"MZ", "virus.exe", "Files of this kind cannot be used."),
        (b"", "empty.pdf", "is empty"),
        (b"%PDF-" + b"x" * 10 * 1024 * 1024, "large.pdf", "larger than 10 MB"),
        (b"no zip", "broken.docx", "Word"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_at_its_field(session, anna_in, lake, call, data, name, said):
    page = anna_in.get(f"{NEW}?contact=P1")
    answer = upload(anna_in, page, data, name, template="OUT", comment="Keep this")
    assert answer.status == 422
    assert said in errors(answer)["document"]
    assert answer.one("#comment").text.strip() == "Keep this"
    assert entries(session) == []
    assert session.scalar(select(func.count()).select_from(Document)) == 0


def test_fifty_megabytes_are_told_at_their_field_and_more_than_a_form_may_hold_is_refused(session, anna_in, lake, call):
    page = anna_in.get(f"{NEW}?contact=P1")
    answer = upload(anna_in, page, b"x" * 50 * 1024 * 1024, "huge.pdf", template="OUT", comment="Keep this")
    assert answer.status == 422
    assert errors(answer) == {"document": "The file is larger than 10 MB."}
    assert answer.one("#comment").text.strip() == "Keep this"
    answer = upload(anna_in, page, b"x" * 65 * 1024 * 1024, "huge.pdf", template="OUT")
    assert answer.status == 413
    assert "The file is too large." in answer.plain()
    assert entries(session) == []


def test_what_a_template_asks_for_and_is_not_there_is_told_at_its_field(session, anna_in, lake):
    silent = make_contact(session, "C2", name="Silent AG", email="")
    make_template(session, "BUS", correspondence_type="email", ignore_contact_type=True, wizard_action="open")
    make_template(session, "MAIL", correspondence_type="email", ignore_contact_type=True)
    page = anna_in.get(f"{NEW}?contact={silent.no}")
    answer = send(anna_in, page, template="BUS", comment="Keep this")
    assert answer.status == 422
    found = errors(answer)
    assert set(found) == {"document", "correspondence_type"}
    assert found["document"].startswith("The interaction template BUS asks for a document and has none")
    assert found["correspondence_type"].startswith("Contact C2 has no e-mail address.")
    assert answer.one("#comment").text.strip() == "Keep this"
    assert errors(send(anna_in, page, template="MAIL"))["document"].startswith("An e-mail needs a document")
    assert entries(session) == []
    assert send(anna_in, answer, template="MAIL", correspondence_type="hard_copy").location
    assert entries(session)[0].correspondence_type == "hard_copy"


def test_e_t03_a_file_that_cannot_be_merged_is_named_when_it_is_to_be_printed(session, anna_in, lake, call):
    page = anna_in.get(f"{NEW}?contact=P1")
    answer = upload(anna_in, page, b"%PDF-1.7 scan", "scan.pdf", correspondence_type="hard_copy")
    said = "scan.pdf is not a Word document. Print it yourself."
    assert said in answer.text("#document_choice-field")
    mailed = send(anna_in, answer, "/interactions/form", correspondence_type="email")
    assert said not in mailed.text("#document_choice-field")
    assert send(anna_in, answer, template="OUT").location


def test_a_comment_that_is_too_long_is_told(session, anna_in, lake, call):
    page = anna_in.get(f"{NEW}?contact=P1")
    answer = send(anna_in, page, template="OUT", comment="x" * 4001)
    assert errors(answer)["comment"] == "Use at most 4000 characters."
    assert len(answer.one("#comment").text.strip()) == 4001


def test_the_letter_can_be_read_before_finishing(session, anna_in, lake):
    make_template(session, "BUS", languages={"ENG": make_letter(session, "To {{ contact.name }}: {{ comment }}")})
    page = anna_in.get(f"{NEW}?contact=P1")
    letter = send(anna_in, page, "/interactions/letter", template="BUS", personal_comment="soon")
    assert [p.text for p in WordDocument(io.BytesIO(letter.data)).paragraphs] == ["To Luc Morel: soon"]
    assert entries(session) == drafts(session) == []
    assert send(anna_in, page, "/interactions/letter").status == 404


def test_finish_later_pressed_twice_makes_one_that_waits(session, anna_in, lake):
    page = anna_in.get(f"{NEW}?contact=P1")
    for comment in ("Half", "All of it"):
        assert send(anna_in, page, "/interactions/postpone", comment=comment).location
    assert [one.comment for one in drafts(session)] == ["All of it"]


def test_the_same_form_sent_twice_makes_one_entry(session, anna_in, lake, call):
    page = anna_in.get(f"{NEW}?contact=P1")
    first, second = (send(anna_in, page, template="OUT") for _ in range(2))
    assert first.location == second.location
    assert len(entries(session)) == 1


def test_every_text_is_in_the_readers_language(session, browser, lake):
    browser.sign_in(make_user(session, locale="fr_CH"))
    page = browser.get(f"{NEW}?contact=P1")
    assert page.text("//h1") == "Créer une interaction"
    assert "Terminer" in page.text("#finish-bar")
