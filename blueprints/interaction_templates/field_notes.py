"""What a merge field is, where its name does not say it all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as lazy

NOTES: Mapping[str, Any] = {
    "entry_no": lazy("The number in the interaction log; the line number in a preview."),
    "letter_code": lazy("The entry No. with a check digit: who answers can be found by it at the reply desk."),
    "contact.mail_address": lazy(
        "The whole address in lines without holes, as on an envelope. An alternative address counts."
    ),
    "contact.name": lazy("The person’s name, or the company’s for a company."),
    "contact.company_name": lazy("The company the person belongs to."),
    "contact.address": lazy("The main address, even where an alternative address counts."),
    "contact.country": lazy("The country’s name in the language of the letter."),
    "contact.vat_no": lazy("Of a company."),
    "salutation.formal": lazy("By the contact’s salutation and the language of the letter, punctuation included."),
    "salutation.informal": lazy("By the contact’s salutation and the language of the letter, punctuation included."),
    "salesperson.name": lazy("Of the salesperson of the interaction, who may differ from the contact’s."),
    "document.date": lazy("The date of the interaction, written out in the language of the letter."),
    "document.description": lazy("The description of the interaction."),
    "document.subject": lazy("The subject in the language of the letter."),
    "document.evaluation": lazy("The evaluation of the interaction."),
    "campaign.description": lazy("Of the campaign of the interaction."),
    "company.name": lazy("Your company, as in Company information."),
    "mail_to": lazy("The e-mail address or fax number that is used; blank for letters on paper."),
    "today": lazy("The day the letter is made, written out in the language of the letter."),
    "comment": lazy("What somebody wrote to this contact on the segment line; several paragraphs are possible."),
}
