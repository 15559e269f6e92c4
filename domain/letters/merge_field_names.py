"""The names of the merge fields: one row per field (decisions B21). Read through domain.letters.merge_fields.

A row: our tag · NAV's English name · French (Switzerland) · French (Canada) · Swedish · further names, parted by commas.
The French and Swedish names are built from the words of the glossary; the further names are those of Word's and Outlook's
own mail merge, of the thank-you letters that come with Business Central, and what people type.
"""

from __future__ import annotations

NAMES = """
entry_no | Entry No. | N° séquence | N° écriture | Löpnr | Entry Number
letter_code | Letter Code | Code de la lettre | Code de la lettre | Brevkod | Code of the Letter
contact.mail_address | Contact Mail Address | Adresse postale du contact | Adresse postale du contact | Kontaktens postadress | Mail Address, Mailing Address, Address Block, Bloc adresse, Adressblock
contact.no | Contact No. | N° contact | N° contact | Kontaktnr | No., Contact Number, Unique Identifier, Customer ID, N° du contact
contact.company_name | Contact Company Name | Nom de la société | Nom de la compagnie | Företagsnamn | Company, Company Name, Organization, Organisation, Société, Compagnie, Entreprise, Nom de l'entreprise, Företag, Kontaktens företagsnamn, Nom société contact
contact.name | Contact Name | Nom du contact | Nom du contact | Kontaktnamn | Name, Full Name, Nom, Namn, Nom complet, Fullständigt namn, Kontaktens namn
contact.name_2 | Contact Name 2 | Nom du contact 2 | Nom du contact 2 | Kontaktnamn 2 | Name 2, Nom 2, Namn 2
contact.first_name | Contact First Name | Prénom du contact | Prénom du contact | Kontaktens förnamn | First Name, Given Name, Prénom, Förnamn
contact.middle_name | Contact Middle Name | Deuxième prénom du contact | Deuxième prénom du contact | Kontaktens mellannamn | Middle Name, Deuxième prénom, Mellannamn
contact.surname | Contact Surname | Nom de famille du contact | Nom de famille du contact | Kontaktens efternamn | Surname, Last Name, Family Name, Nom de famille, Efternamn
contact.initials | Contact Initials | Initiales du contact | Initiales du contact | Kontaktens initialer | Initials, Initiales, Initialer
contact.courtesy_title | Contact Courtesy Title | Titre de civilité du contact | Titre de civilité du contact | Kontaktens titel | Courtesy Title, Title, Civilité, Titre de civilité, Titre, Titel
contact.address | Contact Address | Adresse du contact | Adresse du contact | Kontaktens adress | Address, Address 1, Address Line 1, Street, Street Address, Business Street, Business Address, Business Address Street, Home Street, Home Address, Home Address Street, Adresse, Adresse 1, Rue, Adress, Adress 1, Gatuadress
contact.address_2 | Contact Address 2 | Adresse du contact 2 | Adresse du contact 2 | Kontaktens adress 2 | Address 2, Address Line 2, Business Street 2, Home Street 2, Adresse 2, Adress 2
contact.post_code | Contact Post Code | NPA du contact | Code postal du contact | Kontaktens postnr | Post Code, Postcode, Postal Code, ZIP, ZIP Code, ZIP Postal Code, Business Postal Code, Business Address Postal Code, Home Postal Code, Home Address Postal Code, Code postal, CP, NPA, Postnr, Postnummer
contact.city | Contact City | Localité du contact | Ville du contact | Kontaktens ort | City, Town, Business City, Business Address City, Home City, Home Address City, Ville, Localité, Ort, Stad
contact.county | Contact County | Canton du contact | Province du contact | Kontaktens län | County, State, Province, Region, State or Province, Business State, Business Address State, Home State, Home Address State, Canton, Comté, Région, Län, Delstat
contact.country | Contact Country/Region Name | Pays/région du contact | Pays/région du contact | Kontaktens land/region | Country, Country/Region, Country/Region Name, Country/Region Code, Country or Region, Contact Country/Region Code, Business Country/Region, Business Country, Business Address Country, Home Country/Region, Home Country, Home Address Country, Pays, Pays/région, Code pays/région, Pays ou région, Land, Land/region, Lands-/regionskod, Land eller region
contact.job_title | Contact Job Title | Fonction du contact | Fonction du contact | Kontaktens befattning | Job Title, Contact Title, Fonction, Titre du poste, Befattning
contact.phone | Contact Phone No. | N° téléphone du contact | N° téléphone du contact | Kontaktens telefonnr | Phone, Phone No., Phone Number, Telephone, Business Phone, Work Phone, Primary Phone, Company Main Phone, Home Phone, Téléphone, N° téléphone, N° de téléphone, Telefon, Telefonnr, Telefonnummer
contact.fax | Contact Fax No. | N° télécopie du contact | N° télécopieur du contact | Kontaktens faxnr | Fax, Fax No., Fax Number, Business Fax, Home Fax, Télécopie, Télécopieur, N° télécopie, N° télécopieur, Faxnr, Faxnummer
contact.email | Contact E-Mail | E-mail du contact | Courriel du contact | Kontaktens e-post | E-Mail, E-Mail Address, E-Mail 1, E-Mail 1 Address, Courriel, Adresse e-mail, Adresse de courriel, E-post, E-postadress
contact.mobile | Contact Mobile Phone No. | N° mobile du contact | N° cellulaire du contact | Kontaktens mobilnr | Mobile, Mobile Phone, Mobile Phone No., Mobile Phone Number, Cell Phone, N° mobile, N° cellulaire, Mobilnr, Mobilnummer
contact.vat_no | Contact VAT Registration No. | N° TVA du contact | N° TVA du contact | Kontaktens momsregistreringsnr | VAT No., VAT Registration No., N° TVA, Momsregistreringsnr
contact.home_page | Contact Home Page | Site Web du contact | Site Web du contact | Kontaktens webbplats | Home Page, Web Page, Website, Web Site, Site Web, Page Web, Webbplats, Hemsida
salutation.formal | Formal Salutation | Formule de salutation formelle | Formule d’appel formelle | Formell hälsningsfras | Salutation, Greeting Line, Formule de salutation, Formule d'appel, Hälsningsfras
salutation.informal | Informal Salutation | Formule de salutation informelle | Formule d’appel informelle | Informell hälsningsfras | Informal Greeting
salesperson.code | Salesperson/Purchaser Code | Code vendeur | Code représentant | Säljarkod | Salesperson Code, Code vendeur/acheteur
salesperson.name | Salesperson/Purchaser Name | Nom du vendeur | Nom du représentant | Säljarens namn | Salesperson, Salesperson Name, Vendeur, Représentant, Säljare, Nom vendeur/acheteur
salesperson.job_title | Salesperson/Purchaser Job Title | Fonction du vendeur | Fonction du représentant | Säljarens befattning | Salesperson Job Title
salesperson.phone | Salesperson/Purchaser Phone No. | N° téléphone du vendeur | N° téléphone du représentant | Säljarens telefonnr | Salesperson Phone No., Salesperson Phone
salesperson.email | Salesperson/Purchaser E-Mail | E-mail du vendeur | Courriel du représentant | Säljarens e-post | Salesperson E-Mail
document.date | Document Date | Date du document | Date du document | Dokumentdatum | Date, Letter Date, Datum
document.campaign_no | Document Campaign No. | N° campagne du document | N° campagne du document | Dokumentets kampanjnr | Campaign No., N° campagne, Kampanjnr
document.segment_no | Document Segment No. | N° segment du document | N° segment du document | Dokumentets segmentnr | Segment No., N° segment, Segmentnr
document.description | Document Description | Description du document | Description du document | Dokumentbeskrivning | Description, Beskrivning
document.subject | Document Subject | Objet du document | Objet du document | Dokumentets ämne | Subject, Objet, Ämne
document.evaluation | Document Evaluation | Évaluation du document | Évaluation du document | Dokumentets utvärdering | Evaluation, Évaluation, Utvärdering
campaign.description | Campaign Description | Description de la campagne | Description de la campagne | Kampanjbeskrivning | Campaign, Campaign Name, Campagne, Kampanj
company.name | Company Information Name | Informations société Nom | Informations compagnie Nom | Företagsinformation Namn | Our Company, Our Company Name, Notre société, Notre compagnie, Vårt företag
company.name_2 | Company Information Name 2 | Informations société Nom 2 | Informations compagnie Nom 2 | Företagsinformation Namn 2 |
company.address | Company Information Address | Informations société Adresse | Informations compagnie Adresse | Företagsinformation Adress | Our Address
company.address_2 | Company Information Address 2 | Informations société Adresse 2 | Informations compagnie Adresse 2 | Företagsinformation Adress 2 |
company.post_code | Company Information Post Code | Informations société NPA | Informations compagnie Code postal | Företagsinformation Postnr | Informations société Code postal
company.city | Company Information City | Informations société Localité | Informations compagnie Ville | Företagsinformation Ort | Informations société Ville
company.county | Company Information County | Informations société Canton | Informations compagnie Province | Företagsinformation Län |
company.country | Company Information Country/Region Name | Informations société Pays/région | Informations compagnie Pays/région | Företagsinformation Land/region | Company Information Country/Region Code
company.vat_no | Company Information VAT Registration No. | Informations société N° TVA | Informations compagnie N° TVA | Företagsinformation Momsregistreringsnr |
company.registration_no | Company Information Registration No. | Informations société N° registre | Informations compagnie N° registre | Företagsinformation Organisationsnr |
company.phone | Company Information Phone No. | Informations société N° téléphone | Informations compagnie N° téléphone | Företagsinformation Telefonnr | Company Phone No., Our Phone No.
company.fax | Company Information Fax No. | Informations société N° télécopie | Informations compagnie N° télécopieur | Företagsinformation Faxnr | Company Fax No., Our Fax No.
company.bank_branch_no | Company Information Bank Branch No. | Informations société N° agence bancaire | Informations compagnie N° succursale bancaire | Företagsinformation Bankkontorsnr |
company.bank_name | Company Information Bank Name | Informations société Nom de la banque | Informations compagnie Nom de la banque | Företagsinformation Banknamn | Bank Name
company.bank_account_no | Company Information Bank Account No. | Informations société N° compte bancaire | Informations compagnie N° compte bancaire | Företagsinformation Bankkontonr | Bank Account No.
company.giro_no | Company Information Giro No. | Informations société N° compte postal | Informations compagnie N° compte postal | Företagsinformation Girokontonr | Giro No.
company.email | Company Information E-Mail | Informations société E-mail | Informations compagnie Courriel | Företagsinformation E-post | Company E-Mail, Our E-Mail
company.home_page | Company Information Home Page | Informations société Site Web | Informations compagnie Site Web | Företagsinformation Webbplats | Company Home Page, Our Home Page
company.iban | Company Information IBAN | Informations société IBAN | Informations compagnie IBAN | Företagsinformation IBAN | IBAN
company.swift | Company Information SWIFT Code | Informations société Code SWIFT | Informations compagnie Code SWIFT | Företagsinformation SWIFT-kod | SWIFT, SWIFT Code, BIC
mail_to | FaxMailTo | E-mail ou télécopie du destinataire | Courriel ou télécopieur du destinataire | Mottagarens e-post eller fax | Fax Mail To
today | Today | Date du jour | Date du jour | Dagens datum | Today's Date, Aujourd'hui, Idag
comment | Personal Comment | Commentaire personnel | Commentaire personnel | Personlig kommentar | Comment, Commentaire, Kommentar
"""
