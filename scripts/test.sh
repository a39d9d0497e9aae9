#!/usr/bin/env bash
# Everything that must hold before a change lands: lint, warnings, Swift tests, and real MCP clients and servers.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

end_to_end=Tests/EndToEnd
strict=(-Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error)

lint() {
    swift format lint --strict --recursive --parallel Sources Tests Package.swift
}

build() {
    swift build --build-tests "${strict[@]}"
}

# Apart from each other: fuzz tests need nothing but the processor, and would keep it from tests with a time limit.
# The optimizer sees what the debug build never does, and it is what run.sh builds.
release() {
    swift build -c release --product mcp-gateway
}

swift_tests() {
    swift test --skip-build "${strict[@]}" --skip '[Ff]uzz'
}

fuzz_tests() {
    swift test --skip-build "${strict[@]}" --filter '[Ff]uzz'
}

# The first Python that is new enough and can make virtual environments. Debian ships the two halves apart.
find_python() {
    local candidate
    for candidate in python3 /usr/bin/python3; do
        if "$candidate" -c 'import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# peers_of LINE : .venv-LINE with what requirements-LINE.txt pins, made anew when that file changes.
peers_of() {
    local line=$1 venv=.venv-$1 wanted=$end_to_end/requirements-$1.txt
    if [ -x "$venv/bin/python" ] && cmp -s "$wanted" "$venv/requirements.txt"; then
        return
    fi
    rm -rf "$venv"
    "$python" -m venv "$venv" || die "$python could not make $venv; apt-get install python3-venv and try again"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted" \
        || die "pip could not install $wanted into $venv: see its message above"
    cp "$wanted" "$venv/requirements.txt"
}

peers() {
    python=$(find_python) || {
        need_packages python3 python3-venv
        python=$(find_python) || die "no python3 of 3.10 or later that can make a virtual environment"
    }
    peers_of mcp1
    peers_of mcp2
}

# The suite runs once with each line of the Python SDK; what needs no SDK runs with the first only.
end_to_end_mcp1() {
    .venv-mcp1/bin/python -m pytest "$end_to_end"
}

end_to_end_mcp2() {
    .venv-mcp2/bin/python -m pytest "$end_to_end/sdk"
}

need_swift
stage "system packages" need_packages libsystemd-dev git
stage "lint" lint
stage "build (debug, warnings are errors)" build
stage "swift test" swift_tests
stage "swift test, fuzzing" fuzz_tests
stage "python peers" peers
stage "end to end, Python SDK 1.x" end_to_end_mcp1
stage "end to end, Python SDK 2.x" end_to_end_mcp2
stage "build (release)" release
printf '==> all passed in %d s\n' "$SECONDS"
