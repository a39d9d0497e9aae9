# What goes on between the gateway and systemd: journal, reload, watchdog, sockets, credentials.

journals_fields() {
    local entries
    needs_function sd_journal_sendv
    with_fixture --grandchild | configure
    in_box systemctl start mcp-gateway
    in_box pkill -KILL -f mcp_server_time
    eventually 15 tells_time
    entries=$(entries MCP_SERVER=time)
    ! grep -v '"MCP_SERVER":"time"' <<< "$entries" || fail "an entry of another server"
    grep '"MCP_PHASE":"ready"' <<< "$entries" | grep '"MESSAGE_ID":"[0-9a-f]\{32\}"'
    grep 'killed by signal 9' <<< "$entries" | grep '"MESSAGE_ID":"[0-9a-f]\{32\}"'
    entries MCP_SERVER=fixture MCP_STREAM=stderr | grep 'grandchild [0-9]'
    in_box journalctl -u mcp-gateway -x MCP_SERVER=time --no-pager | grep 'Subject: Server time is ready'
}

# entries MATCH... : the unit's, as lines of JSON.
entries() {
    in_box journalctl --sync
    in_box journalctl -u mcp-gateway -o json "$@"
}

reloads_good() {
    local time_pid
    with_time | configure
    in_box systemctl start mcp-gateway
    tells_time
    time_pid=$(pids_of mcp_server_time)
    with_fixture | configure
    in_box systemctl reload mcp-gateway
    call fixture echo '{"text":"here"}' | grep here
    equals "the server that did not change" "$time_pid" "$(pids_of mcp_server_time)"
    with_time | configure
    in_box systemctl reload mcp-gateway
    eventually 5 gone fixture-server
    equals "the server that did not change" "$time_pid" "$(pids_of mcp_server_time)"
    equals "/fixture/mcp" 404 "$(status_of /fixture/mcp -H 'Accept: text/event-stream')"
}

gone() {
    [ -z "$(pids_of "$1")" ]
}

reloads_bad() {
    with_time | configure
    in_box systemctl start mcp-gateway
    configure <<< '{ "mcpServers": { "time": '
    ! in_box systemctl reload mcp-gateway || fail "the reload succeeded"
    equals "state" active "$(in_box systemctl is-active mcp-gateway)"
    tells_time
    journal_has '/etc/mcp-gateway/config.json:'
    note "$(property StatusText)"
}

# The thread of the event loop, on which all of the gateway's actors live, is held; everything else goes on.
watchdog_restarts() {
    local holder
    needs_function sd_watchdog_enabled
    [ "$(property WatchdogUSec)" != 0 ] || fail "the unit has no WatchdogSec="
    drop_in <<< $'[Service]\nWatchdogSec=1s\nTimeoutAbortSec=1s'
    with_time | configure
    in_box systemctl start mcp-gateway
    sleep 3
    equals "restarts of a gateway that lives" 0 "$(property NRestarts)"
    in_box /opt/python/bin/python3 /opt/test/threads.py "$(property MainPID)" NIO-ELT &
    holder=$!
    eventually 15 journal_has 'Watchdog timeout'
    # A process that is held cannot be buried.
    in_box pkill -f threads.py
    wait "$holder" || true
    eventually 15 restarted_once
    eventually 15 tells_time
}

socket_activates() {
    needs_function sd_listen_fds
    with_time | configure
    in_box systemctl start mcp-gateway.socket
    equals "the service" inactive "$(in_box systemctl is-active mcp-gateway || true)"
    tells_time
    equals "the service" active "$(in_box systemctl is-active mcp-gateway)"
    in_box systemctl stop mcp-gateway.socket mcp-gateway
}

# Clients that connect anew for each request, all through three restarts.
restart_refuses_nobody() {
    local clients
    needs_function sd_listen_fds
    with_time | configure
    in_box systemctl start mcp-gateway.socket mcp-gateway
    # shellcheck disable=SC2016
    in_box bash -c 'until [ -e /tmp/enough ]; do
            curl -s -o /dev/null -m 20 -w "%{http_code} %{errormsg}\n" -H "Connection: close" http://127.0.0.1:9090/livez
        done' > "$work/answers" &
    clients=$!
    for _ in 1 2 3; do
        in_box systemctl restart mcp-gateway
        tells_time
    done
    in_box touch /tmp/enough
    wait "$clients"
    in_box rm /tmp/enough
    ! grep -v '^200 ' "$work/answers" || fail "see above"
    note "$(wc -l < "$work/answers") connections"
    (($(wc -l < "$work/answers") > 50))
    in_box systemctl stop mcp-gateway.socket mcp-gateway
}

# takes_token REFERENCE : the service asks for the token of the credential that the configuration refers to so.
takes_token() {
    in_box sh -c 'umask 077; echo hush-1 > /root/token'
    drop_in <<< $'[Service]\nLoadCredential=token:/root/token'
    printf '{ "mcpProxy": { "addr": "127.0.0.1:9090", "options": { "authTokens": ["%s"] } },
        "mcpServers": { "time": %s } }\n' "$1" "$time_server" | configure
    in_box systemctl start mcp-gateway
    equals "without a token" 401 "$(status_of /time/mcp -H 'Accept: text/event-stream')"
    equals "with another" 401 "$(status_of /time/mcp -H 'Accept: text/event-stream' -H 'Authorization: Bearer x')"
    tells_time -H 'Authorization: Bearer hush-1'
    ! journal | grep -F hush-1 || fail "the token is in the journal"
}

reads_credential_file() {
    # shellcheck disable=SC2016
    takes_token '${file:${CREDENTIALS_DIRECTORY}/token}'
}

reads_credential() {
    in_box sh -c 'mkdir -p /tmp/credentials && echo a > /tmp/credentials/token
        printf "%s" "{ \"mcpProxy\": { \"options\": { \"authTokens\": [\"\${credential:token}\"] } }, \"mcpServers\": {} }" \
            > /tmp/credential.json
        CREDENTIALS_DIRECTORY=/tmp/credentials mcp-gateway check-config /tmp/credential.json' > /dev/null 2>&1 \
        || skip "not available yet: there is no \${credential:NAME}"
    # shellcheck disable=SC2016
    takes_token '${credential:token}'
}
