"""The client layer (static/app.js): what every page that saves itself relies on, on a worksheet of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.workbench import Workbench


@pytest.fixture(scope="module")
def workbench() -> Iterator[Workbench]:
    """The server."""
    workbench = Workbench()
    yield workbench
    workbench.stop()


@pytest.fixture
def bench(workbench: Workbench) -> Workbench:
    """A fresh worksheet."""
    workbench.reset()
    return workbench


@pytest.fixture
def page(chromium: Browser, bench: Workbench) -> Iterator[Page]:
    """The worksheet in a window; it must not complain, except about refusals that are expected."""
    context = chromium.new_context(base_url=bench.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    yield page
    context.close()
    expected = ("status of 422", "ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    assert not [text for text in complaints if not any(part in text for part in expected)]


def until(page: Page, condition: Callable[[], object]) -> None:
    """Waits until something has reached the server."""
    for _ in range(200):
        if condition():
            return
        page.wait_for_timeout(25)
    raise AssertionError("this did not happen within 5 seconds")


def focused(page: Page) -> str:
    """The id of the element with the focus."""
    return str(page.evaluate("document.activeElement.id"))


def test_leaving_a_cell_saves_only_what_changed_with_what_was_shown(page: Page, bench: Workbench) -> None:
    """B26."""
    page.fill("#line-1-text", "Hello")
    page.press("#line-1-text", "Enter")
    until(page, lambda: bench.posts("/lines/1"))
    assert bench.posts("/lines/1") == [{"text": "Hello", "was-text": ""}]
    assert focused(page) == "line-1-kind"
    expect(page.locator("#line-1 td.over")).to_have_count(1)
    expect(page.locator("#saved")).to_contain_text("All changes saved")


def test_what_is_typed_while_a_save_is_under_way_stays(page: Page, bench: Workbench) -> None:
    bench.hold.clear()
    page.fill("#line-1-text", "first")
    page.locator("#line-1-date").focus()
    until(page, lambda: bench.posts("/lines/1"))
    page.fill("#line-1-date", "1/12")
    page.locator("#line-1-text").focus()
    page.keyboard.type(" and more")
    bench.hold.set()
    until(page, lambda: len(bench.posts("/lines/1")) == 2)
    expect(page.locator("#line-1 td.over")).to_have_count(2)
    assert page.input_value("#line-1-date") == "1/12"
    assert page.input_value("#line-1-text").endswith(" and more")
    assert focused(page) == "line-1-text"


def test_a_refused_cell_is_said_aloud_and_sent_again(page: Page, bench: Workbench) -> None:
    page.fill("#line-2-date", "?")
    page.press("#line-2-date", "Enter")
    expect(page.locator("#line-2-date")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#announce")).to_have_text("Date, Contact 2: Not a date.")
    expect(page.locator("#saved")).to_contain_text("Not saved")
    page.fill("#line-2-text", "x")
    page.press("#line-2-text", "Enter")
    until(page, lambda: len(bench.posts("/lines/2")) == 2)
    assert bench.posts("/lines/2")[1] == {"text": "x", "was-text": "", "date": "?", "was-date": ""}
    page.fill("#line-2-date", "1/12")
    page.press("#line-2-date", "Enter")
    expect(page.locator("#saved")).to_contain_text("All changes saved")


def test_nothing_changed_is_not_sent(page: Page, bench: Workbench) -> None:
    page.fill("#line-1-text", "x")
    page.press("#line-1-text", "Escape")
    assert page.input_value("#line-1-text") == ""
    page.dispatch_event("#line-1-text", "change")
    page.fill("#line-2-text", "y")
    page.press("#line-2-text", "Enter")
    until(page, lambda: bench.posts("/lines/2"))
    assert bench.posts("/lines/1") == []


def test_the_keys_of_a_spreadsheet(page: Page, bench: Workbench) -> None:
    page.fill("#line-1-text", "copy me")
    page.press("#line-1-text", "ArrowDown")
    assert focused(page) == "line-2-text"
    page.keyboard.press("F8")
    until(page, lambda: bench.posts("/lines/2"))
    assert bench.posts("/lines/2") == [{"text": "copy me", "was-text": ""}]
    page.locator("#line-2-text").focus()
    page.keyboard.press("Control+End")
    assert focused(page) == "line-6-text"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "line-6-kind"
    page.keyboard.press("Shift+Enter")
    assert focused(page) == "line-6-text"
    page.keyboard.press("Alt+n")
    assert focused(page) == "new-contact"


def test_a_card_saves_its_fields_and_an_unticked_box(page: Page, bench: Workbench) -> None:
    page.fill("#caption", "Autumn fair")
    page.press("#caption", "Enter")
    until(page, lambda: len(bench.posts("/header")) == 1)
    assert focused(page) == "person"
    page.uncheck("#wanted")
    until(page, lambda: len(bench.posts("/header")) == 2)
    assert bench.posts("/header") == [{"caption": "Autumn fair", "was-caption": "Fair"}, {"was-wanted": "1"}]
    expect(page.locator("#wanted")).not_to_be_checked()
    page.locator("#general summary").click()
    page.evaluate("htmx.trigger('#header', 'change')")
    expect(page.locator("#general")).not_to_have_attribute("open", "")


def test_a_lookup_asks_for_what_is_typed_and_posts_the_key(page: Page, bench: Workbench) -> None:
    page.locator("#person").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#lookup-list li")).to_have_count(3)
    page.fill("#person", "ann")
    expect(page.locator("#lookup-list li")).to_have_count(2)
    expect(page.locator("#person")).to_have_attribute("aria-activedescendant", "lookup-option-1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    until(page, lambda: bench.posts("/header"))
    assert bench.posts("/look-up") == [{"q": ""}, {"q": "ann"}]
    assert bench.posts("/header") == [{"person": "P3", "was-person": "JR · John"}]
    expect(page.locator("#lookup")).to_be_hidden()


def test_a_contact_typed_into_the_last_row_is_added_once(page: Page, bench: Workbench) -> None:
    page.keyboard.press("Alt+n")
    page.keyboard.type("nobody known")
    expect(page.locator("#lookup-count")).to_have_text("0 found")
    page.keyboard.press("Enter")
    expect(page.locator("[data-line]")).to_have_count(8)
    page.keyboard.press("Tab")
    assert bench.posts("/lines") == [{"contact": "nobody known"}]
    expect(page.locator("#lookup")).to_be_hidden()


def test_a_pasted_column_goes_to_the_paste_form(page: Page, bench: Workbench) -> None:
    page.locator("#new-contact").focus()
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData('text/plain', 'C1\\nC2\\n');
        const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(paste); }"""
    )
    expect(page.locator("#dialog")).to_be_visible()
    assert bench.posts("/paste") == [{"pasted": "C1\nC2"}]


def test_selected_rows_are_removed_and_the_toast_undoes_it(page: Page, bench: Workbench) -> None:
    boxes = page.locator("[data-select]")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator(".bulk-n")).to_have_text("3 selected")
    assert page.evaluate("document.querySelector('[data-select-all]').indeterminate")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("[data-line]")).to_have_count(4)
    assert bench.posts("/remove")[0]["sel"] == ["2", "3", "4"]
    expect(page.locator("#bulk")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    until(page, lambda: bench.posts("/undo") == [{}])
    expect(page.locator(".toast")).to_have_count(0)


def test_all_that_match_are_sent_as_such(page: Page, bench: Workbench) -> None:
    page.locator("[data-select-all]").click()
    page.get_by_role("button", name="Select all 1240 matching").click()
    expect(page.locator(".bulk-n")).to_have_text("All 1240 matching are selected")
    page.get_by_role("button", name="Remove").click()
    until(page, lambda: bench.posts("/remove"))
    assert bench.posts("/remove")[0]["all_matching"] == "1"


def test_a_dialog_opens_by_its_key_keeps_errors_and_gives_the_focus_back(page: Page, bench: Workbench) -> None:
    page.keyboard.press("F9")
    expect(page.locator("#dialog")).to_be_visible()
    page.get_by_role("button", name="Log 6").click()
    expect(page.locator("#reason-error")).to_have_text("Say why.")
    assert focused(page) == "reason"
    page.locator("#campaign").focus()
    page.keyboard.type("bo")
    page.locator("#lookup-list li", has_text="Bo Lind").click()
    page.fill("#reason", "Because")
    page.get_by_role("button", name="Log 6").click()
    expect(page.locator("#dialog")).to_be_hidden()
    assert bench.posts("/dialog")[-1] == {"reason": "Because", "campaign": "P2"}
    page.keyboard.press("Control+/")
    expect(page.locator("#dialog")).to_contain_text("Keyboard shortcuts")
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#lookup")).to_have_count(1)


def test_a_dialog_takes_the_focus_once_and_not_from_who_already_types(page: Page) -> None:
    page.clock.install(time=0)
    page.clock.pause_at(1_000)  # HTMX settles when the clock says so: as late as on a busy machine
    page.keyboard.press("F9")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("why")
    page.keyboard.press("Tab")
    page.keyboard.type("bo")
    page.clock.run_for(100)
    expect(page.locator("#dialog .htmx-settling")).to_have_count(0)
    page.keyboard.type(" lind")
    assert (page.input_value("#reason"), page.input_value("#campaign")) == ("why", "bo lind")


def test_alt_enter_saves_the_cell_and_opens_the_line(page: Page, bench: Workbench) -> None:
    page.fill("#line-2-text", "typed")
    page.press("#line-2-text", "Alt+Enter")
    expect(page.locator("#dialog")).to_be_visible()
    assert [where for where, _ in bench.posted if where in ("/lines/2", "/dialog")] == ["/lines/2", "/dialog"]
    page.keyboard.press("Escape")
    expect(page.locator("#line-2-text")).to_be_focused()
    page.locator("#line-3 [data-open]").click()
    expect(page.locator("#dialog")).to_be_visible()


def test_f3_reaches_the_search_while_lines_are_selected(page: Page) -> None:
    page.locator("[data-select]").first.click()
    expect(page.locator("#list-search")).to_be_hidden()
    page.keyboard.press("F3")
    expect(page.locator("#list-search")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#list-search")).to_be_hidden()
    expect(page.locator(".bulk-n")).to_have_text("1 selected")


def test_the_newer_undo_takes_the_place_of_the_older_and_three_notes_are_enough(page: Page, bench: Workbench) -> None:
    for left in (5, 4):
        page.locator("[data-select]").first.click()
        page.get_by_role("button", name="Remove").click()
        expect(page.locator("#lines-body [data-line], #lines tbody [data-line]")).to_have_count(left)
    expect(page.locator(".toast")).to_have_count(1)
    page.evaluate(
        """() => ['one', 'two', 'three', 'four'].forEach(text => {
        const toast = document.querySelector('#toast-template').content.firstElementChild.cloneNode(true);
        toast.className = 'toast info'; toast.querySelector('p').textContent = text; document.querySelector('#toasts').append(toast); })"""
    )
    expect(page.locator(".toast p")).to_have_text(["two", "three", "four"])


def test_actions_stay_in_their_bar_while_there_is_room(page: Page) -> None:
    bar, more = page.locator("#actions"), page.locator("#actions .more")
    expect(bar.locator("> .btn", has_text="Read everything that was typed since yesterday once again")).to_be_visible()
    expect(more).to_be_hidden()
    page.set_viewport_size({"width": 740, "height": 800})
    expect(bar.locator("> .btn", has_text="Read everything that was typed since yesterday once again")).to_be_hidden()
    expect(bar.locator("> .btn", has_text="Send them all a letter by post")).to_be_visible()
    more.locator("summary").click()
    expect(more.locator(".menu-list > :visible")).to_have_text(
        ["Read everything that was typed since yesterday once again"]
    )


def test_what_could_not_be_sent_stays_and_goes_when_the_server_is_back(page: Page, bench: Workbench) -> None:
    page.context.set_offline(True)
    page.fill("#line-3-text", "kept")
    page.press("#line-3-text", "Enter")
    expect(page.locator(".toast")).to_contain_text("cannot be reached")
    expect(page.locator("#saved")).to_contain_text("Not saved")
    assert page.input_value("#line-3-text") == "kept"
    page.context.set_offline(False)
    until(page, lambda: bench.posts("/lines/3"))
    expect(page.locator("#saved")).to_contain_text("All changes saved")


def test_the_details_follow_the_row_and_can_be_put_away(page: Page) -> None:
    page.locator("#line-4-text").focus()
    expect(page.locator("#factbox")).to_have_text("Details of 4")
    page.keyboard.press("Alt+F2")
    expect(page.locator("#factbox")).to_be_hidden()
    page.reload()
    expect(page.locator("#factbox")).to_be_hidden()
    page.keyboard.press("Alt+F2")
    expect(page.locator("#factbox")).to_be_visible()
