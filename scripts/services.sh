#!/usr/bin/env bash
# Real MCP servers to try the gateway with, on this machine only: two PostgreSQL databases, a browser, a fetcher of web
# pages, files. docs/services.md tells more.
#   ./scripts/services.sh start                 installs what is missing, starts them, writes one configuration
#   ./scripts/services.sh start --seed-ports    on the ports where the usual compose files have them
#   ./scripts/services.sh status
#   ./scripts/services.sh restart postgres
#   ./scripts/services.sh call postgres execute_sql '{"sql": "SELECT 1"}'    through the gateway, once that runs
#   ./scripts/services.sh stop
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=peers.sh
source "$root/scripts/peers.sh"
cd "$root"

if [ "${1:-}" = start ]; then
    stage "system packages" service_packages
    stage "python environments" peers
    stage "python environments of the services" service_peers
fi
[ -x .venv-mcp1/bin/python ] || die "nothing was started; ./scripts/services.sh start"
PYTHONPATH=$end_to_end exec .venv-mcp1/bin/python -m environment "$@"
