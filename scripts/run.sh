#!/usr/bin/env bash
# Installs what is missing, builds the release binary and starts the gateway in the foreground.
#   ./scripts/run.sh                        on config/config.json
#   ./scripts/run.sh --config other.json    whatever is given goes to mcp-gateway as it is
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_swift
stage "system packages" need_build_packages
stage "build (release)" release_binaries mcp-gateway

if (($# == 0)); then
    set -- --config "$root/config/config.json"
fi
printf '==> mcp-gateway %s\n' "$*"
exec "$release/mcp-gateway" "$@"
