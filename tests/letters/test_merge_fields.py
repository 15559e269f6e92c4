"""The names of the merge fields: found in every language, in NAV's, Word's, Outlook's and Business Central's spelling."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.letters.merge_fields import BY_TAG, FIELDS, find_field, folded, suggest

NAV_NAMES = """Entry No.|Contact Mail Address|Contact No.|Contact Company Name|Contact Name|Contact Name 2|Contact Address|Contact Address 2|
Contact Post Code|Contact City|Contact County|Contact Country/Region Name|Contact Job Title|Contact Phone No.|Contact Fax No.|Contact E-Mail|
Contact Mobile Phone No.|Contact VAT Registration No.|Contact Home Page|Formal Salutation|Informal Salutation|Salesperson/Purchaser Code|
Salesperson/Purchaser Name|Salesperson/Purchaser Job Title|Salesperson/Purchaser Phone No.|Salesperson/Purchaser E-Mail|Document Date|
Document Campaign No.|Document Segment No.|Document Description|Document Subject|Company Information Name|Company Information Name 2|
Company Information Address|Company Information Address 2|Company Information Post Code|Company Information City|Company Information County|
Company Information Country/Region Name|Company Information VAT Registration No.|Company Information Registration No.|
Company Information Phone No.|Company Information Fax No.|Company Information Bank Branch No.|Company Information Bank Name|
Company Information Bank Account No.|Company Information Giro No.|FaxMailTo""".replace("\n", "").split("|")


def test_all_48_nav_fields_are_there_each_once():
    found = [find_field(name) for name in NAV_NAMES]
    assert len(NAV_NAMES) == 48
    assert None not in found
    assert len({field.tag for field in found if field}) == 48


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.tag)
def test_every_name_of_a_field_finds_it(field):
    for name in field.names:
        assert find_field(name) is field, name
        if name != field.tag:
            as_word_writes_it = "".join(c if c.isalnum() else "_" for c in name)
            assert find_field(as_word_writes_it[:40]) is field, name


def test_no_name_stands_for_two_fields():
    seen = {}
    for field in FIELDS:
        for name in field.names[1:]:
            assert seen.setdefault(folded(name), field.tag) == field.tag, name


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("First_Name", "contact.first_name"), ("Last_Name", "contact.surname"), ("Title", "contact.courtesy_title"),
        ("Courtesy_Title", "contact.courtesy_title"), ("Company", "contact.company_name"), ("Business_Street", "contact.address"),
        ("CountryRegion_Code", "contact.country"), ("ZIP_Code", "contact.post_code"), ("State", "contact.county"),
        ("Email", "contact.email"), ("Email_Address", "contact.email"), ("E-mail Address", "contact.email"),
        ("Company_Information_Phone_No", "company.phone"), ("Personal_Comment", "comment"), ("Commentaire_personnel", "comment"),
        ("Personlig_kommentar", "comment"), ("Prénom", "contact.first_name"), ("PRENOM", "contact.first_name"),
        ("Förnamn", "contact.first_name"), ("Fornamn", "contact.first_name"), ("Nom_de_la_compagnie", "contact.company_name"),
        ("company.name", "company.name"), ("contact.name", "contact.name"), ("Business_Postal_Code", "contact.post_code"),
    ],
)  # fmt: skip
def test_names_people_use(name, tag):
    field = find_field(name)
    assert field is not None
    assert field.tag == tag


def test_a_mapping_the_user_confirmed_wins():
    assert find_field("Kundnamn", {"kundnamn": "contact.name"}) is BY_TAG["contact.name"]
    assert find_field("Name", {"name": "contact.company_name"}) is BY_TAG["contact.company_name"]
    assert find_field("Kundnamn") is None


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Frist_Name", "contact.first_name"),
        ("coment", "comment"),
        ("contact.nmae", "contact.name"),
        ("Contact_Adress", "contact.address"),
    ],
)
def test_did_you_mean(name, tag):
    assert find_field(name) is None
    field = suggest(name)
    assert field is not None
    assert field.tag == tag


@pytest.mark.parametrize("name", ["", "!!!", "qqqqqq"])
def test_nothing_is_suggested_for_nonsense(name):
    assert find_field(name) is None
    assert suggest(name) is None


@pytest.mark.parametrize(
    ("locale", "name"),
    [
        ("en-GB", "Contact City"),
        ("fr-CA", "Ville du contact"),
        ("fr-CH", "Localité du contact"),
        ("fr_FR", "Localité du contact"),
        ("sv-SE", "Kontaktens ort"),
        ("de-DE", "Contact City"),
    ],
)
def test_the_name_to_show_follows_the_language(locale, name):
    assert BY_TAG["contact.city"].name(locale) == name


@given(st.text(max_size=80))
def test_folding_is_stable_and_blind_to_case_accents_and_signs(text):
    key = folded(text)
    assert len(key) <= 40
    assert folded(key) == key
    assert all(char.isalnum() for char in key)
    assert folded(unicodedata.normalize("NFC", text)) == folded(unicodedata.normalize("NFD", text)) == key
    assert folded(f"_{text}. ") == key


@given(st.text(alphabet="abcdefghåäöéèçüñABCÅÉ _-./", max_size=38))
def test_folding_ignores_case_and_accents(text):
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    assert folded(text.upper()) == folded(text) == folded(plain)
