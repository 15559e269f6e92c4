"""What a column of the file may mean, and which column most likely means what."""

from __future__ import annotations

from dataclasses import dataclass

from domain.contacts.fields import LABELS
from domain.messages import Message, say
from domain.types import find_key

COMPANY_NAME, PERSON_NAME, NAME = "company_name", "person_name", "name"


@dataclass(frozen=True)
class ImportField:
    """A meaning a column can have: key, its name for people, and headings it goes by (folded, letters and digits only)."""

    key: str
    label: Message
    headings: tuple[str, ...]


def _field(key: str, headings: str, label: Message | None = None) -> ImportField:
    return ImportField(key, label or LABELS[key], tuple(headings.split()))


FIELDS: tuple[ImportField, ...] = (
    _field("no", "no nr n contactno contactnumber kontaktnr ncontact numero number nummer"),
    _field(
        "external_id",
        "externalid customerid custid id kundid kundnr clientid customerno customernumber idexterne externtid kundnummer",
    ),
    _field("type", "type typ contacttype kontakttyp typedecontact"),
    _field(NAME, "name namn nom fullname fornavnetternavn", say("Name (company or person, see Type)")),
    _field(
        COMPANY_NAME,
        "companyname company organization organisation foretag foretagsnamn societe nomdelasociete compagnie"
        " nomdelacompagnie firma account accountname entreprise",
        say("Company name"),
    ),
    _field(
        PERSON_NAME,
        "contactname contactperson person personname contact kontakt kontaktperson nomducontact interlocuteur",
        say("Name of the person"),
    ),
    _field("first_name", "firstname givenname fornamn prenom vorname"),
    _field("middle_name", "middlename mellannamn deuxiemeprenom"),
    _field("surname", "surname lastname familyname efternamn nomdefamille nachname"),
    _field("initials", "initials initialer initiales"),
    _field("job_title", "jobtitle contacttitle title titel titre fonction befattning position"),
    _field("name_2", "name2 namn2 nom2"),
    _field("address", "address adress adresse street streetaddress address1 businessstreet gatuadress rue adresse1"),
    _field("address_2", "address2 adress2 adresse2 street2"),
    _field("post_code", "postcode postalcode zip zipcode postnr postnummer codepostal npa plz businesspostalcode"),
    _field("city", "city town ort stad ville localite businesscity"),
    _field("county", "county region state province lan canton businessstate stateprovince"),
    _field(
        "country",
        "country countryregioncode countryregion land pays countrycode businesscountryregion",
        say("Country/region code"),
    ),
    _field("phone", "phone phoneno telephone tel telefon telefonnr notelephone ntelephone businessphone phonenumber"),
    _field("mobile", "mobile mobilephone mobilephoneno cellphone mobil mobilnr ncellulaire nmobile"),
    _field("fax", "fax faxno telefax telecopie telecopieur businessfax"),
    _field("email", "email emailaddress epost epostadress courriel mail adresseemail"),
    _field("home_page", "homepage website web webbplats siteweb url"),
    _field("language", "language languagecode sprak sprakkod langue codelangue", say("Language code")),
    _field(
        "salesperson", "salesperson salespersoncode saljare saljarkod vendeur representant owner", say("Salesperson")
    ),
    _field("salutation", "salutation salutationcode halsningsfras", say("Salutation")),
    _field("correspondence_type", "correspondencetype korrespondenstyp typedecorrespondance typecorrespondance"),
    _field("vat_no", "vatno vatregistrationno vatregistrationnumber momsregnr ntva vat"),
    _field("registration_no", "registrationno registrationnumber orgnr organisationsnummer"),
    _field("search_name", "searchname searchword sokord motrecherche"),
    _field(
        "mailing_group",
        "mailinggroup mailinggroups mailinggroupcode groupededistribution groupesdedistribution utskicksgrupp"
        " utskicksgrupper",
        say("Mailing groups"),
    ),
    _field(
        "industry_group",
        "industrygroup industrygroups industrygroupcode industry branche secteurdactivite secteursdactivite secteur"
        " branschgrupp branschgrupper bransch",
        say("Industry groups"),
    ),
    _field(
        "business_relation",
        "businessrelation businessrelations businessrelationcode relationdaffaires relationsdaffaires affarsrelation"
        " affarsrelationer",
        say("Business relations"),
    ),
    _field(
        "job_responsibility",
        "jobresponsibility jobresponsibilities jobresponsibilitycode responsibility responsabilite responsabilites"
        " arbetsansvar ansvar",
        say("Job responsibilities"),
    ),
    _field(
        "organizational_level",
        "organizationallevel organizationallevelcode organisationallevel niveauorganisationnel befattningsniva",
        say("Organisational level"),
    ),
    _field("territory", "territory territorycode territoire distrikt secteurcommercial district", say("Territory")),
    _field("exclude_from_segment", "excludefromsegment uteslutfransegment excluredusegment"),
)
BY_KEY = {field.key: field for field in FIELDS}


def folded_heading(text: str) -> str:
    """A heading as it is compared: accents, case and everything but letters and digits gone."""
    return "".join(c for c in find_key(text) if c.isalnum())


def guess_columns(headings: list[str]) -> list[str]:
    """For each heading the key of the field it most likely means, '' for none. Each field is given once."""
    guesses = [""] * len(headings)
    taken: set[str] = set()
    folded = [folded_heading(heading) for heading in headings]
    for field in FIELDS:
        for wanted in field.headings:
            if wanted in folded and field.key not in taken:
                position = folded.index(wanted)
                if not guesses[position]:
                    guesses[position] = field.key
                    taken.add(field.key)
    if NAME in taken and PERSON_NAME not in taken and "type" not in taken and COMPANY_NAME in taken:
        guesses[guesses.index(NAME)] = PERSON_NAME  # a name beside a company name is a person's
    return guesses


def guess_surplus_column(columns: list[str]) -> int:
    """The column an unquoted delimiter most likely split: the address, else the company name, else the last."""
    for key in ("address", COMPANY_NAME, NAME):
        if key in columns:
            return columns.index(key)
    return len(columns) - 1
