#!/usr/bin/env bash
# Adds a server to the configuration of a gateway, and has the gateway take it up.
#   add-mcp-service.sh NAME [OPTION...] -- COMMAND [ARGUMENT...]     a server over stdio
#   add-mcp-service.sh NAME [OPTION...] --url URL                    a server elsewhere
#     --env NAME=VALUE      a variable for it (more than once); VALUE may be '${NAME}' or '${credential:NAME}'
#     --cwd DIRECTORY       where it starts
#     --header NAME:VALUE   a header to send to the URL (more than once)
#     --transport NAME      sse or streamable-http, of a URL that is not to be found out by trying
#     --required            the gateway is ready only once this server is
#     --config FILE         the configuration (default: /etc/mcp-gateway/config.json)
#     --control PATH        the control socket of the gateway
#     --no-reload           only change the file
#     --dry-run             only show what would change
#     --help
# Comments and layout of the file stay. The new file is checked before it takes the place of the old one, which is kept
# as FILE.DATE.bak (the last ten are). If the gateway does not take it, the old one is put back. If no gateway runs, the
# server is started with the next one.
# Exit status: 0 done, 1 the gateway did not take it, 64 wrong usage, 65 the file cannot be changed in this way,
# 69 a program is missing, 77 not permitted, 78 the configuration would not be valid.
set -euo pipefail
# shellcheck source=operate.sh
source "$(dirname "${BASH_SOURCE[0]}")/operate.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

name='' config=/etc/mcp-gateway/config.json control=() reload=true dry_run=false
# What the block is made of: words of python3 below.
block=() kind=''
while (($#)); do
    case $1 in
        --env | --header) take "$@" && block+=("${1#--}" "$value") && shift 2 ;;
        --cwd) take "$@" && block+=(cwd "$value") && shift 2 ;;
        --transport) take "$@" && block+=(transportType "$value") && shift 2 ;;
        --url) take "$@" && kind=url && block+=(url "$value") && shift 2 ;;
        --required) block+=(required true) && shift ;;
        --config) take "$@" && config=$value && shift 2 ;;
        --control) take "$@" && control=(--control "$value") && shift 2 ;;
        --no-reload) reload=false && shift ;;
        --dry-run) dry_run=true && shift ;;
        --help | -h) usage && exit ;;
        --)
            shift
            (($#)) || wrong_usage "-- is followed by a command"
            [ -z "$kind" ] || wrong_usage "a server has either a command or a --url"
            kind='command'
            block+=(command "$1")
            shift
            while (($#)); do block+=(args "$1") && shift; done
            ;;
        -*) wrong_usage "unknown option $1" ;;
        *)
            [ -z "$name" ] || wrong_usage "one NAME only; a command comes after --"
            name=$1 && shift
            ;;
    esac
done
[ -n "$name" ] || wrong_usage "which NAME shall it have?"
[ -n "$kind" ] || wrong_usage "a server has either a command, after --, or a --url"
need_programs python3 "$gateway" flock

[ -r "$config" ] || quit 77 "cannot read $config"
config=$(realpath "$config")
directory=$(dirname "$config")
{ [ -w "$directory" ] && [ -w "$config" ]; } || quit 77 "cannot write $config; try it with sudo"

# Two at once would each undo what the other has done.
exec 9< "$directory"
flock 9
# Beside the old one, for relative paths in it to mean the same.
new=$(mktemp "$directory/.${config##*/}.XXXXXX")
trap 'rm -f "$new"' EXIT

added=$(python3 -c '
import json, sys
words, block = iter(sys.argv[1:]), {}
for key, value in zip(words, words):
    if key == "args":
        block.setdefault("args", []).append(value)
    elif key in ("env", "header"):
        name, mark, text = value.partition("=" if key == "env" else ":")
        if not name or not mark:
            sys.exit(f"--{key} {name}: NAME=VALUE for --env, NAME:VALUE for --header")
        block.setdefault("env" if key == "env" else "headers", {})[name.strip()] = text.strip() if key == "header" else text
    else:
        block[key] = True if key == "required" else value
print(json.dumps(block))
' "${block[@]}") || exit 64
python3 "$here/add-server.py" "$config" "$name" "$added" > "$new" || exit 65

if ! report=$(with_environment "$directory" "$gateway" check-config "$new" 2>&1); then
    say "${report//"$new"/"$config"}"
    quit 78 "$config is as it was"
fi
if $dry_run; then
    diff -u --label "$config" --label "$config, new" "$config" "$new" || true
    exit
fi

backup=$config.$(date -u +%Y%m%dT%H%M%S.%N).bak
cp -p "$config" "$backup"
# Owner and mode of the old one: the service must be able to read it, and others not.
chmod --reference="$config" "$new"
chown --reference="$config" "$new" 2> /dev/null || quit 77 "cannot give a new $config the owner of the old one; try it with sudo"
mv "$new" "$config"
backups=("$config".*.bak)
for old in "${backups[@]:0:$((${#backups[@]} > 10 ? ${#backups[@]} - 10 : 0))}"; do rm -f "$old"; done
say "added \"$name\" to $config; as it was: $backup"
$reload || exit 0

status=0
report=$("$gateway" reload --wait "${control[@]}" 2>&1) || status=$?
case $status in
    0)
        say "$report"
        "$gateway" status "$name" "${control[@]}" || true
        ;;
    69) say "no gateway runs here, so nothing was started: $report" ;;
    *)
        say "$report"
        cp -p "$backup" "$config"
        "$gateway" reload "${control[@]}" > /dev/null 2>&1 || true
        quit 1 "the gateway did not take it; $config is as it was"
        ;;
esac
