"""Creating contacts (contacts.md 1.1, 2.1 A and C, 2.10, 2.11)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.contacts.create import create_contact
from domain.contacts.models import ContactEmail
from domain.errors import Forbidden, RuleViolation
from tests.factories.contacts import make_contact, make_country, make_salutation, make_setup
from tests.factories.setup import NOW, make_actor, make_language, make_salesperson


@pytest.fixture
def setup(session):
    return make_setup(session)


def create(session, by=None, **values):
    return create_contact(session, values=values, by=by or make_actor())


def test_a_company_gets_the_next_number_and_belongs_to_itself(session, setup):
    one, two = create(session, name="Nordlys AS"), create(session, name="Acme")
    assert (one.no, two.no) == ("CT000001", "CT000002")
    assert one.number_series_id == setup.contact_series_id
    assert (one.type, one.company_id, one.company_name) == ("company", one.id, "Nordlys AS")
    assert (one.search_name, one.created_at, one.modified_at, one.modified_by) == ("NORDLYS AS", NOW, NOW, "Tester")


def test_numbers_that_were_typed_before_are_skipped(session, setup):
    make_contact(session, no="CT000001")
    make_contact(session, no="CT000002")
    assert create(session, name="Acme").no == "CT000003"


def test_a_number_may_be_typed(session, setup):
    contact = create(session, name="Acme", no=" acme-1 ")
    assert (contact.no, contact.number_series_id) == ("ACME-1", None)
    with pytest.raises(RuleViolation, match="ACME-1 is already in use") as refused:
        create(session, name="Other", no="acme-1")
    assert refused.value.field == "no"


def test_a_name_is_needed(session, setup):
    with pytest.raises(RuleViolation, match="A contact needs a name") as refused:
        create(session, name="  ")
    assert refused.value.field == "name"


def test_the_name_of_a_person_is_split_and_the_parts_make_a_name(session, setup):
    """SAL-007."""
    typed = create(session, type="person", name="X Y Z")
    assert (typed.first_name, typed.middle_name, typed.surname) == ("X", "Y", "Z")
    built = create(session, type="person", first_name="Anna Maria", surname="von Berg", name="ignored")
    assert (built.name, built.first_name, built.surname) == ("Anna Maria von Berg", "Anna Maria", "von Berg")


def test_what_only_persons_have_is_not_kept_for_a_company(session, setup):
    company = create(session, name="Acme", job_title="Boss", vat_no="SE1")
    person = create(session, type="person", name="Anna", job_title="Boss", vat_no="SE1")
    assert (company.job_title, company.vat_no) == ("", "SE1")
    assert (person.job_title, person.vat_no) == ("Boss", "")


def test_a_person_takes_over_the_data_of_its_company(session, setup):
    """2.1 A, CON-004."""
    language, salesperson, country = make_language(session, "SVE"), make_salesperson(session), make_country(session)
    company = make_contact(
        session, name="Nordlys AS", language="SVE", salesperson_id=salesperson.id, country_id=country.id,
        address="Storgatan 1", address_2="B", post_code="111 11", city="Stockholm", county="Sth", phone="1",
        mobile="2", fax="3", email="post@nordlys.se", home_page="nordlys.se", correspondence_type="email",
        name_2="Hidden", external_id="X1", salutation_id=make_salutation(session, "COMPANY").id,
    )  # fmt: skip
    person = create(session, type="person", name="Anna Berg", company_id=company.id, phone="99")
    assert (person.company_id, person.company_name) == (company.id, "Nordlys AS")
    assert (person.language_id, person.salesperson_id, person.country_id) == (language.id, salesperson.id, country.id)
    assert (person.address, person.address_2, person.post_code) == ("Storgatan 1", "B", "111 11")
    assert (person.city, person.county) == ("Stockholm", "Sth")
    assert (person.phone, person.mobile, person.fax) == ("99", "2", "3")
    assert (person.email, person.home_page, person.correspondence_type) == ("post@nordlys.se", "nordlys.se", "email")
    assert (person.name_2, person.external_id, person.salutation_id) == ("", "", None)
    assert (
        session.scalar(select(ContactEmail.address_key).where(ContactEmail.contact_id == person.id))
        == "post@nordlys.se"
    )


def test_an_address_of_its_own_is_kept(session, setup):
    company = make_contact(session, address="Storgatan 1", city="Stockholm", post_code="111 11")
    person = create(session, type="person", name="Anna", company_id=company.id, city="Malmö")
    assert (person.address, person.city, person.post_code) == ("", "Malmö", "")


def test_nothing_is_inherited_that_marketing_setup_switches_off(session, setup):
    for switch in ("salesperson", "country", "language", "address", "communication"):
        setattr(setup, f"inherit_{switch}", False)
    company = make_contact(
        session, language="SVE", salesperson_id=make_salesperson(session).id, city="Stockholm", phone="1"
    )
    person = create(session, type="person", name="Anna", company_id=company.id)
    assert (person.language_id, person.salesperson_id, person.city, person.phone) == (None, None, "", "")
    assert person.company_name == company.name


def test_defaults_fill_what_is_blank_and_inheritance_wins(session, setup):
    """SET-004: 2.1 C."""
    own, default = make_language(session, "SVE"), make_language(session, "ENG")
    setup.default_language_id = default.id
    setup.default_correspondence_type = "hard_copy"
    setup.default_country_id = make_country(session, "NO").id
    company_salutation, person_salutation = make_salutation(session, "COMPANY"), make_salutation(session, "UNISEX")
    setup.default_company_salutation_id, setup.default_person_salutation_id = (
        company_salutation.id,
        person_salutation.id,
    )
    company = create(session, name="Acme", language_id=own.id)
    assert (company.language_id, company.correspondence_type) == (own.id, "hard_copy")
    assert (company.country_id, company.salutation_id) == (setup.default_country_id, company_salutation.id)
    person = create(session, type="person", name="Anna", company_id=company.id)
    assert (person.language_id, person.salutation_id) == (own.id, person_salutation.id)
    alone = create(session, type="person", name="Berta")
    assert alone.language_id == default.id


def test_without_defaults_everything_stays_blank(session, setup):
    """SET-005."""
    for values in ({"name": "Acme"}, {"name": "Anna", "type": "person"}):
        one = create(session, **values)
        assert (one.language_id, one.country_id, one.salutation_id, one.salesperson_id) == (None,) * 4
        assert one.correspondence_type == ""


def test_the_salesperson_is_the_typed_one_else_the_companys_else_the_users_else_the_default(session, setup):
    """SET-D01: 2.11."""
    typed, of_company, of_user, default = (make_salesperson(session).id for _ in range(4))
    setup.default_salesperson_id = default
    company = make_contact(session, salesperson_id=of_company)
    user = make_actor(salesperson_id=of_user)
    assert create(session, name="A", salesperson_id=typed, by=user).salesperson_id == typed
    assert create(session, type="person", name="A", company_id=company.id, by=user).salesperson_id == of_company
    assert create(session, name="A", by=user).salesperson_id == of_user
    assert create(session, name="A").salesperson_id == default


def test_a_company_that_is_a_person_is_no_company(session, setup):
    person = make_contact(session, type="person")
    with pytest.raises(RuleViolation, match="This company no longer exists") as refused:
        create(session, type="person", name="Anna", company_id=person.id)
    assert refused.value.field == "company_id"


@pytest.mark.parametrize("email", ["a@x.com;b@y.com", "a@x.com ; b@y.com;", "", "åsa@exämple.se", "a@intranet.local"])
def test_e_mail_addresses_are_separated_by_semicolons(session, setup, email):
    """CON-D09."""
    contact = create(session, name="Acme", email=email)
    assert contact.email == email.replace(" ", "").rstrip(";")


@pytest.mark.parametrize(
    ("email", "bad"),
    [
        ("a@x.com,b@y.com", "a@x.com,b@y.com"),
        ("a@x.com;b", "b"),
        ("a@@x.com", "a@@x.com"),
        ("a b@x.com", "a b@x.com"),
        ("a@x..com", "a@x..com"),
        ("@x.com", "@x.com"),
    ],
)
def test_a_malformed_e_mail_address_is_named(session, setup, email, bad):
    """CON-D09."""
    with pytest.raises(RuleViolation) as refused:
        create(session, name="Acme", email=email)
    assert refused.value.field == "email"
    assert f"“{bad}” is no e-mail address" in str(refused.value)


@pytest.mark.parametrize("field", ["phone", "mobile"])
def test_letters_in_phone_numbers_are_refused(session, setup, field):
    """CON-D09."""
    with pytest.raises(RuleViolation, match="no letters: “AB” in") as refused:
        create(session, name="Acme", **{field: "+33 (0)1-AB"})
    assert refused.value.field == field
    assert create(session, name="Acme", **{field: "+33 (0)1-23/45"}).no


def test_a_fax_number_is_not_checked(session, setup):
    assert create(session, name="Acme", fax="ext. 12").fax == "ext. 12"


@pytest.mark.parametrize("field", ["name", "city", "phone", "email", "no", "home_page", "vat_no"])
def test_what_is_too_long_is_refused_on_its_field(session, setup, field):
    with pytest.raises(RuleViolation) as refused:
        create(session, **({"name": "Acme"} | {field: "1" * 10_000}))
    assert refused.value.field == field
    assert "can have up to" in str(refused.value)


def test_a_privacy_blocked_salesperson_is_refused(session, setup):
    blocked = make_salesperson(session, "PB", privacy_blocked=True)
    with pytest.raises(RuleViolation, match="Salesperson PB is privacy blocked") as refused:
        create(session, name="Acme", salesperson_id=blocked.id)
    assert refused.value.field == "salesperson_id"


def test_fax_is_a_correspondence_type_only_where_it_is_switched_on(session, setup):
    """B14."""
    with pytest.raises(RuleViolation, match="Fax is switched off"):
        create(session, name="Acme", correspondence_type="fax")
    setup.fax_enabled = True
    assert create(session, name="Acme", correspondence_type="fax").correspondence_type == "fax"


def test_a_new_minor_is_privacy_blocked(session, setup):
    assert create(session, type="person", name="Anna", minor=True).privacy_blocked is True


def test_read_only_creates_nothing(session, setup):
    with pytest.raises(Forbidden):
        create(session, name="Acme", by=make_actor(role="read_only"))
