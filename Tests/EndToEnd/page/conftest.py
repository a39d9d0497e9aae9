"""A real browser, and the page for operators in it."""

import os
import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect, sync_playwright

expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium") or pytest.skip("there is no chromium")
    with sync_playwright() as playwright:
        # Its sandbox needs what containers and root do not have; the only page it sees is ours.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """visit(gateway, **context): a context manager with the page, on which nothing may go wrong in silence."""

    @contextmanager
    def visiting(gateway, *, allowed=(), **options):
        context = browser.new_context(**options)
        page = context.new_page()
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith(gateway.url) else None)
        page.goto(f"{gateway.url}/")
        try:
            yield page
            shots = os.environ.get("PAGE_SCREENSHOTS")
            if shots:
                name = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
                page.screenshot(path=f"{shots}/{name}.png", full_page=True)
        finally:
            context.close()
        assert [complaint for complaint in complaints if not any(part in complaint for part in allowed)] == []

    return visiting
