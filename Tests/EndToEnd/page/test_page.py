"""The page for operators in Chromium: what it shows, live, and what it lets whom do."""

import http.client
import os
import re
import shlex
import signal

from playwright.sync_api import expect

from support.control import controlled
from support.gateway import FIXTURE_SERVER, fixture

TOKEN = "operator-secret-tökén"
ADMIN = {"admin": {"tokens": [TOKEN]}}


def ask(gateway, method, path, **headers):
    """The status, the headers and the body. Playwright runs an event loop of its own here, so this has none."""
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, body


def row(page, name):
    return page.locator(f'tr[data-server="{name}"]')


def enter_token(page, token=TOKEN):
    if not page.locator("#token-dialog").is_visible():
        page.get_by_role("button", name="Token …").click()
    page.locator("#token").fill(token)
    page.locator("#token").press("Enter")


def open_tab(page, server, tab):
    row(page, server).get_by_role("button", name=server, exact=True).click()
    page.get_by_role("tab", name=tab).click()


def test_a_killed_server_is_seen_going_through_its_phases(visit):
    slow_start = fixture("--start-delay", "2500")
    with controlled({"steady": fixture(), "victim": slow_start}) as gateway, visit(gateway) as page:
        victim = row(page, "victim")
        expect(victim.locator(".phase")).to_have_text("ready")
        # Each phase is noted as it is shown, for the page may be faster than one who looks again and again.
        page.evaluate(
            """() => {
                const phase = document.querySelector('tr[data-server="victim"] .phase');
                window.phases = [phase.textContent];
                new MutationObserver(() => window.phases.push(phase.textContent)).observe(phase, {childList: true});
            }"""
        )
        os.kill(gateway.child("--start-delay").pid, signal.SIGKILL)
        expect(victim.locator('td[data-label="Restarts"]')).to_have_text("1")
        expect(victim.locator(".phase")).to_have_text("ready")
        assert [phase for phase in page.evaluate("window.phases") if phase != "backing-off"] == ["ready", "starting", "ready"]
        expect(victim.locator('td[data-label="Last exit"]')).to_have_text("was killed by signal 9")
        expect(row(page, "steady").locator('td[data-label="Restarts"]')).to_have_text("0")


def test_a_server_that_cannot_start_shows_when_it_is_tried_again_and_why(visit):
    with controlled({"broken": fixture("--exit-on-start", "3")}) as gateway, visit(gateway) as page:
        expect(row(page, "broken").locator('td[data-label="Next try"]')).to_have_text(re.compile(r"in \d+ s"))
        open_tab(page, "broken", "Lives")
        expect(page.locator("#panel tbody tr").first).to_contain_text("never ready")


def test_without_any_token_this_machine_looks_and_nobody_gives_orders(visit):
    with controlled({"a": fixture()}) as gateway, visit(gateway) as page:
        expect(row(page, "a").locator(".phase")).to_have_text("ready")
        expect(row(page, "a").get_by_role("button", name="Restart a")).to_be_disabled()
        open_tab(page, "a", "Tools")
        expect(page.locator('[data-tool="echo"]')).to_contain_text("echo")
        expect(page.locator("#panel form")).to_have_count(0)
        status, _, body = ask(gateway, "POST", "/api/v1/servers/a/restart")
        assert status == 403 and "mcpProxy.admin.tokens" in body


def test_with_tokens_it_shows_nothing_before_one_is_given_and_obeys_afterwards(visit):
    with controlled({"a": fixture()}, **ADMIN) as gateway, visit(gateway, allowed=["401"]) as page:
        expect(page.locator("#token-dialog")).to_be_visible()
        expect(row(page, "a")).to_have_count(0)
        enter_token(page, "wrong")
        # It has closed, and opens again; the notice may still be that of the first refusal.
        expect(page.locator("#token-dialog")).to_be_visible()
        expect(page.locator("#notice")).to_contain_text("missing or unknown token")
        enter_token(page)
        expect(row(page, "a").locator(".phase")).to_have_text("ready")
        row(page, "a").get_by_role("button", name="Stop a").click()
        expect(row(page, "a").locator(".phase")).to_have_text("stopped")
        row(page, "a").get_by_role("button", name="Start a", exact=True).click()
        expect(row(page, "a").locator(".phase")).to_have_text("ready")
        assert TOKEN not in page.content() and TOKEN not in gateway.log


def test_a_tool_is_tried_with_a_form_made_from_its_schema(visit):
    with controlled({"a": fixture(), "self": {"builtin": "gateway"}}, **ADMIN) as gateway, visit(gateway, allowed=["401"]) as page:
        enter_token(page)
        open_tab(page, "self", "Tools")
        tool = page.locator('[data-tool="server_status"]')
        tool.locator("summary").first.click()
        tool.get_by_label("server").fill("a")
        tool.get_by_role("button", name="Call").click()
        expect(tool.locator("form pre")).to_contain_text("ready")


def test_numbers_are_sent_as_they_are_typed(visit):
    with controlled({"a": fixture()}, **ADMIN) as gateway, visit(gateway, allowed=["401"]) as page:
        enter_token(page)
        open_tab(page, "a", "Tools")
        tool = page.locator('[data-tool="echo"]')
        tool.locator("summary").first.click()
        tool.get_by_label("Arguments as JSON").fill('{"number": 9007199254740993')
        tool.get_by_role("button", name="Call").click()
        expect(tool.locator("form pre")).to_contain_text("JSON")
        tool.get_by_label("Arguments as JSON").fill('{"number": 9007199254740993}')
        tool.get_by_role("button", name="Call").click()
        expect(tool.locator("form pre")).to_contain_text("9007199254740993")


def test_stderr_is_shown_as_it_comes_and_is_never_markup(visit):
    words = "<img src=x onerror=alert(1)>"
    server = {"command": "sh", "args": ["-c", f"echo {shlex.quote(words)} >&2; exec {FIXTURE_SERVER}"]}
    with controlled({"a": server}) as gateway, visit(gateway) as page:
        open_tab(page, "a", "stderr")
        expect(page.locator("#tail")).to_contain_text(words)
        assert page.locator("#panel img").count() == 0


def test_it_shows_what_connects_each_client_and_where(visit):
    with controlled({"team/a": fixture(options={"authTokens": ["client-token"]})}, **ADMIN) as gateway:
        with visit(gateway, allowed=["401"]) as page:
            enter_token(page)
            open_tab(page, "team/a", "Connect")
            entry = page.locator("#panel details", has_text="Claude Code").first
            entry.locator("summary").click()
            expect(entry.locator("pre")).to_contain_text(f"{gateway.url}/team/a/mcp")
            expect(entry.locator("pre")).to_contain_text("MCP_GATEWAY_TOKEN")
            assert page.locator("#panel details").count() == 12
            assert "client-token" not in page.content()


def test_a_server_that_floods_stderr_does_not_stop_the_page(visit):
    flood = "yes $(printf '%0200d' 0) | head -200000 >&2; exec " + str(FIXTURE_SERVER)
    with controlled({"a": {"command": "sh", "args": ["-c", flood]}}) as gateway, visit(gateway) as page:
        open_tab(page, "a", "stderr")
        expect(page.locator("#tail")).to_contain_text("0" * 200)
        page.get_by_role("tab", name="Lives").click()
        expect(page.locator("#panel")).to_contain_text("None has ended yet")


def test_a_tab_that_nobody_sees_hears_nothing_until_it_is_seen_again(visit):
    def be_hidden(page, hidden):
        page.evaluate(
            """hidden => {
                Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
                document.dispatchEvent(new Event('visibilitychange'));
            }""",
            hidden,
        )

    with controlled({"a": fixture()}) as gateway, visit(gateway) as page:
        expect(row(page, "a").locator(".phase")).to_have_text("ready")
        be_hidden(page, True)
        gateway.cli("stop", "a")
        # What is told to those who listen has been told when this is answered.
        page.evaluate("fetch('api/v1/version').then((answer) => answer.text())")
        assert row(page, "a").locator(".phase").inner_text() == "ready"
        be_hidden(page, False)
        expect(row(page, "a").locator(".phase")).to_have_text("stopped")


def test_secrets_of_the_configuration_are_masked(visit):
    secret = "hunter2-hunter2"
    with controlled({"a": fixture(env={"API_KEY": secret})}) as gateway, visit(gateway) as page:
        open_tab(page, "a", "Overview")
        expect(page.locator("#panel")).to_contain_text("API_KEY")
        assert secret not in page.content()


def test_it_comes_back_when_the_gateway_does(visit):
    with controlled({"a": fixture()}) as gateway, visit(gateway, allowed=["ERR_", "Failed to load"]) as page:
        expect(page.locator("#link")).to_have_text("live")
        gateway.finish()
        expect(page.locator("#link")).to_have_text("not connected")
        expect(page.locator("#notice")).to_contain_text("does not answer")
        with controlled({"b": fixture()}, addr=f"127.0.0.1:{gateway.port}"):
            expect(page.locator("#link")).to_have_text("live")
            expect(row(page, "b").locator(".phase")).to_have_text("ready")
            expect(row(page, "a")).to_have_count(0)


def test_it_can_be_read_on_a_phone_and_in_the_dark(visit):
    phone = {"viewport": {"width": 375, "height": 700}, "color_scheme": "dark"}
    with controlled({"a": fixture(), "a-server-with-a-rather-long-name": fixture()}) as gateway, visit(gateway, **phone) as page:
        expect(row(page, "a").locator(".phase")).to_have_text("ready")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 22)"


def test_it_runs_no_script_but_its_own_and_is_shown_in_no_frame():
    with controlled({"a": fixture()}) as gateway:
        _, headers, body = ask(gateway, "GET", "/", Accept="text/html")
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "frame-ancestors 'none'" in policy
        assert "<script>" not in body and "onclick" not in body and "style=" not in body
        # Whoever is no browser still learns what this is.
        assert ask(gateway, "GET", "/")[1]["content-type"] == "application/json"


def test_without_a_page_there_is_nothing_of_it():
    with controlled({"a": fixture()}, admin={"page": False}) as gateway:
        assert ask(gateway, "GET", "/", Accept="text/html")[1]["content-type"] == "application/json"
        assert [ask(gateway, "GET", path)[0] for path in ("/_ui/main.js", "/api/v1/status")] == [404, 404]


def test_where_a_server_asks_for_a_token_nobody_looks_without_an_operators():
    with controlled({"a": fixture(options={"authTokens": ["client-token"]})}) as gateway:
        for headers in ({}, {"Authorization": "Bearer client-token"}):
            status, _, body = ask(gateway, "GET", "/api/v1/status", **headers)
            assert status == 403 and "mcpProxy.admin.tokens" in body


def test_what_a_proxy_passes_on_for_others_is_not_of_this_machine():
    with controlled({"a": fixture()}) as gateway:
        assert ask(gateway, "GET", "/api/v1/status", **{"X-Forwarded-For": "192.0.2.7"})[0] == 403
    with controlled({"a": fixture()}, admin={"page": True}) as gateway:
        assert ask(gateway, "GET", "/api/v1/status", **{"X-Forwarded-For": "192.0.2.7"})[0] == 200
