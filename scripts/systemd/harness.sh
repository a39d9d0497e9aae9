# Sourced by systemd-test.sh: what checks are made of, and how they are counted.

box=$root/scripts/systemd/box.sh
passed=0 failed=0 skipped=0
readonly skip_status=77

in_box() {
    as_root "$box" run "$work/box" "$@"
}

# check TITLE FUNCTION : runs it in a shell of its own, in which the first command that fails ends it.
check() {
    local title=$1 function=$2 start=$EPOCHREALTIME status
    if [[ ! $title =~ $only ]] && [ "$function" != installs ]; then
        return
    fi
    [ "$function" = installs ] || reset_service
    set +e
    (
        set -eE
        trap 'printf "line %s of %s: %s\n" "$LINENO" "${BASH_SOURCE[0]##*/}" "$BASH_COMMAND"' ERR
        "$function"
    ) > "$work/output" 2>&1
    status=$?
    set -e
    case $status in
        0)
            passed=$((passed + 1))
            printf 'ok       %5.1f s  %s%s\n' "$(since "$start")" "$title" "$(sed -n 's/^note: / - /p' "$work/output")"
            ;;
        "$skip_status")
            skipped=$((skipped + 1))
            printf 'skipped  %5.1f s  %s - %s\n' "$(since "$start")" "$title" "$(tail -1 "$work/output")"
            ;;
        *)
            failed=$((failed + 1))
            printf 'FAILED   %5.1f s  %s\n' "$(since "$start")" "$title"
            sed 's/^/    /' "$work/output"
            printf '    ---- journal\n'
            in_box journalctl -b -n 25 --no-hostname -o short-monotonic 2>&1 | sed 's/^/    /'
            ;;
    esac
}

since() {
    awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { print to - from }'
}

summarize() {
    printf '==> systemd: %d passed, %d failed, %d skipped, in %d s\n' "$passed" "$failed" "$skipped" "$SECONDS"
    ((failed == 0)) || exit 1
    if $complete && ((skipped > 0)); then exit 1; fi
}

# --- what checks say -----------------------------------------------------------------------------------------------
# All of it is shown if they fail, so nothing there needs to be quiet; and a grep that ends early fails its pipeline.

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# note TEXT : is shown beside the title of a check that passes.
note() {
    printf 'note: %s\n' "$*"
}

skip() {
    printf '%s\n' "$*"
    exit "$skip_status"
}

# needs_function NAME : the check is about something that the program does with this function of libsystemd.
needs_function() {
    in_box grep -q --text "$1" /usr/bin/mcp-gateway || skip "not available yet: the program does not use $1"
}

# equals WHAT WANTED FOUND
equals() {
    [ "$2" = "$3" ] || fail "$1: expected $2, found $3"
}

# eventually SECONDS COMMAND... : tries it until it succeeds.
eventually() {
    local deadline=$((SECONDS + $1)) output
    shift
    until output=$("$@" 2>&1); do
        ((SECONDS < deadline)) || fail "not in time: $*"$'\n'"$output"
        sleep 0.05
    done
}

# --- the service ---------------------------------------------------------------------------------------------------

# Every check begins with the package's units, and nothing running.
reset_service() {
    in_box sh -c "systemctl stop mcp-gateway.socket mcp-gateway 'mcp-gateway@*'
        rm -rf /run/systemd/system/mcp-gateway*
        systemctl daemon-reload
        systemctl reset-failed" > /dev/null 2>&1 || true
    in_box journalctl --rotate --vacuum-time=1us > /dev/null 2>&1
}

# property NAME [UNIT] : what systemctl show says of it.
property() {
    in_box systemctl show -P "$1" "${2:-mcp-gateway}"
}

# configure [NAME] : writes the configuration of the service, or of an instance, from stdin.
configure() {
    in_box install -m 640 -g mcp-gateway /dev/stdin "/etc/mcp-gateway/${1:-config}.json"
}

# drop_in [UNIT] : adds to a unit what is on stdin, until the check ends.
drop_in() {
    in_box sh -c "mkdir -p /run/systemd/system/${1:-mcp-gateway.service}.d
        cat > /run/systemd/system/${1:-mcp-gateway.service}.d/check.conf
        systemctl daemon-reload"
}

journal() {
    in_box journalctl --sync
    in_box journalctl -u mcp-gateway -o cat
}

# journal_has TEXT : in what was logged since the check began.
journal_has() {
    journal | grep -F -- "$1"
}

# pids_of PATTERN : of processes whose command line has it.
pids_of() {
    in_box pgrep -f -- "$1" || true
}

# The blocks of servers for configurations. A required one that does not come up must not hold up the check.
time_server='{ "command": "/opt/python/bin/python3", "args": ["-m", "mcp_server_time", "--local-timezone=UTC"],
    "env": { "PYTHONPATH": "/opt/test/site-packages", "LD_LIBRARY_PATH": "/opt/python/lib" },
    "required": true, "startTimeout": "20s" }'

# fixture_server [OPTION...] : with these options.
fixture_server() {
    local arguments=
    (($# == 0)) || arguments=$(printf ', "%s"' "$@")
    printf '{ "command": "/opt/test/fixture-server", "args": [%s], "required": true, "startTimeout": "20s",
        "stopTimeout": "300ms" }' "${arguments#, }"
}

# --- clients -------------------------------------------------------------------------------------------------------

# status_of PATH [CURL OPTION...] : the HTTP status of a GET.
status_of() {
    local path=$1
    shift
    in_box curl -sS -o /dev/null -w '%{http_code}' -m 20 "$@" "http://127.0.0.1:9090$path"
}

# post SERVER CURL-OPTION... : sends a message to a server; -d has it.
post() {
    local server=$1
    shift
    in_box curl -sS --fail-with-body -m 30 -H 'Content-Type: application/json' \
        -H 'Accept: application/json, text/event-stream' "$@" "http://127.0.0.1:${port:-9090}/$server/mcp"
}

# call SERVER TOOL ARGUMENTS [CURL OPTION...] : a tool's answer, in a session of its own.
call() {
    local server=$1 tool=$2 arguments=$3 session
    shift 3
    session=$(post "$server" "$@" -o /dev/null -D - -d '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{
        "protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"check","version":"1"}}}' \
        | tr -d '\r' | sed -n 's/^mcp-session-id: *//Ip')
    [ -n "$session" ] || fail "no session with $server"
    set -- "$@" -H "Mcp-Session-Id: $session" -H 'MCP-Protocol-Version: 2025-06-18'
    post "$server" "$@" -d '{"jsonrpc":"2.0","method":"notifications/initialized"}'
    post "$server" "$@" -d '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"'"$tool"'","arguments":'"$arguments"'}}'
}

# tells_time [CURL OPTION...] : whether the server "time" can be called.
tells_time() {
    local answer
    answer=$(call time get_current_time '{"timezone":"UTC"}' "$@")
    grep -q 'datetime' <<< "$answer" || fail "no time in: $answer"
}
