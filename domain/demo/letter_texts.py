"""The words of the letters the product comes with, in five languages. Written by us, free to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LetterText:
    """What a letter says in one language. `opening` and `ending` stand around the personal comment."""

    subject: str
    opening: tuple[str, ...]
    ending: tuple[str, ...]
    closing: str


@dataclass(frozen=True)
class MemoText:
    """A memo: its title, the words at the head, the text."""

    title: str
    to: str
    sender: str
    date: str
    about: str
    subject: str
    opening: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """Small words of a page in one language."""

    page: str
    phone: str


WORDS: Mapping[str, Words] = {
    "ENG": Words("Page", "Phone"),
    "FRC": Words("Page", "Téléphone"),
    "FRS": Words("Page", "Téléphone"),
    "SVE": Words("Sida", "Telefon"),
    "DEU": Words("Seite", "Telefon"),
}

BUSINESS_LETTER: Mapping[str, LetterText] = {
    "ENG": LetterText(
        "Thank you for your interest",
        (
            "Thank you for your interest in {{ company.name }}. We are glad to be in touch with you, and we would like "
            "to learn what matters most to you, so that what we suggest really helps.",
        ),
        (
            "If anything is unclear, or if you would like to talk something over, please call or write to me. You will "
            "always have an answer within two working days.",
            "I look forward to hearing from you.",
        ),
        "Yours sincerely,",
    ),
    "FRC": LetterText(
        "Merci de votre intérêt",
        (
            "Je vous remercie de l’intérêt que vous portez à {{ company.name }}. Nous sommes heureux d’être en contact "
            "avec vous et souhaitons mieux connaître vos priorités afin de proposer ce qui vous convient.",
        ),
        (
            "Si vous avez des questions ou si vous désirez en discuter, n’hésitez pas à m’appeler ou à m’écrire. Vous "
            "recevrez toujours une réponse dans un délai de deux jours ouvrables.",
            "Au plaisir d’avoir de vos nouvelles.",
        ),
        "Je vous prie d’agréer mes salutations distinguées.",
    ),
    "FRS": LetterText(
        "Merci de votre intérêt",
        (
            "Nous vous remercions de l’intérêt que vous portez à {{ company.name }}. C’est avec plaisir que nous "
            "sommes en relation avec vous, et nous aimerions mieux connaître vos attentes afin de vous proposer ce qui "
            "vous sera vraiment utile.",
        ),
        (
            "Si quelque chose n’est pas clair ou si vous souhaitez en parler, vous pouvez m’appeler ou m’écrire. Vous "
            "recevrez toujours une réponse dans les deux jours ouvrables.",
            "Dans l’attente du plaisir de vous lire ou de vous entendre, je vous présente mes meilleures salutations.",
        ),
        "",
    ),
    "SVE": LetterText(
        "Tack för ert intresse",
        (
            "Tack för ert intresse för {{ company.name }}. Vi är glada över kontakten och vill gärna veta vad som är "
            "viktigast för er, så att det vi föreslår verkligen är till nytta.",
        ),
        (
            "Om något är oklart eller om ni vill diskutera något är ni välkomna att ringa eller skriva till mig. Ni "
            "får alltid svar inom två arbetsdagar.",
            "Jag ser fram emot att höra från er.",
        ),
        "Med vänlig hälsning",
    ),
    "DEU": LetterText(
        "Vielen Dank für Ihr Interesse",
        (
            "vielen Dank für Ihr Interesse an {{ company.name }}. Wir freuen uns über den Kontakt mit Ihnen und "
            "möchten gerne erfahren, was Ihnen besonders wichtig ist, damit unsere Vorschläge Ihnen wirklich "
            "weiterhelfen.",
        ),
        (
            "Wenn etwas unklar ist oder Sie etwas besprechen möchten, rufen Sie mich bitte an oder schreiben Sie mir. "
            "Sie erhalten immer innerhalb von zwei Arbeitstagen eine Antwort.",
            "Ich freue mich darauf, von Ihnen zu hören.",
        ),
        "Mit freundlichen Grüßen",
    ),
}

MEMO: Mapping[str, MemoText] = {
    "ENG": MemoText(
        "Memo", "To", "From", "Date", "Subject", "For your information",
        ("For your information, a short note from us.",),
    ),
    "FRC": MemoText(
        "Note", "À", "De", "Date", "Objet", "À titre d’information",
        ("Voici un court message, à titre d’information.",),
    ),
    "FRS": MemoText(
        "Note", "À", "De", "Date", "Objet", "Pour information", ("Voici un bref message, pour votre information.",)
    ),
    "SVE": MemoText(
        "PM", "Till", "Från", "Datum", "Ärende", "För kännedom", ("Här kommer en kort anteckning för kännedom.",)
    ),
    "DEU": MemoText(
        "Kurzmitteilung", "An", "Von", "Datum", "Betreff", "Zu Ihrer Information",
        ("zu Ihrer Information eine kurze Mitteilung von uns.",),
    ),
}  # fmt: skip

EMAIL: Mapping[str, LetterText] = {
    "ENG": LetterText(
        "News from {{ company.name }}",
        ("Just a short message from us at {{ company.name }}.",),
        ("If you have any questions, simply reply to this e-mail.",),
        "Kind regards,",
    ),
    "FRC": LetterText(
        "Des nouvelles de {{ company.name }}",
        ("Un petit mot de toute l’équipe de {{ company.name }}.",),
        ("Si vous avez des questions, il suffit de répondre à ce courriel.",),
        "Cordialement,",
    ),
    "FRS": LetterText(
        "Des nouvelles de {{ company.name }}",
        ("Un bref message de la part de {{ company.name }}.",),
        ("Si vous avez des questions, il vous suffit de répondre à cet e-mail.",),
        "Meilleures salutations",
    ),
    "SVE": LetterText(
        "Nyheter från {{ company.name }}",
        ("Bara en kort hälsning från oss på {{ company.name }}.",),
        ("Har du frågor är det bara att svara på det här mejlet.",),
        "Vänliga hälsningar",
    ),
    "DEU": LetterText(
        "Neues von {{ company.name }}",
        ("nur eine kurze Nachricht von uns bei {{ company.name }}.",),
        ("Wenn Sie Fragen haben, antworten Sie einfach auf diese E-Mail.",),
        "Freundliche Grüße",
    ),
}
