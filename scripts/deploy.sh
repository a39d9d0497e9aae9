#!/usr/bin/env bash
# Installs or upgrades the gateway as a service on this machine, and waits until it serves.
#   deploy.sh [OPTION...] [PACKAGE.deb]
#     --config FILE      becomes /etc/mcp-gateway/config.json; what was there is kept, as backup.sh saves it
#     --backup-dir DIR   where that goes (default: /var/backups/mcp-gateway)
#     --timeout SECONDS  how long to wait for the service (default: 300)
#     --help
# Without a PACKAGE it is built, by package.sh beside this script, which needs Swift. The new program has to accept the
# configuration before anything is changed. Run it as root, or by sudo.
# Exit status: 0 it serves and every server is well, 1 it does not serve, 2 it serves and a server is not well,
# 64 wrong usage, 69 a program is missing, 77 not permitted, 78 the configuration cannot be used by the new program.
set -euo pipefail
# shellcheck source=operate.sh
source "$(dirname "${BASH_SOURCE[0]}")/operate.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

package='' config='' timeout=300 backups=/var/backups/mcp-gateway
installed=/etc/mcp-gateway/config.json
while (($#)); do
    case $1 in
        --config) take "$@" && config=$value && shift 2 ;;
        --backup-dir) take "$@" && backups=$value && shift 2 ;;
        --timeout) take "$@" && timeout=$value && shift 2 ;;
        --help | -h) usage && exit ;;
        -*) wrong_usage "unknown option $1" ;;
        *)
            [ -z "$package" ] || wrong_usage "one PACKAGE only"
            package=$1 && shift
            ;;
    esac
done
[[ $timeout =~ ^[1-9][0-9]*$ ]] || wrong_usage "--timeout needs a whole number of seconds"
[ -z "$config" ] || [ -r "$config" ] || quit 77 "cannot read $config"
[ -z "$package" ] || [ -r "$package" ] || quit 77 "cannot read $package"
need_programs dpkg-deb apt-get
if [ -z "$package" ]; then
    say "==> package"
    "$here/package.sh"
    package=$(echo "$here"/../.build-package/mcp-gateway_*.deb)
fi
package=$(realpath "$package")

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
dpkg-deb --extract "$package" "$temporary" 2> /dev/null || quit 65 "$package is no Debian package"
program=$temporary/usr/bin/mcp-gateway
[ -x "$program" ] || quit 65 "there is no mcp-gateway in $package"
say "==> mcp-gateway $("$program" --version)"
wanted=${config:-$installed}
if [ -r "$wanted" ]; then
    report=$(with_environment /etc/mcp-gateway "$program" check-config "$wanted" 2>&1) || {
        say "$report"
        quit 78 "nothing was changed"
    }
fi
(($(id -u) == 0)) || quit 77 "installing needs root; try it with sudo"
[ -d /run/systemd/system ] || quit 69 "systemd does not run here"

if [ -e "$installed" ]; then
    mkdir -p "$backups"
    chmod 700 "$backups"
    "$here/backup.sh" --no-state --with-secrets --output "$backups/$(date -u +%Y%m%dT%H%M%S.%N).tar.gz"
fi
say "==> installation"
# The package starts the service and enables it. An administrator's configuration stays.
DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o DPkg::Options::=--force-confold \
    install --reinstall --allow-downgrades "$package" >&2
if [ -n "$config" ]; then
    install -m 640 -g mcp-gateway "$config" "$installed"
    systemctl restart --no-block mcp-gateway
else
    systemctl enable mcp-gateway > /dev/null 2>&1
    systemctl start --no-block mcp-gateway
fi

say "==> waiting for the service"
deadline=$((SECONDS + timeout))
until [ "$(systemctl show -P ActiveState -P SubState mcp-gateway | tr '\n' ' ')" = "active running " ]; do
    if systemctl --quiet is-failed mcp-gateway || ((SECONDS >= deadline)); then
        systemctl status --no-pager --lines 20 mcp-gateway >&2 || true
        quit 1 "the service does not run"
    fi
    sleep 0.5
done
status=0
mcp-gateway status || status=$?
case $status in
    0) ;;
    1) exit 2 ;;
    *) quit 1 "the gateway does not answer on its control socket" ;;
esac
