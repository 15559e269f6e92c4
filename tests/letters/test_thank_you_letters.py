"""The four thank-you letters as they came: merged for a sample contact in each language."""

from __future__ import annotations

import pytest

from domain.letters.compiled_letter import compile
from domain.letters.salutations import Formula
from domain.letters.sanitise import sanitise
from domain.letters.values import RawValues, finished_values
from tests.letters.documents import add_field, opened, parts, saved, texts

LANGUAGES = ("en-GB", "fr-CA", "fr-CH", "sv-SE")

CONTACTS: dict[str, RawValues] = {
    "en-GB": {"name": "Thomas Hardy", "first_name": "Thomas", "address": "120 Hanover Sq.", "city": "London", "county": "", "post_code": "WA1 1DP", "country_code": "GB", "email": "thomas.hardy@aroundthehorn.example"},
    "fr-CA": {"name": "Jean Fresnière", "first_name": "Jean", "address": "43 rue St. Laurent", "city": "Montréal", "county": "Québec", "post_code": "H1J 1C3", "country_code": "CA", "email": "jean@mere-paillarde.example"},
    "fr-CH": {"name": "Yang Wang & Fils <SA>", "first_name": "Yang", "address": "Hauptstr. 29\nCase postale 7", "city": "Genève", "county": "GE", "post_code": "1204", "country_code": "CH", "email": "yang@chop-suey.example"},
    "sv-SE": {"name": "Christina Berglund", "first_name": "Christina", "address": "Berguvsvägen 8", "city": "Luleå", "county": "Norrbotten", "post_code": "S-958 22", "country_code": "SE", "email": "christina@berglunds.example"},
}  # fmt: skip


COUNTRIES = {"en-GB": "United Kingdom", "fr-CA": "Canada", "fr-CH": "Suisse", "sv-SE": "Sverige"}


@pytest.fixture(params=LANGUAGES)
def letter(request, shared):
    locale = request.param
    compiled = compile((shared / f"data/letters/thanks-note.{locale}.docx").read_bytes())
    raw: RawValues = {
        **CONTACTS[locale],
        "company": {"phone": "+41 22 000 00 00"},
        "formal_formula": Formula("Hi %1", ("first_name",)).stored(),
    }
    return locale, compiled, compiled.letter(finished_values(raw, locale))


def expected(original: bytes, locale: str) -> list[str]:
    """The letter as Word shows it, with the values written over the field names."""
    contact = CONTACTS[locale]
    shown = {
        "First_Name": contact["first_name"],
        "Name": contact["name"],
        "Address": contact["address"],
        "City": contact["city"],
        "State": contact["county"],
        "CountryRegion_Code": COUNTRIES[locale],
        "ZIP_Code": contact["post_code"],
        "Email": contact["email"],
    }
    lines = texts(original)
    for name, value in shown.items():
        assert sum(f"«{name}»" in line for line in lines) == 1
        lines = [line.replace(f"«{name}»", value) for line in lines]
    head, _, fax = lines[1].partition("\n")
    return [lines[0], f"{head}+41 22 000 00 00\n{fax}", *lines[2:]]


def test_they_read_as_they_should(letter, shared):
    locale, _, data = letter
    assert texts(data) == expected((shared / f"data/letters/thanks-note.{locale}.docx").read_bytes(), locale)


def test_no_field_and_no_tag_is_left(letter):
    _, _, data = letter
    xml = parts(data)["word/document.xml"].decode()
    assert not any(mark in xml for mark in ("«", "»", "{{", "}}", "{%", "MERGEFIELD", "fldChar"))


def test_every_field_of_theirs_is_known(letter):
    _, compiled, _ = letter
    assert compiled.unknown_fields == ()
    assert compiled.fields == {
        f"contact.{name}"
        for name in ("first_name", "name", "address", "city", "county", "country", "post_code", "email")
    } | {"company.phone"}


def test_their_mail_merge_source_is_gone_from_the_stored_file_and_from_the_letter(letter):
    _, compiled, data = letter
    assert [str(one) for one in compiled.report] == ["The link to a mail merge data source was removed."]
    for file in (compiled.data, data):
        content = b"".join(parts(file).values())
        assert b"Users" not in content
        assert b"mailMerge" not in content


def test_the_logo_and_the_styles_stay(letter):
    _, compiled, data = letter
    for name in ("word/media/image1.png", "word/styles.xml", "word/theme/theme1.xml"):
        assert parts(data)[name] == parts(compiled.data)[name]


def test_storing_them_twice_gives_one_file(shared):
    data = (shared / "data/letters/thanks-note.sv-SE.docx").read_bytes()
    assert sanitise(data).data == sanitise(sanitise(data).data).data
    assert compile(data).sha256 == compile(compile(data).data).sha256


@pytest.mark.parametrize("how", ["tag", "merge field"])
def test_a_personal_comment_put_into_a_copy_is_printed(shared, how):
    """B19: as a tag or as the merge field Personal_Comment, in a document full of merge fields."""
    document = opened((shared / "data/letters/thanks-note.en-GB.docx").read_bytes())
    before = document.paragraphs[-3]
    if how == "tag":
        before.insert_paragraph_before("{{ comment }}")
    else:
        add_field(before.insert_paragraph_before(), "MERGEFIELD Personal_Comment", shown="«Personal_Comment»")
    compiled = compile(saved(document))
    assert compiled.uses_comment
    assert compiled.unknown_fields == ()
    values = finished_values(
        {**CONTACTS["en-GB"], "comment": "It was good to see you & yours.\n\nUntil <soon>!"}, "en-GB"
    )
    assert "It was good to see you & yours.\n\nUntil <soon>!" in texts(compiled.letter(values))
