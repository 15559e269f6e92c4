"""Statistics: figures by period and by what interactions belong to, with the entries behind every number."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.campaigns import make_campaign
from tests.factories.contacts import make_contact
from tests.factories.interaction_templates import make_group, make_template
from tests.factories.interactions import make_entry, make_logged_segment
from tests.factories.setup import make_language, make_salesperson, make_user

STATISTICS = "/interaction-log/statistics/"
DAY = dt.date


@pytest.fixture
def reader(session, visitor):
    return visitor.sign_in(make_user(session, role="read_only"))


@pytest.fixture
def office(session):
    """Interactions of two months with everything interactions can belong to, cancelled ones, and some without anything."""
    company = make_contact(session, "C1", name="Nordlys")
    person = make_contact(session, "C2", name="Anna Berg", company=company)
    alone = make_contact(session, "C3", name="Bert Alone", type="person")
    owners = {
        "group_id": make_group(session, "LETTERS").id,
        "template_id": make_template(session, "BUS").id,
        "salesperson_id": make_salesperson(session, "HR").id,
        "campaign_id": make_campaign(session, "CP1").id,
        "logged_segment": make_logged_segment(session, "S1"),
    }
    for contact, day, values in (
        (company, DAY(2026, 10, 5), owners | {"campaign_target": True}),
        (person, DAY(2026, 10, 31), owners | {"campaign_target": True, "campaign_response": True}),
        (person, DAY(2026, 11, 1), owners | {"campaign_target": True}),
        (alone, DAY(2026, 11, 24), {}),
        (alone, DAY(2026, 11, 24), owners | {"canceled": True}),
        (alone, DAY(2025, 11, 30), owners),
    ):
        make_entry(session, contact, date=day, cost=1250, duration=10, **values)
    return owners | {"alone": alone}


def rows(page):
    """Name and numbers of every row of the table, the total included."""
    return {
        " ".join(row.xpath("string(th)").split()): [
            "".join(cell.xpath("./text()|a/text()")).strip() for cell in row.xpath("td")
        ]
        for row in page.tree.xpath("//table[@id='figures-table']//tr[td]")
    }


def links(page):
    """Where every number that is a link leads."""
    found = page.tree.xpath("//table[@id='figures-table']//td/a | //*[@id='totals']//a")
    return [(link.text_content(), link.get("href")) for link in found]


def test_nothing_yet_is_said(reader):
    page = reader.get(STATISTICS)
    assert "No interaction between these dates." in page.plain()
    assert not page.has("//svg[@role='img']")


def test_every_period_has_a_row_with_its_figures(reader, office):
    page = reader.get(STATISTICS)
    found = rows(page)
    assert len(found) == 13
    assert found["November 2026"] == ["2", "€25.00", "€12.50", "20", "10", "1", "0", "0.0%"]
    assert found["October 2026"][0] == "2"
    assert found["October 2026"][5:] == ["2", "1", "50.0%"]
    assert found["September 2026"][0] == "0"
    assert found["Total"][:2] == ["4", "€50.00"]
    assert page.text("#dates") == "01/12/2025 – 30/11/2026"


def test_the_chart_says_its_numbers(reader, office):
    page = reader.get(f"{STATISTICS}?figure=cost")
    for chart in page.tree.xpath("//svg[@role='img']"):
        title, desc = (page.text(f"#{chart.get(name)}") for name in ("aria-labelledby", "aria-describedby"))
        assert title == "Cost, 01/12/2025 – 30/11/2026"
        assert desc.endswith("October 2026: €25.00; November 2026: €25.00")
    assert len(page.tree.xpath("//svg[@role='img']")) == 2


@pytest.mark.parametrize("by", ["period", "group", "template", "salesperson", "contact", "campaign", "segment"])
@pytest.mark.parametrize("columns", ["figures", "periods"])
def test_every_number_leads_to_exactly_its_entries(reader, office, by, columns):
    page = reader.get(f"{STATISTICS}?by={by}&columns={columns}")
    counted = links(page)
    assert len(counted) > 8
    for number, url in counted:
        shown = reader.get(url).tree.xpath("//table[@id='entries']/tbody/tr[not(contains(@class, 'none'))]")
        amount = float(number.replace("€", ""))  # the office has fewer than ten entries, of 12.50 and ten minutes each
        entries = amount / 12.5 if "€" in number else amount / 10 if amount >= 10 else amount
        assert len(shown) == entries, f"{number} is {len(shown)} at {url}"


@pytest.mark.parametrize(
    ("query", "name", "numbers"),
    [
        ("by=contact", "Nordlys C1", ["3", "€37.50"]),
        ("by=contact", "Bert Alone C3", ["1", "€12.50"]),
        ("by=group", "LETTERS", ["3", "€37.50"]),
        ("by=group", "(blank)", ["1", "€12.50"]),
        ("by=segment", "S1 Logged", ["3", "€37.50"]),
        ("period=year", "2026", ["4", "€50.00"]),
        ("period=quarter", "Q4 2026", ["4", "€50.00"]),
        ("period=week", "Week 44 2026 26/10/2026 – 01/11/2026", ["2", "€25.00"]),
        ("period=day&to=2026-11-24", "24/11/2026", ["1", "€12.50"]),
        ("from=2026-10-10", "October 2026 10/10/2026 – 31/10/2026", ["1", "€12.50"]),
        ("company=C1&template=bus&period=year", "2026", ["3", "€37.50"]),
        ("canceled=yes", "November 2026", ["2", "€25.00"]),
        ("f.campaign_response=yes", "October 2026", ["1", "€12.50"]),
    ],
)
def test_rows_dates_and_filters_are_chosen(reader, office, query, name, numbers):
    assert (
        next(row for key, row in rows(reader.get(f"{STATISTICS}?{query}")).items() if key.startswith(name))[:2]
        == numbers
    )


def test_weeks_begin_where_the_reader_lives(session, visitor, office):
    visitor.sign_in(make_user(session, locale="fr_CA"))
    names = list(rows(visitor.get(f"{STATISTICS}?period=week&to=2026-11-24")))
    assert names[-2].endswith("2026-11-22 – 2026-11-24")


def test_the_dates_move_by_what_is_shown(reader, office):
    page = reader.get(f"{STATISTICS}?template=BUS")
    before = reader.get(page.one("#dates-before").get("href"))
    assert before.text("#dates") == "01/12/2024 – 30/11/2025"
    assert rows(before)["November 2025"][0] == "1"
    assert reader.get(before.one("#dates-after").get("href")).text("#dates") == "01/12/2025 – 30/11/2026"


def test_shorter_periods_are_offered_of_the_latest_dates(reader, office):
    page = reader.get(f"{STATISTICS}?from=2025-01-01&to=2026-11-30")
    day = reader.get(page.one("//a[@class='chip'][text()='Day']").get("href"))
    assert day.text("#dates") == "17/11/2026 – 30/11/2026"
    assert (
        reader.get(page.one("//a[@class='chip'][text()='Quarter']").get("href")).text("#dates").startswith("01/01/2025")
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=nonsense", "“nonsense” is not a date."),
        ("from=2026-02-01&to=2026-01-01", "This date is before the first one."),
        ("period=day&from=2020-01-01&to=2026-01-01", "There are more than 62 periods between these dates."),
        ("to=9999-12-31", "Enter a date between 1900 and 2199."),
        ("from=0001-01-01", "Enter a date between 1900 and 2199."),
        ("template=NOBODY", "There is no NOBODY."),
        ("f.cost=abc", "This filter cannot be read."),
    ],
)
def test_what_cannot_be_read_is_said_and_counts_nothing(reader, office, query, sentence):
    page = reader.get(f"{STATISTICS}?{query}")
    assert sentence in page.plain()
    assert "There is nothing to count." in page.plain()


def test_unknown_choices_are_passed_over(reader, office):
    assert len(rows(reader.get(f"{STATISTICS}?by=x&period=y&columns=z&figure=w"))) == 13


@pytest.mark.parametrize(
    "address",
    [
        "/interaction-groups/",
        "/interaction-templates/BUS/",
        "/setup/salespeople/HR/",
        "/contacts/C1/",
        "/contacts/C2/",
        "/campaigns/CP1/",
        "/logged-segments/S1",
        "/interaction-log/",
        "/interaction-templates/",
    ],
)
def test_pages_lead_to_their_statistics_and_back(session, browser, office, address):
    browser.sign_in(make_user(session, role="read_only"))
    page = browser.get(address)
    link = page.one("//a[contains(@href, '/statistics/')][contains(normalize-space(.), 'Statistics')]").get("href")
    shown = browser.get(link)
    assert shown.text("//h1") == "Statistics"
    assert shown.has("//table[@id='figures-table']")
    crumbs = [a.get("href") for a in shown.tree.xpath("//nav[@class='crumb']//a")]
    assert any(crumb.split("?")[0] == address for crumb in crumbs) or "by=" in link


def tiles(page):
    """The figures of everything, by their names."""
    return {
        tile.xpath("string(span)"): tile.xpath("string(b)").strip() for tile in page.tree.xpath("//*[@id='totals']/div")
    }


@pytest.mark.parametrize("by", ["period", "group", "template", "salesperson", "contact", "campaign", "segment"])
def test_the_chart_of_every_figure_has_the_numbers_of_the_table(reader, office, by):
    """The numbers behind a chart stand in its description, row by row, and in the table under it."""
    page = reader.get(f"{STATISTICS}?by={by}")
    heads = [
        head.text for head in page.tree.xpath("//table[@id='figures-table']//th[@scope='col'][contains(@class, 'num')]")
    ]
    names = [row.text.strip() for row in page.tree.xpath("//table[@id='figures-table']/tbody/tr/th")]
    numbers = [cells for name, cells in rows(page).items() if name != "Total"]
    assert len(names) == len(numbers) > 0
    chips = page.tree.xpath("//*[@id='figures']/a")
    assert [chip.text_content() for chip in chips] == heads
    for column, chip in enumerate(chips):
        chart = reader.get(chip.get("href")).tree.xpath("//svg[@role='img']")[-1]
        assert chart.xpath("string(title)").startswith(f"{heads[column]}, ")
        expected = [f"{name}: {cells[column]}" for name, cells in zip(names, numbers, strict=True)]
        assert chart.xpath("string(desc)").split("; ") == expected


def test_of_a_campaign_different_contacts_are_counted_too(session, reader, office):
    make_entry(session, office["alone"], date=DAY(2026, 10, 7), campaign_id=office["campaign_id"], campaign_target=True)
    found = tiles(reader.get(f"{STATISTICS}?campaign=CP1"))
    assert (found["Target contacts contacted"], found["Contacts responded"], found["Response rate"]) == (
        "4",
        "1",
        "25.0%",
    )
    assert found["Different contacts contacted"] == "3"
    assert found["Different contacts responded"] == "1"
    assert found["Response rate of contacts"] == "33.3%"
    october = tiles(reader.get(f"{STATISTICS}?campaign=CP1&from=2026-10-01&to=2026-10-10"))
    assert (october["Different contacts contacted"], october["Different contacts responded"]) == ("2", "0")
    assert "Different contacts contacted" not in tiles(reader.get(STATISTICS))


@pytest.mark.parametrize(
    ("locale", "rate", "cost", "number"),
    [
        ("en_GB", "33.3%", "€1,234,567,890.12", "12,345"),
        ("fr_CA", "33,3\u00a0%", "1\u00a0234\u00a0567\u00a0890,12\u00a0€", "12\u00a0345"),
        ("fr_CH", "33,3\u00a0%", "1\u202f234\u202f567\u202f890,12\u00a0€", "12\u202f345"),
        ("sv_SE", "33,3\u00a0%", "1\u00a0234\u00a0567\u00a0890,12\u00a0€", "12\u00a0345"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(session, visitor, locale, rate, cost, number):
    """Very large ones too, in the table and in the chart."""
    campaign = make_campaign(session, "CP1")
    for response in (True, False, False):
        make_entry(
            session, campaign_id=campaign.id, campaign_target=True, campaign_response=response, date=DAY(2026, 11, 2)
        )
    make_entry(session, campaign_id=campaign.id, cost=123456789012, duration=12345, date=DAY(2026, 11, 2))
    visitor.sign_in(make_user(session, locale=locale))
    page = visitor.get(f"{STATISTICS}?campaign=CP1&period=year&from=2026-01-01&to=2026-12-31&figure=cost")
    cells = rows(page)["2026"]
    assert {rate, cost, number} <= set(cells)
    assert f"2026: {cost}" in page.one("//*[@class='chart-rows']/desc").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Interactions that are not cancelled."),
        ("template=BUS&f.language=ENG", "Interaction template BUS Template BUS · Language code is ENG"),
        ("evaluation=blank&type=email", "Correspondence type: E-mail · Evaluation: (blank)"),
        ("segment=S1&f.campaign_response=yes", "Segment No.: S1 · Campaign response is yes"),
        ("f.cost=abc", "Interactions that are not cancelled."),
    ],
)
def test_what_is_counted_is_told_under_the_title(session, reader, office, query, said):
    make_language(session, "ENG")
    assert f"Statistics {said} Period" in reader.get(f"{STATISTICS}?{query}").plain()


def chart_texts(page):
    """What stands in the chart of columns: numbers over them, and what is under them."""
    numbers = [one.text for one in page.tree.xpath("//*[@class='chart-columns']//*[contains(@class, 'bn')]")]
    years = [one.text for one in page.tree.xpath("//*[@class='chart-columns']//*[@class='bl year']")]
    return numbers, years


def test_numbers_stand_over_columns_only_where_there_is_room(session, reader, office):
    assert chart_texts(reader.get(f"{STATISTICS}?figure=interactions"))[0] == ["2", "2"]
    assert chart_texts(reader.get(f"{STATISTICS}?figure=cost"))[0] == ["€25.00", "€25.00"]
    make_entry(session, date=DAY(2026, 9, 2), cost=123456)
    assert reader.get(f"{STATISTICS}?figure=cost").has("//*[@class='bn roomy']")
    make_entry(session, date=DAY(2026, 9, 2), cost=123456789)
    assert chart_texts(reader.get(f"{STATISTICS}?figure=cost"))[0] == []
    assert reader.get(f"{STATISTICS}?period=year&figure=cost").has("//*[@class='bn']")


def test_years_do_not_stand_in_each_other(session, reader, office):
    make_entry(session, date=DAY(2026, 1, 5))
    assert chart_texts(reader.get(f"{STATISTICS}?period=day&from=2025-12-30&to=2026-02-20"))[1] == ["2026"]
    assert chart_texts(reader.get(f"{STATISTICS}?period=day&from=2025-12-20&to=2026-02-18"))[1] == ["2025", "2026"]


def test_a_single_period_is_a_column_like_others(reader, office):
    page = reader.get(f"{STATISTICS}?period=year&from=2026-01-01&to=2026-12-31")
    (bar,) = page.tree.xpath("//*[@class='chart-columns']//*[@class='bv']")
    assert float(bar.get("width").rstrip("%")) < 15
    assert not page.has("//tfoot")
