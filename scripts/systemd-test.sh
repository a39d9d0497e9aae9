#!/usr/bin/env bash
# Boots a real systemd in namespaces of its own, installs the Debian package there, and uses it as an administrator
# does. Each check is a function below scripts/systemd/checks; a new one is called at the end of this file.
#   ./scripts/systemd-test.sh                     all checks, on the package that package.sh makes
#   ./scripts/systemd-test.sh --package FILE      on this one
#   ./scripts/systemd-test.sh --only REGEX        only those with such a title, after the installation
#   ./scripts/systemd-test.sh --complete          a check that is skipped counts as failed
# Status 0: all passed. 1: one failed. 77: this machine allows no namespaces, and nothing was tested.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"
# shellcheck source=peers.sh
source scripts/peers.sh
# shellcheck source=systemd/harness.sh
source scripts/systemd/harness.sh
for file in scripts/systemd/checks/*.sh; do
    # shellcheck source=/dev/null
    source "$file"
done

not_allowed() {
    printf '%s\n' '****' \
        "**** NOT TESTED: $1, so there is no systemd to test with." \
        '**** Run it as root on a machine of your own, or in a container with all capabilities.' '****' >&2
    exit 77
}

prepare() {
    local python
    release_binaries fixture-server
    cp "$package" "$work/opt/mcp-gateway.deb"
    cp "$release/fixture-server" scripts/systemd/servers/* Tests/EndToEnd/support/*.py "$work/opt"
    cp -r scripts "$work/opt/scripts"
    ln -s "$(cd .venv-mcp1 && printf /opt/peers/%s lib/python3*/site-packages)" "$work/opt/site-packages"
    # Homes are hidden from the service, and an interpreter may be in one.
    python=$(.venv-mcp1/bin/python -c 'import sys; print(sys.base_prefix)')
    printf '%s\n' "$work/opt:/opt/test" "$root/.venv-mcp1:/opt/peers" "$python:/opt/python" > "$work/binds"
}

boot() {
    local binds
    mapfile -t binds < "$work/binds"
    as_root "$box" up "$work/box" "${binds[@]}"
}

finish() {
    [ -d "$work/box" ] && as_root "$box" down "$work/box"
    rm -rf "$work"
}

only=. complete=false package=
while (($#)); do
    case $1 in
        --package)
            package=${2:?--package needs a file}
            shift 2
            ;;
        --only)
            only=${2:?--only needs a regular expression}
            shift 2
            ;;
        --complete)
            complete=true
            shift
            ;;
        *) die "unknown option $1" ;;
    esac
done

need_swift
need_packages systemd curl man-db procps
(($(id -u) == 0)) || command -v sudo > /dev/null || not_allowed "that needs root, and there is no sudo"
status=0
as_root "$box" probe || status=$?
((status != 77)) || not_allowed "this machine allows no namespaces and mounts (see above)"
((status == 0)) || exit "$status"
stage "python peers" peers
if [ -z "$package" ]; then
    stage "package" scripts/package.sh
    package=$(echo .build-package/*.deb)
fi

work=$(mktemp -d)
trap finish EXIT
mkdir "$work/opt" "$work/box"
stage "a package, a fixture, real MCP servers" prepare
stage "boot" boot

check "dpkg -i installs, enables and starts the service" installs
check "configuration and runtime directory are closed to others" keeps_secrets
check "manual pages and completions are there" has_manuals
check "systemd-analyze verify has nothing to say" verifies
check "systemd-analyze security: exposure of at most 1.6" is_confined
check "systemctl start returns when the required servers are ready" start_waits
check "systemctl status shows how the servers stand" shows_status
check "a killed server comes back, and the journal tells why" restarts_server
check "the journal has a server's entries by MCP_SERVER" journals_fields
check "systemctl stop leaves no process, however stubborn" stop_leaves_nothing
check "a bad configuration is status 78 and no restart loop" refuses_bad_configuration
check "a killed gateway comes back with its servers" restarts_gateway
check "the guard kills what a killed gateway leaves" guard_kills
check "a gateway that hangs is killed by the watchdog and comes back" watchdog_restarts
check "several instances have each a configuration and a state" runs_instances
check "node lives in the sandbox" confines_node
check "npx lives in the sandbox" confines_npx
check "python lives in the sandbox" confines_python
check "uvx lives in the sandbox" confines_uvx
check "a drop-in lets servers into a directory and a part of a home" opens_sandbox
check "systemctl reload with a good file changes only what changed" reloads_good
check "systemctl reload with a bad file fails and keeps the old" reloads_bad
check "status, call, restart and the rest ask the service and tell how it went" asks_service
check "the group may use the control socket, and others may not" lets_group_in
check "an instance has a control socket of its own" controls_instances
check "doctor tries servers as the service's user with the service's PATH" doctor_tries
check "a client that connects before the service runs is answered" socket_activates
check "a restart behind the socket unit refuses no connection" restart_refuses_nobody
check "a credential is a token, read from a file" reads_credential_file
check "a credential is a token, by \${credential:NAME}" reads_credential
check "deploy.sh brings in a configuration and waits for the service" deploys
check "deploy.sh changes nothing if the configuration cannot be used" deploys_nothing_bad
check "a server is added to the service, saved, and restored with it" adds_saves_restores
check "an upgrade keeps the configuration and restarts what runs" upgrades
check "an upgrade leaves the socket open and restarts what listens on it" upgrades_behind_its_socket
check "dpkg -r stops everything and leaves the configuration" removes
check "dpkg -P leaves nothing but the locked account" purges

summarize
