"""Journeys in a real browser: the application on a port of its own, Chromium driven by Playwright, axe-core on every page."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from sqlalchemy.orm import Session
from waitress.server import create_server

from app import create_app
from blueprints.web.database import db
from blueprints.web.worker import Worker
from domain.database import make_engine
from tests.databases import create_tables
from tests.factories.accounts import PASSWORD

HERE = Path(__file__).parent
SETTLED = """() => Promise.race([new Promise(late => setTimeout(late, 3000)), Promise.all(document.getAnimations()
    .filter(one => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity)
    .map(one => one.finished.catch(() => null)))]).then(() => null)"""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser; without one they say so."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


class Server:
    """The application on a loopback port, with its worker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        url = f"sqlite:///{folder / 'segmenta.db'}"
        self.engine = make_engine(url)
        create_tables(self.engine)
        self.app = create_app(
            {
                "SQLALCHEMY_DATABASE_URI": url,
                "SECRET_KEY": "secret of the journeys",
                "DOCUMENTS_FOLDER": str(folder / "documents"),
                "JOBS_FOLDER": str(folder / "jobs"),
                "RATELIMIT_ENABLED": False,
                "WORKER": False,
            }
        )
        self.server = create_server(self.app, host="127.0.0.1", port=0, threads=8)
        self.url = f"http://127.0.0.1:{self.server.effective_port}"
        self.worker = Worker(self.app)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def start(self) -> None:
        """Answers from now on."""
        self.thread.start()
        self.worker.start()

    def stop(self) -> None:
        """Ends server, worker and connections."""
        self.worker.stop()
        self.server.task_dispatcher.shutdown()
        self.server.close()
        self.thread.join(timeout=10)
        with self.app.app_context():
            db.engine.dispose()
        self.engine.dispose()

    def session(self) -> Session:
        """A session on the server's database."""
        return Session(self.engine, expire_on_commit=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An application with an empty database, one for the tests of a file."""
    server = Server(tmp_path_factory.mktemp("office"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's connection."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all journeys."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


class Visit:
    """A window of somebody: collects what the page complains about, checks accessibility, takes pictures."""

    def __init__(self, chromium: Browser, server: Server, **options: Any) -> None:
        self.server = server
        self.context = chromium.new_context(
            base_url=server.url, **({"viewport": {"width": 1440, "height": 900}} | options)
        )
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        # answers 409 and 422 are refusals the page shows; Chromium reports them all the same
        refusal = re.compile(r"status of (409|422)")
        self.page.on(
            "console",
            lambda m: self.complaints.append(m.text) if m.type == "error" and not refusal.search(m.text) else None,
        )
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))

    def sign_in(self, url: str = "/", *, login: str = "anna") -> Page:
        """Signs somebody in on the way to a page. Gives the page."""
        self.page.goto(f"/sign-in?next={url}")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page).not_to_have_url(re.compile("/sign-in"))
        return self.page

    def axe(self, *, allow: frozenset[str] = frozenset()) -> None:
        """Looks for accessibility violations on the page as it stands; `close` fails when there were any.

        `allow`: named exceptions, explained where they are used.
        """
        self.page.evaluate(SETTLED)  # half faded in, a text has too little contrast
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        for violation in found["violations"]:
            if violation["id"] not in allow:
                places = [node["html"][:200] for node in violation["nodes"][:3]]
                self.complaints.append(f"{self.page.url}: {violation['id']}: {violation['help']}: {places}")

    def picture(self, name: str) -> None:
        """Saves a picture where `SEGMENTA_PICTURES` says (README, docs); else does nothing."""
        if folder := os.environ.get("SEGMENTA_PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.evaluate("document.querySelectorAll('.toast').forEach(toast => toast.remove())")
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def close(self) -> None:
        """Closes the window; the page must not have complained."""
        self.context.close()
        assert not self.complaints, "\n".join(self.complaints)


@pytest.fixture
def visit(chromium: Browser, server: Server) -> Iterator[Visit]:
    """A window on a large screen."""
    visit = Visit(chromium, server)
    yield visit
    visit.close()
