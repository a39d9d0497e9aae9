# The scripts for operators, on the running service.

# operate SCRIPT ARGUMENT...
operate() {
    local script=$1
    shift
    in_box "/opt/test/scripts/$script" "$@"
}

deploys() {
    printf '{ "mcpServers": { "gateway": { "builtin": "gateway" }, "time": %s } }' "$time_server" |
        in_box install -m 600 /dev/stdin /root/wanted.json
    operate deploy.sh --config /root/wanted.json /opt/test/mcp-gateway.deb | grep 'time .*ready'
    equals "mode of the configuration" "640 root:mcp-gateway" \
        "$(in_box stat -c '%a %U:%G' /etc/mcp-gateway/config.json)"
    equals "state" active "$(in_box systemctl is-active mcp-gateway)"
    in_box sh -c 'ls /var/backups/mcp-gateway/*.tar.gz'
    operate health-check.sh | grep '^HEALTHY: 2/2 servers ready'
    # An operator's copies are no part of the package, which a later check looks for.
    in_box rm -r /var/backups/mcp-gateway
}

deploys_nothing_bad() {
    local status=0 before
    in_box systemctl start mcp-gateway
    before=$(property MainPID)
    printf '{ "mcpServers": 7 }' | in_box install -m 600 /dev/stdin /root/wanted.json
    operate deploy.sh --config /root/wanted.json /opt/test/mcp-gateway.deb || status=$?
    equals "status" 78 "$status"
    equals "the gateway" "$before" "$(property MainPID)"
}

adds_saves_restores() {
    local before
    printf '{ // kept\n "mcpServers": { "gateway": { "builtin": "gateway" } } }' | configure
    in_box systemctl start mcp-gateway
    before=$(property MainPID)
    operate add-mcp-service.sh extra --required -- /opt/test/fixture-server
    equals "mode of the configuration" "640 root:mcp-gateway" \
        "$(in_box stat -c '%a %U:%G' /etc/mcp-gateway/config.json)"
    in_box grep '// kept' /etc/mcp-gateway/config.json
    operate health-check.sh --server extra
    in_box rm -f /root/saved.tar.gz
    in_box sh -c 'echo remembered > /var/lib/mcp-gateway/notes'
    operate backup.sh --output /root/saved.tar.gz --with-secrets
    equals "the gateway" "$before" "$(property MainPID)"
    printf '{ "mcpServers": {} }' | configure
    in_box systemctl reload mcp-gateway
    in_box rm /var/lib/mcp-gateway/notes
    operate restore.sh /root/saved.tar.gz --state
    operate health-check.sh --server extra
    in_box grep remembered /var/lib/mcp-gateway/notes
    equals "owner and mode of the state" "700 mcp-gateway:mcp-gateway" \
        "$(in_box stat -c '%a %U:%G' /var/lib/mcp-gateway)"
    in_box sh -c 'rm -r /etc/mcp-gateway.before-* /var/lib/mcp-gateway.before-*'
}
