#!/usr/bin/env bash
# Tells how a running gateway stands, in one line and by its exit status, as monitoring wants it (Nagios, Icinga, cron).
#   health-check.sh [OPTION...]
#     --url URL          where the gateway is (default: http://127.0.0.1:9090)
#     --socket PATH      or the unix socket it listens on
#     --token-file FILE  the token is in its first line; or it is in $MCP_GATEWAY_TOKEN
#     --server NAME      only this server
#     --probe NAME       only livez, or readyz, which need no token
#     --timeout SECONDS  for each request (default: 5)
#     --json             print one JSON object: status, summary, servers
#     --help
# Exit status: 0 all is well, 1 degraded, 2 unhealthy, not ready or not there, 3 not known (refused, no such server),
# 64 wrong usage, 69 curl or python3 is missing. Servers that are not meant to run are well.
set -euo pipefail
# shellcheck source=operate.sh
source "$(dirname "${BASH_SOURCE[0]}")/operate.sh"

url=http://127.0.0.1:9090 socket='' token=${MCP_GATEWAY_TOKEN:-} server='' probe='' timeout=5 json=false
while (($#)); do
    case $1 in
        --url) take "$@" && url=${value%/} && shift 2 ;;
        --socket) take "$@" && socket=$value && shift 2 ;;
        --token-file)
            take "$@"
            [ -r "$value" ] || quit 3 "cannot read $value"
            IFS= read -r token < "$value" || true
            shift 2
            ;;
        --server) take "$@" && server=$value && shift 2 ;;
        --probe) take "$@" && probe=$value && shift 2 ;;
        --timeout) take "$@" && timeout=$value && shift 2 ;;
        --json) json=true && shift ;;
        --help | -h) usage && exit ;;
        *) wrong_usage "unknown argument $1" ;;
    esac
done
case $probe in
    '' | livez | readyz) ;;
    *) wrong_usage "--probe is livez or readyz" ;;
esac
[[ $timeout =~ ^[1-9][0-9]*$ ]] || wrong_usage "--timeout needs a whole number of seconds"
[ -z "$probe" ] || [ -z "$server" ] || wrong_usage "--probe and --server exclude each other"
need_programs curl python3

# finish STATUS WORD SUMMARY : for answers that are not about single servers.
finish() {
    if $json; then
        python3 -c 'import json, sys; print(json.dumps(dict(status=sys.argv[1], summary=sys.argv[2], servers=[])))' "$2" "$3"
    else
        printf '%s: %s\n' "${2^^}" "$3"
    fi
    exit "$1"
}

# ask PAGE : its status is in $code, and its body in $body. The token goes by a file, for others see arguments.
ask() {
    local reply options=(--silent --show-error --max-time "$timeout" --write-out '\n%{http_code}' --config -)
    [ -z "$socket" ] || options+=(--unix-socket "$socket")
    if ! reply=$(curl "${options[@]}" "$url/$1" 2>&1 <<< "${token:+header = \"Authorization: Bearer $token\"}"); then
        finish 2 unhealthy "no answer from ${socket:-$url}/$1: $(head -1 <<< "$reply")"
    fi
    code=${reply##*$'\n'} body=${reply%$'\n'*}
}

[ -z "$socket" ] || url=http://localhost
ask "${probe:-livez}"
case ${probe:-livez} in
    livez) [ "$code" = 200 ] || finish 2 unhealthy "/livez answers $code" ;;
    readyz) [ "$code" = 200 ] || finish 2 unhealthy "not ready: $body" ;;
esac
[ -z "$probe" ] || finish 0 healthy "/$probe answers $code"

ask healthz
case $code in
    200 | 503) ;;
    *) finish 3 unknown "/healthz answers $code" ;;
esac
status=0
python3 -c '
import json, sys
body, wanted, as_json = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3] == "true"
if "servers" not in body:
    code, word, summary, servers = 3, "unknown", "/healthz tells of servers only with a token (--token-file)", []
else:
    servers = [s for s in body["servers"] if wanted in ("", s["name"])]
    levels = {s["health"]["level"] for s in servers}
    code = 2 if "unhealthy" in levels else 1 if "degraded" in levels else 0
    if not wanted and body["status"] not in ("ready", "ok"):
        code = 2
    word = ("healthy", "degraded", "unhealthy")[code]
    summary = body["summary"]
    if wanted and servers:
        health = servers[0]["health"]
        summary = ": ".join([wanted, health["summary"], *([health["detail"]] if "detail" in health else [])])
    elif wanted:
        code, word, summary = 3, "unknown", f"there is no server {wanted}"
print(json.dumps(dict(status=word, summary=summary, servers=servers)) if as_json else f"{word.upper()}: {summary}")
sys.exit(code)
' "$body" "$server" "$json" || status=$?
exit "$status"
