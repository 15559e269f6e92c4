"""Forms of the setup."""

from __future__ import annotations

from flask_babel import lazy_gettext as lazy
from flask_babel import lazy_pgettext as lazy_in
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from blueprints.web.fields import ChoiceField, CodeField, ReferenceField, TypedDateField, WholeNumberField
from blueprints.web.forms import Form
from domain.setup.office import MOST_LETTERS

ADDRESS_FORMAT_NAMES = {
    "post_code_city": lazy("Postcode City"),
    "city_post_code": lazy("City, Postcode"),
    "city_county_post_code": lazy("City, County/region Postcode"),
    "blank_line_post_code_city": lazy("Blank line, then Postcode City"),
}
KIND_NAMES = {"formal": lazy_in("salutation", "Formal"), "informal": lazy_in("salutation", "Informal")}
NAME_PART_NAMES = {
    "": "",
    "job_title": lazy("Job title"),
    "first_name": lazy("First name"),
    "middle_name": lazy("Middle name"),
    "surname": lazy("Surname"),
    "initials": lazy("Initials"),
    "company_name": lazy("Company name"),
}


PRIORITY_NAMES = {
    0: lazy("Very low (hidden)"),
    1: lazy_in("priority", "Low"),
    2: lazy_in("priority", "Normal"),
    3: lazy_in("priority", "High"),
    4: lazy_in("priority", "Very high"),
}
CONTACT_TYPE_NAMES = {"": lazy("Companies and persons"), "company": lazy("Companies"), "person": lazy("Persons")}


class ClassificationForm(Form):
    """A code of one of the lists contacts are classified by."""

    code = CodeField(lazy("Code"), length=10, required=True)
    description = StringField(lazy("Description"), [Length(max=100)])


class QuestionnaireForm(Form):
    """A profile questionnaire."""

    code = CodeField(lazy("Code"), required=True)
    description = StringField(lazy("Description"), [Length(max=250)])
    contact_type = ChoiceField(lazy("For"), choices=list(CONTACT_TYPE_NAMES.items()))
    business_relation_id = ReferenceField(
        lazy("Business relation"), description=lazy("Only for contacts whose company has this relation.")
    )
    priority = ChoiceField(
        lazy("Priority"),
        choices=list(PRIORITY_NAMES.items()),
        coerce=int,
        default=2,
        description=lazy("Higher ones come first on the contact card."),
    )


class QuestionForm(Form):
    """A question of a questionnaire."""

    description = StringField(lazy("Question"), [InputRequired(), Length(max=250)])
    multiple_answers = BooleanField(lazy("Multiple answers"))


class AnswerForm(Form):
    """An answer to choose."""

    description = StringField(lazy("Answer"), [InputRequired(), Length(max=250)])
    priority = ChoiceField(
        lazy("Priority"),
        choices=list(PRIORITY_NAMES.items()),
        coerce=int,
        default=2,
        description=lazy("“Very low” is not shown on the contact card."),
    )


class SalespersonForm(Form):
    """A salesperson."""

    code = CodeField(lazy("Code"), required=True)
    name = StringField(lazy("Name"), [Length(max=50)])
    job_title = StringField(lazy("Job title"), [Length(max=30)])
    phone = StringField(lazy("Phone No."), [Length(max=30)])
    email = StringField(lazy("E-mail"), [Length(max=80)])
    blocked = BooleanField(
        lazy("Blocked"), description=lazy("Not offered for new contacts, segments, campaigns and users.")
    )
    privacy_blocked = BooleanField(lazy("Privacy blocked"))


class LanguageForm(Form):
    """A language of letters."""

    code = CodeField(lazy("Code"), length=10, required=True)
    name = StringField(lazy("Name"), [Length(max=50)], description=lazy("Blank: the English name of the locale."))
    locale = StringField(
        lazy("Locale"),
        [InputRequired(), Length(max=20)],
        description=lazy("Dates and numbers in letters are written as there, for example fr-CH."),
    )


class CountryForm(Form):
    """A country or region."""

    code = CodeField(lazy("Code"), length=10, required=True)
    name = StringField(lazy("Name"), [InputRequired(), Length(max=100)])
    iso_code = CodeField(lazy("ISO code"), length=2)
    address_format = ChoiceField(
        lazy("Address format"), choices=list(ADDRESS_FORMAT_NAMES.items()), default="post_code_city"
    )


class NumberSeriesForm(Form):
    """A number series."""

    code = CodeField(lazy("Code"), required=True)
    description = StringField(lazy("Description"), [Length(max=100)])
    automatic = BooleanField(
        lazy("Automatic numbers"),
        default=True,
        description=lazy("A new thing gets the next number when the number is left empty."),
    )
    manual = BooleanField(lazy("Typed numbers"), default=True, description=lazy("Numbers may be typed."))


class NumberSeriesLineForm(Form):
    """A range of numbers."""

    starting_date = TypedDateField(lazy("Starting date"), description=lazy("Blank: always."))
    starting_no = CodeField(lazy("Starting No."), required=True)
    ending_no = CodeField(lazy("Ending No."))
    warning_no = CodeField(lazy("Warning No."), description=lazy("From this number on you are told to add a range."))
    increment = WholeNumberField(lazy("Increment"), [InputRequired()], least=1, most=1_000_000)
    last_no = CodeField(lazy("Last No. used"))


class SalutationForm(Form):
    """A salutation."""

    code = CodeField(lazy("Code"), length=10, required=True)
    description = StringField(lazy("Description"), [Length(max=100)])


class FormulaForm(Form):
    """A formula of a salutation."""

    language_id = ReferenceField(lazy("Language code"))
    kind = ChoiceField(lazy("Salutation type"), choices=list(KIND_NAMES.items()), default="formal")
    text = StringField(
        lazy("Text"),
        [InputRequired(), Length(max=100)],
        description=lazy("%1 to %5 stand for the parts of the name below: Dear %1 %2,"),
    )
    name_1 = ChoiceField("%1", choices=list(NAME_PART_NAMES.items()))
    name_2 = ChoiceField("%2", choices=list(NAME_PART_NAMES.items()))
    name_3 = ChoiceField("%3", choices=list(NAME_PART_NAMES.items()))
    name_4 = ChoiceField("%4", choices=list(NAME_PART_NAMES.items()))
    name_5 = ChoiceField("%5", choices=list(NAME_PART_NAMES.items()))


class MarketingSetupForm(Form):
    """Marketing setup."""

    contact_series_id = ReferenceField(lazy("Contact Nos."))
    segment_series_id = ReferenceField(lazy("Segment Nos."))
    campaign_series_id = ReferenceField(lazy("Campaign Nos."))
    task_series_id = ReferenceField(lazy("Task Nos."))
    inherit_salesperson = BooleanField(lazy("Salesperson"))
    inherit_territory = BooleanField(lazy("Territory"))
    inherit_country = BooleanField(lazy("Country/region code"))
    inherit_language = BooleanField(lazy("Language code"))
    inherit_address = BooleanField(lazy("Address details"))
    inherit_communication = BooleanField(lazy("Communication details"))
    default_salesperson_id = ReferenceField(lazy("Salesperson"))
    default_territory_id = ReferenceField(lazy("Territory"))
    default_country_id = ReferenceField(lazy("Country/region code"))
    default_language_id = ReferenceField(lazy("Language code"))
    default_correspondence_type = ChoiceField(lazy("Correspondence type"))
    default_company_salutation_id = ReferenceField(lazy("Salutation of companies"))
    default_person_salutation_id = ReferenceField(lazy("Salutation of persons"))
    fax_enabled = BooleanField(
        lazy("Fax"), description=lazy("Offers fax as correspondence type; it is prepared like a hard copy.")
    )
    salespeople_may_log = BooleanField(lazy("Salespeople may create and log segments"))
    blank_markers = StringField(
        lazy("Blank markers"),
        [Length(max=200)],
        description=lazy("Cells of an import with one of these texts, separated by commas, count as blank."),
    )
    letters_per_file = WholeNumberField(
        lazy("Letters per print file"), [InputRequired()], least=1, most=MOST_LETTERS,
        description=lazy("More letters are given in numbered parts."),
    )  # fmt: skip


class CompanyInformationForm(Form):
    """The office's own company."""

    name = StringField(lazy("Name"), [InputRequired(), Length(max=100)])
    name_2 = StringField(lazy("Name 2"), [Length(max=50)])
    address = StringField(lazy("Address"), [Length(max=100)])
    address_2 = StringField(lazy("Address 2"), [Length(max=50)])
    post_code = StringField(lazy("Postcode"), [Length(max=20)])
    city = StringField(lazy("City"), [Length(max=30)])
    county = StringField(lazy("County / region"), [Length(max=30)])
    country_id = ReferenceField(lazy("Country/region code"))
    phone = StringField(lazy("Phone No."), [Length(max=30)])
    fax = StringField(lazy("Fax No."), [Length(max=30)])
    email = StringField(lazy("E-mail"), [Length(max=80)])
    home_page = StringField(lazy("Home page"), [Length(max=255)])
    vat_no = StringField(lazy("VAT registration No."), [Length(max=20)])
    registration_no = StringField(lazy("Registration No."), [Length(max=50)])
    bank_name = StringField(lazy("Bank name"), [Length(max=100)])
    bank_branch_no = StringField(lazy("Bank branch No."), [Length(max=20)])
    bank_account_no = StringField(lazy("Bank account No."), [Length(max=30)])
    giro_no = StringField(lazy("Giro No."), [Length(max=20)])
    iban = StringField("IBAN", [Length(max=50)])
    swift = StringField("SWIFT/BIC", [Length(max=20)])
    time_zone = ChoiceField(lazy("Time zone"))
