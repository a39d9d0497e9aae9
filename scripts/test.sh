#!/usr/bin/env bash
# Everything that must hold before a change lands: lint, warnings, Swift tests, and real MCP clients and servers.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=peers.sh
source "$root/scripts/peers.sh"
cd "$root"

strict=(-Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error)

lint() {
    local programs
    swift format lint --strict --recursive --parallel Sources Tests Package.swift
    mapfile -t programs < <(grep -l '^#!.*sh$' scripts/*.sh scripts/systemd/*.sh)
    # What a script sources is checked with it; the checks know variables of whoever sources them.
    shellcheck --external-sources --source-path scripts "${programs[@]}"
    shellcheck --shell bash --exclude SC2154,SC2034,SC2016 scripts/systemd/checks/*.sh
}

build() {
    swift build --build-tests "${strict[@]}"
}

# Apart from each other: fuzz tests need nothing but the processor, and would keep it from tests with a time limit.
#
# Not all at once: with more than a thousand on two processors, one that waits for an answer can be kept from its turn
# for longer than the answer may take.
swift_tests() {
    SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=32 swift test --skip-build "${strict[@]}" --skip '[Ff]uzz'
}

fuzz_tests() {
    swift test --skip-build "${strict[@]}" --filter '[Ff]uzz'
}

# The suite runs once with each line of the Python SDK; what needs no SDK runs with the first only.
end_to_end_mcp1() {
    .venv-mcp1/bin/python -m pytest "$end_to_end"/{wire,sdk,features,conformance,scripts}
}

end_to_end_mcp2() {
    .venv-mcp2/bin/python -m pytest "$end_to_end"/{sdk,features,conformance,eras} --ignore "$end_to_end/features/test_slow_readers.py"
}

# One script for clients of every revision in front of servers of every kind; both lines of the SDK take part.
end_to_end_matrix() {
    .venv-mcp2/bin/python -m pytest "$end_to_end/matrix"
}

# Sixty clients on a server that is killed again and again; CHAOS_SECONDS for longer, CHAOS_SEED for once more.
end_to_end_chaos() {
    .venv-mcp1/bin/python -m pytest -s "$end_to_end/chaos"
}

# A minute of whatever may come to the front of MCP 2026-07-28; FUZZ_SECONDS for longer, FUZZ_SEED for other requests.
end_to_end_fuzz() {
    .venv-mcp2/bin/python -m pytest -s "$end_to_end/fuzz"
}

# The page for operators, in a real browser.
end_to_end_page() {
    if [ -x .venv-playwright/bin/pytest ] && command -v chromium >/dev/null; then
        .venv-playwright/bin/python -m pytest "$end_to_end/page"
    else
        skipped "the page for operators: there is no Chromium or no Playwright"
    fi
}

# Databases, a browser and what else people put behind a gateway, all behind one.
end_to_end_services() {
    .venv-mcp2/bin/python -m pytest "$end_to_end/services"
}

need_swift
stage "system packages" need_build_packages git openssl python3 curl shellcheck
stage "system packages of real services" service_packages
stage "system packages of what operators use" operators_packages
stage "lint" lint
stage "build (debug, warnings are errors)" build
stage "swift test" swift_tests
stage "swift test, fuzzing" fuzz_tests
stage "python peers" peers
stage "mcpo" operators_peers
stage "python peers of real services" service_peers
stage "end to end, Python SDK 1.x" end_to_end_mcp1
stage "end to end, Python SDK 2.x" end_to_end_mcp2
stage "end to end, every client with every server" end_to_end_matrix
stage "end to end, the page" end_to_end_page
stage "end to end, chaos" end_to_end_chaos
stage "end to end, fuzzing" end_to_end_fuzz
stage "end to end, real services" end_to_end_services
# The optimizer sees what the debug build never does, and this is what everybody runs.
stage "build (release)" release_binaries mcp-gateway
stage "package" scripts/package.sh

# It has stages of its own. Where it is not allowed to boot a systemd, everything else counts all the same.
status=0 untested=
scripts/systemd-test.sh --package .build-package/*.deb || status=$?
case $status in
    0) ;;
    77) untested=", but nothing was tried with systemd: see above" ;;
    *) exit "$status" ;;
esac
printf '==> all passed in %d s%s\n' "$SECONDS" "$untested"
