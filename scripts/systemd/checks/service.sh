# The service as systemctl shows it: starting, stopping, failing, and what it is confined to.

# with_time [PORT] : a configuration with a real server.
with_time() {
    printf '{ "mcpProxy": { "addr": "127.0.0.1:%s" }, "mcpServers": { "time": %s } }\n' "${1:-9090}" "$time_server"
}

# with_fixture [OPTION...] : one with a server that misbehaves, beside the real one.
with_fixture() {
    printf '{ "mcpProxy": { "addr": "127.0.0.1:9090" }, "mcpServers": { "time": %s, "fixture": %s } }\n' \
        "$time_server" "$(fixture_server "$@")"
}

verifies() {
    local unit output
    for unit in mcp-gateway.service mcp-gateway.socket mcp-gateway@other.service; do
        output=$(in_box systemd-analyze verify --recursive-errors=one "$unit" 2>&1) || fail "$unit: $output"
        equals "$unit" "" "$output"
    done
}

is_confined() {
    local unit
    for unit in mcp-gateway.service mcp-gateway@other.service; do
        in_box systemd-analyze security --no-pager --threshold=16 "$unit" | grep -F 'Overall exposure' | tee "$work/level"
    done
    note "$(sed 's/.*service: *\([0-9.]*\).*/\1/' "$work/level")"
}

start_waits() {
    local start
    with_fixture --start-delay 1500 | configure
    start=$EPOCHREALTIME
    in_box systemctl start mcp-gateway
    awk -v seconds="$(since "$start")" 'BEGIN { exit seconds < 1.5 }' || fail "it returned after $(since "$start") s"
    equals "/readyz at once" 200 "$(status_of /readyz)"
    call fixture echo '{"text":"here"}' | grep here
}

shows_status() {
    with_fixture | configure
    in_box systemctl start mcp-gateway
    eventually 5 status_line_has '2/2 servers ready'
    in_box systemctl status mcp-gateway | grep -F 'Status: "2/2 servers ready'
}

# status_line_has TEXT
status_line_has() {
    property StatusText | grep -F -- "$1"
}

restarts_server() {
    local server
    with_time | configure
    in_box systemctl start mcp-gateway
    tells_time
    server=$(pids_of 'mcp_server_time')
    in_box kill -KILL "$server"
    eventually 15 replaced "$server" mcp_server_time
    eventually 15 tells_time
    journal_has 'killed by signal 9'
    equals "restarts of the gateway" 0 "$(property NRestarts)"
}

# replaced PID PATTERN : another process has this command line now.
replaced() {
    local now
    now=$(pids_of "$2")
    [ -n "$now" ] && [ "$now" != "$1" ]
}

stop_leaves_nothing() {
    local start
    with_fixture --ignore-sigterm --ignore-eof --stubborn-grandchild | configure
    in_box systemctl start mcp-gateway
    [ -n "$(pids_of fixture-server)" ]
    start=$EPOCHREALTIME
    in_box systemctl stop mcp-gateway
    equals "processes" "" "$(in_box pgrep -u mcp-gateway -a || true)"
    equals "result" success "$(property Result)"
    # The gateway has done it itself, or systemd would have said so. Its guard ends when it does, or just after.
    ! journal | grep -F 'with signal SIGKILL' | grep -vF '(mcp-guard)' || fail "systemd had to kill the rest"
    note "$(since "$start") s"
}

refuses_bad_configuration() {
    configure <<< '{ "mcpServers": { "time": '
    ! in_box systemctl start mcp-gateway || fail "it started"
    equals "exit status" 78 "$(property ExecMainStatus)"
    # A restart would be waiting for its time already.
    equals "state" failed "$(property SubState)"
    equals "restarts" 0 "$(property NRestarts)"
    journal_has '/etc/mcp-gateway/config.json:'
    note "$(journal | grep -m 1 -F 'config.json:')"
}

restarts_gateway() {
    with_time | configure
    in_box systemctl start mcp-gateway
    in_box systemctl kill --kill-who=main --signal=KILL mcp-gateway
    eventually 10 restarted_once
    eventually 15 tells_time
}

restarted_once() {
    equals "restarts" 1 "$(property NRestarts)"
}

# Without systemd's own net: only the main process is killed then, and nothing is started again.
guard_kills() {
    drop_in <<< $'[Service]\nKillMode=process\nRestart=no'
    with_fixture --ignore-sigterm --ignore-eof --stubborn-grandchild | configure
    in_box systemctl start mcp-gateway
    [ -n "$(pids_of fixture-server)" ]
    in_box systemctl kill --kill-who=main --signal=KILL mcp-gateway
    eventually 10 nobody_runs
}

nobody_runs() {
    ! in_box pgrep -u mcp-gateway -a
}

runs_instances() {
    with_time 9191 | configure one
    with_time 9292 | configure two
    in_box systemctl start mcp-gateway@one mcp-gateway@two
    port=9191 tells_time
    port=9292 tells_time
    in_box systemctl stop mcp-gateway@one
    equals "the other" active "$(in_box systemctl is-active mcp-gateway@two)"
    port=9292 tells_time
    in_box test -d /var/lib/mcp-gateway@two -a -d /run/mcp-gateway@two -a ! -d /run/mcp-gateway@one
}
