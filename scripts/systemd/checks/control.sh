# The commands that ask and direct the running service, by its control socket.

# as_member COMMAND... : as somebody in the group of the service, who is not its user.
as_member() {
    in_box setpriv --reuid=nobody --regid=nogroup --groups="$(in_box id -g mcp-gateway)" "$@"
}

# exits STATUS COMMAND... : the command ends with this status; what it says is in $work/said.
exits() {
    local wanted=$1 status=0
    shift
    "$@" > "$work/said" 2>&1 || status=$?
    cat "$work/said"
    equals "status of $*" "$wanted" "$status"
}

asks_service() {
    with_time | configure
    in_box systemctl start mcp-gateway
    equals "mode of the socket" "660 mcp-gateway:mcp-gateway" \
        "$(in_box stat -c '%a %U:%G' /run/mcp-gateway/control.sock)"
    exits 0 in_box mcp-gateway status
    grep -E '^time +ready +healthy ' "$work/said"
    exits 0 in_box mcp-gateway call time get_current_time --args '{"timezone":"UTC"}'
    grep datetime "$work/said"
    exits 0 in_box mcp-gateway restart time
    exits 0 in_box mcp-gateway stop time
    exits 3 in_box mcp-gateway status time
    exits 0 in_box mcp-gateway start time
    exits 0 in_box mcp-gateway doctor
    grep 'time: ok, ready after' "$work/said"
    in_box systemctl stop mcp-gateway
    exits 3 in_box mcp-gateway status
    exits 69 in_box mcp-gateway reload
}

lets_group_in() {
    with_time | configure
    in_box systemctl start mcp-gateway
    exits 0 as_member mcp-gateway status
    exits 0 as_member mcp-gateway reload --wait
    grep 'nothing changed' "$work/said"
    exits 77 as nobody nogroup mcp-gateway status
    grep 'member of the gateway' "$work/said"
    # Where somebody has opened the directory and the file, the gateway itself turns strangers away.
    in_box chmod 755 /run/mcp-gateway
    in_box chmod 666 /run/mcp-gateway/control.sock
    exits 77 as nobody nogroup mcp-gateway status
    exits 0 as_member mcp-gateway status
    journal_has 'connection refused: only root'
}

controls_instances() {
    with_time 9191 | configure one
    in_box systemctl start mcp-gateway@one
    exits 0 in_box mcp-gateway status --control /run/mcp-gateway@one/control.sock
    in_box systemctl reload mcp-gateway@one
}

# Without a gateway: as the user of the service, with its PATH.
doctor_tries() {
    printf '{ "mcpServers": { "time": %s, "lost": { "command": "no-such-command" } } }\n' "$time_server" | configure
    exits 1 in_box mcp-gateway doctor
    grep 'as user mcp-gateway, PATH /usr/local/sbin' "$work/said"
    grep 'time: ok, ready after' "$work/said"
    grep 'not found in /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin' "$work/said"
    equals "processes" "" "$(in_box pgrep -u mcp-gateway -a || true)"
}
