"""The pages of the setup: lists, cards, the two single rows; who may look and who may change."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.contacts.models import Salutation
from domain.contacts.starting_salutations import create_salutations
from domain.setup.models import CompanyInformation, Country, Language, MarketingSetup, NumberSeries, Salesperson
from domain.setup.start import create_office
from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.setup import make_actor, make_salesperson, make_user
from tests.factories.tasks import make_task

LONG = "x" * 10_000


@pytest.fixture
def office(session):
    create_office(
        session, name="Nordlys AS", currency="EUR", time_zone="Europe/Oslo", country_code="NO", by=make_actor()
    )
    create_salutations(session, by=make_actor())
    make_salesperson(session, "AB", name="Anna Berg", email="anna@example.org")
    session.commit()


@pytest.fixture
def administrator(session, visitor, office):
    return visitor.sign_in(make_user(session))


def done(answer):
    assert answer.status in (204, 303), answer.plain()[:2000]
    return answer


LISTS = [
    ("/setup/salespeople/", "Salespeople", "Anna Berg"),
    ("/setup/languages/", "Languages", "fr-CH"),
    ("/setup/countries/", "Countries/regions", "Algeria"),
    ("/setup/number-series/", "Number series", "SM00001"),
    ("/setup/salutations/", "Salutations", "UNISEX"),
]


def test_the_setup_page_leads_to_everything_with_counts(session, browser, office):
    browser.sign_in(make_user(session))
    page = browser.get("/setup/")
    assert page.text("//h1") == "Setup"
    for title, text in [
        ("Users", "1 user"),
        ("Salespeople", "1 salesperson"),
        ("Languages", "14 languages"),
        ("Number series", "4 series"),
        ("Salutations", "4 salutations"),
        ("Company information", "Nordlys AS"),
    ]:
        link = page.one(f"//a[.//b[text()='{title}']]")
        assert text in link.text_content()
        assert browser.get(link.get("href")).status == 200


def test_users_are_no_business_of_others(session, browser, office):
    browser.sign_in(make_user(session, role="marketing"))
    assert not browser.get("/setup/").has("//a[.//b[text()='Users']]")


@pytest.mark.parametrize(("url", "title", "content"), LISTS)
def test_everybody_may_look_at_the_lists_but_only_administrators_get_buttons(
    session, browser, office, url, title, content
):
    browser.sign_in(make_user(session, role="read_only"))
    page = browser.get(url)
    assert page.text("//h1") == title
    assert content in page.plain()
    assert not page.has("//a[contains(@href, '/new')]")
    assert browser.get(f"{url}new").status == 403
    card = browser.get(page.one("//table//a[@class='row-link']").get("href"))
    assert card.has("//fieldset[@disabled]")
    assert not card.has("//button[text()='Save'] | //a[contains(@href, '/delete')]")
    browser.sign_in(make_user(session))
    assert browser.get(url).has("//a[contains(@href, '/new')]")


@pytest.mark.parametrize(
    ("url", "words", "expected"),
    [
        ("/setup/salespeople/", "berg", ["AB"]),
        ("/setup/languages/", "suisse", []),
        ("/setup/languages/", "swiss", []),
        ("/setup/languages/", "switz", ["DES", "FRS"]),
        ("/setup/countries/", "SUISSE", ["CH"]),
        ("/setup/countries/", "schw", ["CH", "SE"]),
        ("/setup/number-series/", "segm", ["SEGM"]),
        ("/setup/salutations/", "%", []),
    ],
)
def test_lists_are_searched(session, visitor, office, url, words, expected):
    visitor.sign_in(make_user(session))
    page = visitor.get(f"{url}?q={words.replace('%', '%25')}", fragment=visitor.htmx)
    codes = [link.text for link in page.tree.xpath("//a[@class='row-link']")]
    assert sorted(codes) == expected
    if not expected:
        assert "Nothing matches the search." in page.plain()


def test_lists_are_sorted_and_paged(session, browser, office):
    browser.sign_in(make_user(session))
    page = browser.get("/setup/countries/?sort=-name")
    names = page.tree.xpath("//td[contains(@class,'sub')]/text()")
    assert len(names) == 100
    assert names[0] == "Zimbabwe"
    assert page.one("//th[@aria-sort='descending']").text_content() == "Name"
    second = browser.get(page.one("//a[@rel='next']").get("href"))
    assert "101–200 of" in second.plain()
    assert second.tree.xpath("//td[contains(@class,'sub')]/text()")[0] < names[-1]
    for wrong in ("page=0", "page=-1", "page=99999", "page=x", "sort=nothing", "sort=-", "q=%00", f"q={LONG[:3000]}"):
        assert browser.get(f"/setup/countries/?{wrong}").status == 200


CARDS = [
    (
        "/setup/salespeople/",
        Salesperson,
        {"code": "cd", "name": "Carl Dahl", "email": "carl@example.org"},
        {"name": "Carl Ek", "blocked": "1"},
        {"code": "", "name": LONG, "email": "nobody", "phone": "a\x00b"},
    ),
    (
        "/setup/languages/",
        Language,
        {"code": "plk", "name": "Polish", "locale": "pl_pl"},
        {"name": "Polski"},
        {"code": LONG, "locale": "klingon", "name": "a\x00b"},
    ),
    (
        "/setup/countries/",
        Country,
        {"code": "SCO", "name": "Scotland", "iso_code": "gb", "address_format": "city_post_code"},
        {"name": "Alba", "iso_code": ""},
        {"code": "CH", "name": "", "iso_code": "4", "address_format": "sideways"},
    ),
    (
        "/setup/number-series/",
        NumberSeries,
        {"code": "own", "description": "Our own", "automatic": "1", "manual": "1"},
        {"description": "Ours"},
        {"code": "SEGM", "description": LONG},
    ),
]


@pytest.mark.parametrize(("url", "table", "values", "changes", "wrong"), CARDS)
def test_a_card_is_made_changed_and_deleted(session, visitor, administrator, url, table, values, changes, wrong):
    new = visitor.get(f"{url}new")
    done(visitor.submit(new, "#card-form", **values))
    code = values["code"].upper()
    thing = session.scalars(select(table).where(table.code == code)).one()
    card = visitor.get(f"{url}{code}/")
    assert "was created" in card.plain() or "was created" in visitor.get("/setup/").plain()
    done(visitor.submit(card, "#card-form", **changes))
    session.refresh(thing)
    for name, value in changes.items():
        assert getattr(thing, name) == (True if value == "1" else value)
    question = visitor.get(f"{url}{code}/delete", fragment=visitor.htmx)
    done(visitor.submit(question, f"//form[@action='{url}{code}/delete']"))
    assert session.scalar(select(table).where(table.code == code)) is None
    assert visitor.get(f"{url}{code}/").status == 404


@pytest.mark.parametrize(("url", "table", "values", "changes", "wrong"), CARDS)
def test_wrong_input_keeps_what_was_typed_and_names_the_field(
    session, visitor, administrator, url, table, values, changes, wrong
):
    answer = visitor.submit(visitor.get(f"{url}new"), "#card-form", **(values | wrong))
    assert answer.status == 422
    assert answer.tree.xpath("//*[@class='f-error']")
    for name, value in wrong.items():
        if "\x00" not in value and name not in ("address_format",):
            shown = answer.one(f"//*[@id='{name}']").get("value")
            assert shown in (value, value.upper())
    assert session.scalar(select(table).where(table.code == values["code"].upper())) is None
    one = session.scalars(select(table).order_by(table.id)).first()
    code = one.code
    stored = visitor.submit(visitor.get(f"{url}{code}/"), "#card-form", **({"code": "ZZZ"} | wrong))
    assert stored.status == 422
    session.refresh(one)
    assert one.code == code


def test_the_same_field_changed_by_two_is_a_conflict_and_another_field_is_not(session, visitor, administrator):
    page = visitor.get("/setup/salespeople/AB/")
    anna = session.scalars(select(Salesperson).where(Salesperson.code == "AB")).one()
    anna.name, anna.phone = "Anna Ek", "123"
    answer = visitor.submit(page, "#card-form", name="Anna Dahl", job_title="Owner")
    assert answer.status == 409
    assert "Anna Ek" in answer.text("#name-error")
    assert answer.one("#name").get("value") == "Anna Dahl"
    done(visitor.submit(answer, "#card-form"))
    session.refresh(anna)
    assert (anna.name, anna.job_title, anna.phone) == ("Anna Dahl", "Owner", "123")


@pytest.mark.parametrize(
    ("table", "code", "url", "field"),
    [
        (Salesperson, "AB", "/setup/salespeople/AB/", "name"),
        (Country, "SE", "/setup/countries/SE/", "name"),
        (Language, "SVE", "/setup/languages/SVE/", "name"),
        (NumberSeries, "SEGM", "/setup/number-series/SEGM/", "description"),
        (Salutation, "UNISEX", "/setup/salutations/UNISEX/", "description"),
    ],
)
def test_every_card_shows_mine_and_theirs(session, visitor, administrator, table, code, url, field):
    """B26: 409, what was typed stays in the field, what is stored stands beside it, saving again uses mine."""
    page = visitor.get(url)
    row = session.scalars(select(table).where(table.code == code)).one()
    setattr(row, field, "Theirs")
    session.commit()
    answer = visitor.submit(page, "#card-form", **{field: "Mine"})
    assert answer.status == 409
    assert "Theirs" in answer.text(f"#{field}-error")
    assert answer.one(f"#{field}").get("value") == "Mine"
    done(visitor.submit(answer, "#card-form"))
    session.refresh(row)
    assert getattr(row, field) == "Mine"


def test_a_thing_deleted_meanwhile_is_not_found(session, visitor, administrator):
    page = visitor.get("/setup/salespeople/AB/")
    session.delete(session.scalars(select(Salesperson).where(Salesperson.code == "AB")).one())
    assert visitor.submit(page, "#card-form", name="X").status == 404


def test_deleting_what_is_used_says_why_before_and_after(session, visitor, administrator):
    question = visitor.get("/setup/number-series/SEGM/delete", fragment=visitor.htmx)
    assert "SEGM is used in Marketing setup" in question.plain()
    assert not question.has("//form[contains(@action,'delete')]")
    form = visitor.get("/setup/number-series/SEGM/").form("#card-form")
    answer = visitor.post("/setup/number-series/SEGM/delete", form)
    assert answer.status == 422
    assert "SEGM is used in Marketing setup" in answer.plain()


def test_changes_need_the_right(session, visitor, office):
    visitor.sign_in(make_user(session))
    form = visitor.get("/setup/salespeople/AB/").form("#card-form")
    visitor.sign_in(make_user(session, role="marketing"))
    token = {"csrf_token": form["csrf_token"]}
    for url in (
        "/setup/salespeople/", "/setup/salespeople/AB/", "/setup/salespeople/AB/delete", "/setup/languages/ENG/",
        "/setup/countries/", "/setup/number-series/SEGM/lines/", "/setup/salutations/F/formulas/",
        "/setup/marketing/", "/setup/company/",
    ):  # fmt: skip
        assert visitor.post(url, form | token).status == 403


def test_ranges_of_a_series_are_added_changed_and_removed(session, visitor, administrator):
    dialog = visitor.get("/setup/number-series/SEGM/lines/new", fragment=visitor.htmx)
    form = "//form[@action='/setup/number-series/SEGM/lines/']"
    answer = visitor.submit(dialog, form, starting_no="ABC", increment="0", starting_date="someday")
    assert answer.status == 422
    assert answer.one("#starting_date").get("value") == "someday"
    assert "is not a date" in answer.text("#starting_date-error")
    answer = visitor.submit(dialog, form, starting_no="27-001", ending_no="26-1", starting_date="1.1.27")
    assert answer.status == 422
    assert "does not look like" in answer.text("#ending_no-error")
    answer = visitor.submit(answer, form, ending_no="27-999")
    assert answer.status in (200, 303)
    series = session.scalars(select(NumberSeries).where(NumberSeries.code == "SEGM")).one()
    first, second = series.lines
    assert (second.starting_no, second.ending_no, second.starting_date.isoformat()) == (
        "27-001",
        "27-999",
        "2027-01-01",
    )
    page = visitor.get("/setup/number-series/SEGM/")
    assert "01/01/2027" in page.plain()
    url = f"/setup/number-series/SEGM/lines/{second.id}/"
    answer = visitor.submit(visitor.get(url, fragment=visitor.htmx), f"//form[@action='{url}']", warning_no="27-900")
    assert answer.status in (200, 303)
    session.refresh(second)
    assert (second.warning_no, second.starting_date.isoformat()) == ("27-900", "2027-01-01")
    assert page.has(f"//a[@href='{url}delete']")
    answer = visitor.submit(visitor.get(f"{url}delete", fragment=visitor.htmx), f"//form[@action='{url}delete']")
    assert answer.status in (200, 303)
    session.refresh(series)
    assert series.lines == [first]
    assert visitor.get(url).status == 404


def test_formulas_are_added_with_a_preview_changed_and_removed(session, visitor, administrator):
    page = visitor.get("/setup/salutations/F/")
    assert "Dear Ms Berg," in page.plain()
    assert "Sehr geehrte Frau Berg" in page.plain()
    dialog = visitor.get("/setup/salutations/F/formulas/new", fragment=visitor.htmx)
    form = "//form[@action='/setup/salutations/F/formulas/']"
    answer = visitor.submit(dialog, form, text="Kære %1,", name_1="")
    assert answer.status == 422
    assert "stands for" in answer.text("#name_1-error")
    danish = session.scalars(select(Language).where(Language.code == "DAN")).one()
    answer = visitor.submit(answer, form, language_id=str(danish.id), name_1="first_name", name_2="")
    assert answer.status in (200, 303)
    page = visitor.get("/setup/salutations/F/")
    assert "Kære Anna," in page.plain()
    row = page.one("//tr[td[contains(., 'Kære Anna')]]")
    url = row.xpath(".//a[@class='row-link']/@href")[0]
    answer = visitor.submit(visitor.get(url, fragment=visitor.htmx), f"//form[@action='{url}']", text="Hej %1,")
    assert answer.status in (200, 303)
    page = visitor.get("/setup/salutations/F/?sample_first_name=Mette")
    assert "Hej Mette," in page.plain()
    assert page.has(f"//a[@href='{url}delete']")
    question = visitor.get(f"{url}delete", fragment=visitor.htmx)
    assert "Remove the formula “Hej %1,”?" in question.plain()
    answer = visitor.submit(question, f"//form[@action='{url}delete']")
    assert answer.status in (200, 303)
    assert "Hej Mette," not in visitor.get("/setup/salutations/F/?sample_first_name=Mette").plain()


def test_the_preview_follows_the_typing(session, browser, office):
    browser.sign_in(make_user(session))
    url = "/setup/salutations/F/formulas/preview?text=Dear+%251+%252,&name_1=first_name&name_2=surname"
    assert "Dear Anna Berg," in browser.get(url, fragment=True).plain()
    assert "Dear Mette Berg," in browser.get(f"{url}&sample_first_name=Mette", fragment=True).plain()
    assert browser.get("/setup/salutations/F/formulas/preview?text=%00%25&name_1=password", fragment=True).status == 200
    rows = browser.get("/setup/salutations/F/formulas/?sample_surname=Lund", fragment=True)
    assert "Dear Ms Lund," in rows.plain()


def test_marketing_setup_is_changed(session, visitor, administrator):
    page = visitor.get("/setup/marketing/")
    assert page.has("//*[@id='inherit_address'][@checked]")
    answer = visitor.submit(page, "#marketing-form", letters_per_file="many", default_correspondence_type="fax")
    assert answer.status == 422
    assert "is not a whole number" in answer.text("#letters_per_file-error")
    answer = visitor.submit(page, "#marketing-form", letters_per_file="250", default_correspondence_type="fax")
    assert "Fax is switched off" in answer.text("#default_correspondence_type-error")
    anna = session.scalars(select(Salesperson)).one()
    done(
        visitor.submit(
            answer,
            "#marketing-form",
            fax_enabled="1",
            inherit_address=None,
            default_salesperson_id=str(anna.id),
            task_series_id="",
        )
    )
    setup = session.get(MarketingSetup, 1)
    session.refresh(setup)
    assert (setup.letters_per_file, setup.default_correspondence_type, setup.inherit_address) == (250, "fax", False)
    assert (setup.default_salesperson_id, setup.task_series_id, setup.inherit_country) == (anna.id, None, True)


def test_company_information_is_changed(session, visitor, administrator):
    page = visitor.get("/setup/company/")
    assert page.one("#name").get("value") == "Nordlys AS"
    assert "EUR" in page.plain()
    answer = visitor.submit(page, "#company-form", name=" ", address=LONG, email="x")
    assert answer.status == 422
    assert answer.one("#address").get("value") == LONG
    sweden = session.scalars(select(Country).where(Country.code == "SE")).one()
    values = {"name": "Söderlys AB", "country_id": str(sweden.id), "time_zone": "Europe/Stockholm", "iban": "SE35"}
    done(visitor.submit(page, "#company-form", **values))
    office = session.get(CompanyInformation, 1)
    session.refresh(office)
    assert (office.name, office.country_id, office.time_zone, office.iban) == (
        "Söderlys AB", sweden.id, "Europe/Stockholm", "SE35"
    )  # fmt: skip
    assert (office.currency, office.version) == ("EUR", 2)


@pytest.mark.parametrize(
    "url", ["/setup/salespeople/a~00b/", "/setup/languages/%00/", "/setup/salutations/" + "x" * 3000 + "/"]
)
def test_odd_addresses_are_not_found(session, browser, office, url):
    browser.sign_in(make_user(session))
    assert browser.get(url).status == 404


def test_a_thing_in_use_says_everything_that_uses_it(session, administrator):
    anna = session.scalars(select(Salesperson)).one()
    for _ in range(2):
        make_contact(session, salesperson_id=anna.id)
    make_campaign(session, "CP1", salesperson_id=anna.id)
    make_task(session, salesperson_id=anna.id)
    question = administrator.get("/setup/salespeople/AB/delete", fragment=administrator.htmx)
    for reason in ("2 contacts", "1 campaign", "1 open task"):
        assert reason in question.plain()
    assert not question.has("//form[contains(@action,'delete')]")
