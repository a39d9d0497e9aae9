"""The alert rules and the dashboard in compose/: that they can be read, do what they say, and name what exists."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.gateway import REPOSITORY

COMPOSE = REPOSITORY / "compose"
RULES = COMPOSE / "alerts.yaml"
DASHBOARD = COMPOSE / "grafana/dashboards/mcp-gateway.json"
DOCUMENT = REPOSITORY / "docs/metrics.md"

needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool")


def promtool(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=60)


def metrics() -> set[str]:
    """Every metric that the gateway has, with the names that histograms get."""
    source = (REPOSITORY / "Sources/GatewayMetrics/Metric.swift").read_text()
    names = set(re.findall(r'^    case \w+ = "(\w+)"', source, re.MULTILINE))
    assert len(names) > 15
    return names | {f"{name}_{part}" for name in names if name.endswith("_seconds") for part in ("bucket", "sum", "count")}


def named(query: str) -> set[str]:
    """The metrics in a query of Prometheus: what is left of it without selectors and the labels that it groups by."""
    bare = re.sub(r"\{[^}]*\}|(?:by|on) \([^)]*\)", "", query)
    return set(re.findall(r"\b(?:mcp|process)_\w+", bare))


def queries() -> list[str]:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return [
        target["expr"] for panel in panels for target in panel["targets"] if target["datasource"]["type"] == "prometheus"
    ]


@needs_promtool
def test_promtool_takes_the_configuration_and_the_rules():
    assert promtool("check", "config", "--syntax-only", COMPOSE / "prometheus.yaml").returncode == 0
    checked = promtool("check", "rules", RULES)
    assert checked.returncode == 0, checked.stderr


@needs_promtool
def test_alerts_are_raised_when_they_should_be_and_not_otherwise(tmp_path):
    cases = (Path(__file__).parent / "alerts.test.yaml").read_text().replace("RULES", str(RULES))
    (tmp_path / "cases.yaml").write_text(cases)
    tested = promtool("test", "rules", tmp_path / "cases.yaml")
    assert tested.returncode == 0, tested.stdout + tested.stderr


@needs_promtool
def test_prometheus_can_parse_every_query_of_the_dashboard(tmp_path):
    variables = {"$__rate_interval": "1m", "$__range": "1h", "$server": ".*"}
    for number, query in enumerate(queries()):
        for name, value in variables.items():
            query = query.replace(name, value)
        assert "$" not in query
        rules = {"groups": [{"name": "x", "rules": [{"record": "x", "expr": query}]}]}
        (tmp_path / f"{number}.yaml").write_text(json.dumps(rules))
        checked = promtool("check", "rules", tmp_path / f"{number}.yaml")
        assert checked.returncode == 0, query + checked.stderr


def test_queries_name_only_metrics_that_exist():
    rules = re.findall(r"expr: (?:>\n)?((?:.*\n)+?)\s+(?:for|labels):", RULES.read_text())
    assert len(rules) == 7 and len(queries()) > 15
    for query in [*queries(), *rules]:
        names = named(query)
        assert names - metrics() == set(), query
        assert names or "up{" in query, query


def test_the_document_lists_every_metric_and_no_other():
    first_columns = re.findall(r"^\| (`[^|]*) \|", DOCUMENT.read_text(), re.MULTILINE)
    documented = set(re.findall(r"`(\w+)`", " ".join(first_columns)))
    histograms = {f"{name}_{part}" for name in metrics() for part in ("bucket", "sum", "count")}
    assert documented == metrics() - histograms
