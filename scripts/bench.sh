#!/usr/bin/env bash
# Measures the release binary: calls against an echo server with and without the gateway, CPU, memory, and the start.
#   ./scripts/bench.sh            about two and a half minutes after the build
#   ./scripts/bench.sh --quick    half a minute, with more noise
# Figures are worth something only on a machine that does nothing else. docs/performance.md says what they mean.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_swift
stage "system packages" need_build_packages
stage "build (release, static)" release_binaries mcp-gateway gateway-bench

ulimit -n "$(ulimit -H -n)"
printf '%s, %s cores, load %s\n' "$(uname -srm)" "$(nproc)" "$(cut -d' ' -f1-3 /proc/loadavg)"

pinned=() cores=()
if (($(nproc) > 1)) && [ -x /usr/bin/taskset ]; then
    # The first two cores that this shell may use.
    read -r client server < <(taskset -pc $$ | sed 's/.*: //' | tr ',' '\n' \
        | awk -F- '{ for (core = $1; core <= ($2 == "" ? $1 : $2); core++) print core }' | head -2 | xargs)
    printf 'load generator and upstream server on core %s, gateway on core %s\n\n' "$client" "$server"
    pinned=(taskset -c "$client")
    cores=(--client-core "$client" --server-core "$server")
fi
exec "${pinned[@]}" "$release/gateway-bench" run --gateway "$release/mcp-gateway" "${cores[@]}" "$@"
