# The package: what it puts where, upgrades, and what it leaves behind.

# What is where packages and services put things, but for what dpkg knows and logs, and man has rendered.
list_files() {
    in_box find /etc /usr /var -xdev \( -path /var/lib/dpkg -o -path /var/log -o -path /var/cache/man \) -prune \
        -o -print | sort
}

installs() {
    list_files > "$work/files-before"
    in_box dpkg -i /opt/test/mcp-gateway.deb < /dev/null
    equals "enabled" enabled "$(in_box systemctl is-enabled mcp-gateway)"
    equals "state" active "$(in_box systemctl is-active mcp-gateway)"
    equals "the socket unit" disabled "$(in_box systemctl is-enabled mcp-gateway.socket || true)"
    equals "/readyz" 200 "$(status_of /readyz)"
    equals "its user" mcp-gateway "$(property User)"
    in_box getent passwd mcp-gateway | grep ':/var/lib/mcp-gateway:/usr/sbin/nologin$'
    call gateway list_servers '{}' | grep gateway
}

keeps_secrets() {
    in_box systemctl start mcp-gateway
    equals "mode of the configuration" "640 root:mcp-gateway" \
        "$(in_box stat -c '%a %U:%G' /etc/mcp-gateway/config.json)"
    equals "mode of its directory" "750 root:mcp-gateway" "$(in_box stat -c '%a %U:%G' /etc/mcp-gateway)"
    equals "mode of the runtime directory" "750 mcp-gateway:mcp-gateway" \
        "$(in_box stat -c '%a %U:%G' /run/mcp-gateway)"
    equals "mode of the state directory" "700 mcp-gateway:mcp-gateway" \
        "$(in_box stat -c '%a %U:%G' /var/lib/mcp-gateway)"
    as nobody nogroup test ! -r /etc/mcp-gateway/config.json
    as nobody mcp-gateway test -r /etc/mcp-gateway/config.json
}

# as USER GROUP COMMAND...
as() {
    local user=$1 group=$2
    shift 2
    in_box setpriv --reuid="$user" --regid="$group" --clear-groups "$@"
}

has_manuals() {
    local shell
    manual mcp-gateway | grep -- '--config'
    manual mcp-gateway.json | grep 'mcpServers.NAME'
    in_box bash -c 'source /usr/share/bash-completion/completions/mcp-gateway && complete -p mcp-gateway' > /dev/null
    for shell in zsh/vendor-completions/_mcp-gateway fish/vendor_completions.d/mcp-gateway.fish; do
        in_box grep -q check-config "/usr/share/$shell"
    done
}

# manual NAME : the page, which must be rendered without a word of warning.
manual() {
    in_box man --warnings "$1" 2> "$work/warnings"
    equals "warnings about $1" "" "$(< "$work/warnings")"
}

# repack VERSION FILE [COMMAND] : another version of the package, after a command in its tree.
repack() {
    in_box sh -ec "rm -rf /tmp/tree
        dpkg-deb -R /opt/test/mcp-gateway.deb /tmp/tree
        cd /tmp/tree
        sed -i 's/^Version:.*/Version: $1/' DEBIAN/control
        ${3:-:}
        dpkg-deb --root-owner-group -Znone -b /tmp/tree '$2'" > /dev/null
}

upgrades() {
    local before instance
    with_time | configure
    in_box sh -c 'echo "// mine" >> /etc/mcp-gateway/config.json'
    with_time 9191 | configure other
    in_box systemctl start mcp-gateway mcp-gateway@other
    before=$(property MainPID) instance=$(property MainPID mcp-gateway@other)

    repack 9.0-1 /tmp/same.deb
    in_box dpkg -i /tmp/same.deb < /dev/null
    in_box tail -1 /etc/mcp-gateway/config.json | grep '// mine'
    equals "mode" "640 root:mcp-gateway" "$(in_box stat -c '%a %U:%G' /etc/mcp-gateway/config.json)"
    [ "$(property MainPID)" != "$before" ] || fail "it was not restarted"
    [ "$(property MainPID mcp-gateway@other)" != "$instance" ] || fail "the instance was not restarted"
    tells_time
    port=9191 tells_time

    # Another default, and an administrator who is not asked.
    repack 9.1-1 /tmp/changed.deb 'echo "// new" >> etc/mcp-gateway/config.json'
    in_box dpkg --force-confdef --force-confold -i /tmp/changed.deb < /dev/null
    in_box tail -1 /etc/mcp-gateway/config.json | grep '// mine'
    tells_time
    in_box systemctl stop mcp-gateway@other
}

upgrades_behind_its_socket() {
    local before listener
    with_time | configure
    # Beside the gateway's own address, as in removes.
    drop_in mcp-gateway.socket <<< $'[Socket]\nListenStream=\nListenStream=127.0.0.1:9494'
    in_box systemctl stop mcp-gateway
    in_box systemctl start mcp-gateway.socket mcp-gateway
    before=$(property MainPID) listener=$(property ActiveEnterTimestampMonotonic mcp-gateway.socket)

    repack 9.2-1 /tmp/socket.deb
    in_box dpkg --force-confold -i /tmp/socket.deb < /dev/null
    equals "state of the socket" active "$(in_box systemctl is-active mcp-gateway.socket || true)"
    equals "open since" "$listener" "$(property ActiveEnterTimestampMonotonic mcp-gateway.socket)"
    equals "state" active "$(in_box systemctl is-active mcp-gateway || true)"
    [ "$(property MainPID)" != "$before" ] || fail "it was not restarted"
    port=9494 tells_time
    in_box systemctl stop mcp-gateway mcp-gateway.socket
    in_box systemctl start mcp-gateway
}

removes() {
    with_time | configure
    with_time 9191 | configure other
    # Beside the gateway's own address, for this is not about who listens.
    drop_in mcp-gateway.socket <<< $'[Socket]\nListenStream=\nListenStream=127.0.0.1:9494'
    in_box systemctl enable --now mcp-gateway.socket
    in_box systemctl start mcp-gateway
    in_box systemctl enable --now mcp-gateway@other
    in_box dpkg -r mcp-gateway < /dev/null
    equals "processes" "" "$(in_box pgrep -u mcp-gateway -a || true)"
    equals "state of the socket" inactive "$(in_box systemctl is-active mcp-gateway.socket || true)"
    in_box test ! -e /usr/bin/mcp-gateway
    in_box test -e /etc/mcp-gateway/config.json
}

# The last check: after it there is nothing left to test.
purges() {
    in_box dpkg -P mcp-gateway < /dev/null
    list_files > "$work/files-after"
    diff "$work/files-before" "$work/files-after" || fail "left behind: see above"
    in_box passwd -S mcp-gateway | grep ' L ' || fail "the account is not locked"
}
