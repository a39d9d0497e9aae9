#!/usr/bin/env bash
# Counts the instructions of one proxied call, with valgrind's callgrind: the figure repeats on any machine, whatever
# else it does. A tools/call with a text of 64 bytes goes over /NAME/mcp on a kept-alive connection. Two runs of
# different length are subtracted, so the start is not counted; neither is the kernel, nor the server behind.
#   ./scripts/instructions.sh             and the functions that take most, of the longer run
#   ./scripts/instructions.sh --legacy    over /NAME/sse and /NAME/message
#   ./scripts/instructions.sh --modern    of MCP 2026-07-28, and how much more that is than with a session
# Other options go to gateway-bench calls too: --bytes 1048576 for a long text, which the aim is not meant for.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

limit=150000
# Of a call without a session, in hundredths of what one with a session takes.
modern_limit=115
few=500
many=3000

need_swift
stage "system packages" need_build_packages valgrind
stage "build (release, static)" release_binaries mcp-gateway gateway-bench

work=$(mktemp -d)
gateway=
finish() {
    [ -z "$gateway" ] || kill "$gateway" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# valgrind of that age cannot read the debug information, but it needs the symbols.
strip -g -o "$work/mcp-gateway" "$release/mcp-gateway"

# Not one of those that the system gives to clients: whoever tries to connect to such a port of its own machine before
# anybody listens can be given the same one, and is then connected to itself.
free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); do
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    printf '%s' "$port"
}

# stop PID : ends it in order, asking again, because under valgrind a signal can wait for a thread that sleeps.
stop() {
    for _ in {1..60}; do
        kill -TERM "$1" 2>/dev/null || break
        sleep 0.5
    done
    kill -KILL "$1" 2>/dev/null && die "valgrind did not end"
    wait "$1" || true
}

# count_instructions COUNT OPTION... : sets $counted to those of a whole life of the gateway with so many calls.
count_instructions() {
    local count=$1 port pid
    shift
    port=$(free_port)
    cat >"$work/config.json" <<JSON
{
  "mcpProxy": { "addr": "127.0.0.1:$port", "baseURL": "http://127.0.0.1:$port" },
  "mcpServers": { "bench": { "command": "$release/gateway-bench", "args": ["echo-server"] } }
}
JSON
    valgrind --tool=callgrind --trace-children=no --callgrind-out-file="$work/profile-$count" \
        "$work/mcp-gateway" --config "$work/config.json" >"$work/output" 2>&1 &
    pid=$!
    gateway=$pid
    "$release/gateway-bench" calls --port "$port" --count "$count" "$@" || {
        cat "$work/output" >&2
        die "the calls failed"
    }
    stop "$pid"
    gateway=
    # By its number, since children that are forked but not executed report too.
    counted=$(sed -nE "s/^==$pid== Collected : ([0-9]+).*/\\1/p" "$work/output")
    [ -n "$counted" ] || {
        cat "$work/output" >&2
        die "valgrind counted nothing"
    }
}

# count_per_call OPTION... : sets $per_call, and leaves the profiles of both runs.
count_per_call() {
    local fewer
    count_instructions $few "$@"
    fewer=$counted
    count_instructions $many "$@"
    per_call=$(((counted - fewer) / (many - few)))
}

if [ "$*" = --modern ]; then
    count_per_call
    with_session=$per_call
fi
count_per_call "$@"

# by_function COUNT : instructions, a tab and the function, of the run with so many calls.
by_function() {
    callgrind_annotate --threshold=100 "$work/profile-$1" \
        | sed -nE 's#^ *([0-9,]+) \([ 0-9.]+%\) +[^ ]*:(.*) \[[^]]*\]$#\1\t\2#p'
}

printf '\nThe functions that take most, instructions per call:\n'
awk -F'\t' -v calls=$((many - few)) '
    { gsub(",", "", $1) }
    NR == FNR { before[$2] += $1; next }
    { after[$2] += $1 }
    END { for (name in after) printf "%8d  %s\n", (after[name] - before[name]) / calls, name }
' <(by_function $few) <(by_function $many) | sort -rn | sed -n 1,40p | swift demangle --simplified | cut -c1-160

if [ "$*" = --modern ]; then
    ratio=$((per_call * 100 / with_session))
    verdict=met
    ((per_call * 100 <= with_session * modern_limit)) || verdict=MISSED
    printf '\n%s  instructions per call of MCP 2026-07-28: %s, with a session %s; %s %%, aim ≤ %s %%\n' \
        "$verdict" "$per_call" "$with_session" "$ratio" "$modern_limit"
    exit
fi
if (($#)); then
    printf '\ninstructions per call (%s): %s\n' "$*" "$per_call"
    exit
fi
verdict=met
((per_call <= limit)) || verdict=MISSED
printf '\n%s  instructions per call: %s, aim ≤ %s\n' "$verdict" "$per_call" "$limit"
