#!/usr/bin/env bash
# Plays every client with every server, in some minutes, and writes docs/compatibility.md from what was seen.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=peers.sh
source "$root/scripts/peers.sh"
cd "$root"

# Those of test.sh, or everything would be built anew, here and there.
strict=(-Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error)

need_swift
stage "build (debug)" swift build --product mcp-gateway "${strict[@]}"
stage "python peers" peers
stage "every client with every server" \
    .venv-mcp2/bin/python -m pytest "$end_to_end/matrix" --write-compatibility
