"""The people and companies of the demo: all invented. Some have holes on purpose, so that every rule can be seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class DemoCompany:
    """A company; `key` names it below."""

    key: str
    name: str
    address: str
    post_code: str
    city: str
    country: str
    language: str
    salesperson: str
    phone: str
    email: str
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoPerson:
    """A person; `company` is a key, '' for somebody without company. `more`: other fields of the contact."""

    company: str
    first_name: str
    surname: str
    job_title: str
    salutation: str
    email: str = ""
    more: dict[str, Any] = field(default_factory=dict)


# code, name, job title, phone, e-mail
SALESPEOPLE = (
    ("AH", "Agnes Hallqvist", "Sales Manager", "+46 8 555 010 01", "agnes.hallqvist@lindholm.example"),
    ("JP", "Jonas Pemberton", "Account Manager", "+44 117 496 0102", "jonas.pemberton@lindholm.example"),
    ("LC", "Léa Corminboeuf", "Account Manager", "+41 21 555 01 03", "lea.corminboeuf@lindholm.example"),
    ("TB", "Théo Bellavance", "Account Manager", "+1 418 555 0104", "theo.bellavance@lindholm.example"),
)

COMPANIES = (
    DemoCompany("finch", "Harbour & Finch Ltd", "7 Cooper’s Wharf", "BS1 6ZZ", "Bristol", "GB", "ENG", "JP",
                "+44 117 496 0200", "hello@harbourfinch.example"),
    DemoCompany("kestrel", "Kestrel Print Works", "Unit 4, Mill Yard", "LS9 8ZZ", "Leeds", "GB", "ENG", "JP",
                "+44 113 496 0210", "office@kestrelprint.example"),
    DemoCompany("maple", "Maple Row Books", "1204 Spring Garden Road", "B3H 0A1", "Halifax", "CA", "ENG", "TB",
                "+1 902 555 0220", "desk@maplerow.example", {"county": "NS"}),
    DemoCompany("boreal", "Atelier Boréal inc.", "455, rue du Pont", "G1K 0A2", "Québec", "CA", "FRC", "TB",
                "+1 418 555 0230", "info@atelierboreal.example", {"county": "QC"}),
    DemoCompany("erable", "Érable & Fils ltée", "88, chemin des Pins", "J1H 0A3", "Sherbrooke", "CA", "FRC", "TB",
                "+1 819 555 0240", "bonjour@erablefils.example", {"county": "QC"}),
    DemoCompany("lac", "Chocolaterie du Lac SA", "Quai Perdonnet 90", "1800", "Vevey", "CH", "FRS", "LC",
                "+41 21 555 02 50", "contact@chocolateriedulac.example"),
    DemoCompany("rochat", "Imprimerie Rochat-Dubuis Sàrl", "Chemin des Ateliers 3", "1004", "Lausanne", "CH", "FRS",
                "LC", "+41 21 555 02 60", "atelier@rochatdubuis.example"),
    DemoCompany("tannhof", "Tannhof Möbel AG", "Sägeweg 11", "8400", "Winterthur", "CH", "DES", "LC",
                "+41 52 555 02 70", "info@tannhof.example"),
    DemoCompany("wolke", "Buchhandlung Wolkenstein GmbH", "Salzgasse 5", "79098", "Freiburg", "DE", "DEU", "LC",
                "+49 761 5550 280", "laden@wolkenstein.example"),
    DemoCompany("norr", "Norrskär Bokhandel AB", "Rådhusesplanaden 2", "903 28", "Umeå", "SE", "SVE", "AH",
                "+46 90 555 02 90", "info@norrskar.example"),
    DemoCompany("oster", "Östergren & Döttrar AB", "Haga Nygata 31", "413 01", "Göteborg", "SE", "SVE", "AH",
                "+46 31 555 03 00", "hej@ostergren.example"),
    DemoCompany("angs", "Ängsmarks Gårdsbutik", "Ängsvägen 1", "621 90", "Visby", "SE", "SVE", "AH",
                "+46 498 555 03 10", "", {"correspondence_type": "hard_copy"}),
)  # fmt: skip

PEOPLE = (
    DemoPerson("finch", "Imogen", "Harbour", "Managing Director", "F", "imogen@harbourfinch.example"),
    DemoPerson("finch", "Dexter", "Finch", "Buyer", "M", "dexter@harbourfinch.example"),
    DemoPerson("finch", "Priya", "Wadham", "Office Manager", "F", "priya@harbourfinch.example"),
    DemoPerson("finch", "Rowan", "Ashdown", "Apprentice", "UNISEX", "rowan@harbourfinch.example", {"minor": True}),
    DemoPerson("kestrel", "Conrad", "Thackray", "Owner", "M", "conrad@kestrelprint.example"),
    DemoPerson("kestrel", "Bea", "Ollerton", "Accounts", "F", "bea@kestrelprint.example"),
    # the same person once more, entered twice
    DemoPerson("kestrel", "Beatrice", "Ollerton", "Accounts", "F", "b.ollerton@kestrelprint.example"),
    DemoPerson("maple", "Harriet", "MacKinley", "Owner", "F", "harriet@maplerow.example"),
    DemoPerson("maple", "Owen", "Tremblett", "Bookseller", "M", "owen@maplerow.example"),
    DemoPerson("maple", "Noor", "Haddadi", "Bookseller", "UNISEX", "noor@maplerow.example"),
    DemoPerson("boreal", "Maxime", "Desrosiers-Roy", "Directeur artistique", "M", "maxime@atelierboreal.example"),
    DemoPerson("boreal", "Océane", "Lafrenière", "Responsable des achats", "F", "oceane@atelierboreal.example"),
    DemoPerson("boreal", "Zoé", "Bellehumeur", "Designer", "F", "zoe@atelierboreal.example"),
    DemoPerson("erable", "Gaétan", "Thériault-Cyr", "Président", "M", "gaetan@erablefils.example"),
    # e-mail is the preferred way, and there is no address
    DemoPerson("erable", "Mireille", "Vadnais", "Secrétaire", "F", "", {"correspondence_type": "email"}),
    DemoPerson("erable", "Loïc", "Arsenault", "Vendeur", "M", "loic@erablefils.example"),
    DemoPerson("lac", "Solange", "Pittet", "Directrice", "F", "solange@chocolateriedulac.example"),
    DemoPerson("lac", "Blaise", "Ducraux", "Acheteur", "M", "blaise@chocolateriedulac.example"),
    # Italian has no formula of its own: the salutation falls back
    DemoPerson("lac", "Fiorella", "Bernasconi", "Responsabile qualità", "F", "fiorella@chocolateriedulac.example",
               {"language": "ITA"}),
    DemoPerson("rochat", "Yannick", "Rochat", "Directeur", "M", "yannick@rochatdubuis.example"),
    DemoPerson("rochat", "Aline", "Dubuis", "Responsable de production", "F", "aline@rochatdubuis.example"),
    DemoPerson("rochat", "Mathis", "Curchod", "Polygraphe", "M", "mathis@rochatdubuis.example"),
    DemoPerson("tannhof", "Urs", "Ammannegger", "Geschäftsführer", "M", "urs@tannhof.example"),
    DemoPerson("tannhof", "Regula", "Zürrer", "Einkauf", "F", "regula@tannhof.example"),
    DemoPerson("wolke", "Friederike", "Wolkenstein", "Inhaberin", "F", "friederike@wolkenstein.example"),
    DemoPerson("wolke", "Jörg", "Ettlinger", "Buchhändler", "M", "joerg@wolkenstein.example"),
    DemoPerson("wolke", "Käthe", "Süßkind", "Veranstaltungen", "F", "kaethe@wolkenstein.example"),
    DemoPerson("norr", "Sixten", "Norrskär", "Butikschef", "M", "sixten@norrskar.example"),
    DemoPerson("norr", "Ylva", "Ågren", "Inköpare", "F", "ylva@norrskar.example"),
    DemoPerson("norr", "Elis", "Öqvist", "Bokhandlare", "UNISEX", "elis@norrskar.example"),
    DemoPerson("oster", "Gunvor", "Östergren", "VD", "F", "gunvor@ostergren.example"),
    DemoPerson("oster", "Tuva", "Östergren", "Marknadschef", "F", "tuva@ostergren.example;tuva.privat@post.example"),
    DemoPerson("oster", "Åke", "Lövdahl", "Ekonomi", "M", "ake@ostergren.example"),
    DemoPerson("angs", "Börje", "Ängsmark", "Ägare", "M", "", {"correspondence_type": "hard_copy"}),
    DemoPerson("angs", "Kerstin", "Ängsmark", "Ägare", "F", "", {"exclude_from_segment": True}),
    # they belong to no company
    DemoPerson("", "Winifred", "Larkspur", "", "F", "winifred@post.example",
               {"address": "3 Lantern Close", "post_code": "BA1 0ZZ", "city": "Bath", "country": "GB",
                "language": "ENG", "salesperson": "JP"}),
    DemoPerson("", "Étienne", "Morency-Paquet", "", "M", "etienne@post.example",
               {"address": "12, rue des Érables", "post_code": "G1R 0A4", "city": "Québec", "county": "QC",
                "country": "CA", "language": "FRC", "salesperson": "TB"}),
    DemoPerson("", "Signe", "Thorildsson", "", "F", "signe@post.example",
               {"address": "Slottsgatan 9", "post_code": "722 11", "city": "Västerås", "country": "SE",
                "language": "SVE", "salesperson": "AH", "privacy_blocked": True}),
    DemoPerson("", "Gottfried", "Anselmy", "", "M", "",
               {"address": "Am Rebhang 14", "post_code": "79100", "city": "Freiburg", "country": "DE",
                "language": "DEU", "salesperson": "LC"}),
    DemoPerson("", "Colette", "Jaquemard", "", "F", "colette@post.example",
               {"address": "Rue de la Tour 20", "post_code": "1004", "city": "Lausanne", "country": "CH",
                "language": "FRS", "salesperson": "LC"}),
)  # fmt: skip
