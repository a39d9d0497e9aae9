#!/usr/bin/env bash
# Puts back what backup.sh has saved.
#   restore.sh ARCHIVE [OPTION...]
#     --state             also the home of the servers; the service is stopped for that, and started again
#     --units             also what was changed of the units (drop-ins), and files of credentials at their old places
#     --check             only check the archive, and whether its configuration is valid here
#     --force             even if the configuration is not valid here, for instance because secrets are to follow
#     --config-dir DIR    (default: /etc/mcp-gateway)
#     --state-dir DIR     (default: /var/lib/mcp-gateway)
#     --units-dir DIR     (default: /etc/systemd/system)
#     --control PATH      the control socket of the gateway
#     --no-service        touch no service and reload nothing
#     --help
# What is replaced is kept beside it, as NAME.before-DATE. If a running gateway does not take the configuration, the
# former one is put back.
# Exit status: 0 done, 1 the gateway did not take it, 64 wrong usage, 65 this is no such archive, or a damaged one,
# 69 a program is missing, 77 not permitted, 78 the configuration is not valid here.
set -euo pipefail
# shellcheck source=operate.sh
source "$(dirname "${BASH_SOURCE[0]}")/operate.sh"

archive='' with_state=false with_units=false check=false force=false service=true control=()
config=/etc/mcp-gateway state=/var/lib/mcp-gateway units=/etc/systemd/system
while (($#)); do
    case $1 in
        --state) with_state=true && shift ;;
        --units) with_units=true && shift ;;
        --check) check=true && shift ;;
        --force) force=true && shift ;;
        --config-dir) take "$@" && config=$value && shift 2 ;;
        --state-dir) take "$@" && state=$value && shift 2 ;;
        --units-dir) take "$@" && units=$value && shift 2 ;;
        --control) take "$@" && control=(--control "$value") && shift 2 ;;
        --no-service) service=false && shift ;;
        --help | -h) usage && exit ;;
        -*) wrong_usage "unknown option $1" ;;
        *)
            [ -z "$archive" ] || wrong_usage "one ARCHIVE only"
            archive=$1 && shift
            ;;
    esac
done
[ -n "$archive" ] || wrong_usage "which ARCHIVE?"
need_programs tar sha256sum "$gateway"
[ -r "$archive" ] || quit 77 "cannot read $archive"

umask 077
stage=$(mktemp -d) candidates=()
trap 'rm -rf "$stage" "${candidates[@]}"' EXIT
names=$(tar --list --gzip --file "$archive" 2> /dev/null) || quit 65 "$archive is no archive of backup.sh"
# Whatever else is in there was not put there by backup.sh.
if grep -qvE '^\./((MANIFEST|SHA256SUMS|credentials\.txt|state\.tar)|(config|units|credentials)/.*)?$' <<< "$names" ||
    grep -qE '(^|/)\.\.(/|$)' <<< "$names"; then
    quit 65 "$archive is no archive of backup.sh, or somebody has added to it"
fi
tar --extract --preserve-permissions --gzip --file "$archive" --directory "$stage"
if [ -n "$(find "$stage" ! -type f ! -type d)" ] || ! grep -qx 'format=1' "$stage/MANIFEST" 2> /dev/null; then
    quit 65 "$archive is no archive of backup.sh in a format that is known here"
fi
sums=$(cd "$stage" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum)
[ "$sums" = "$(cat "$stage/SHA256SUMS")" ] || quit 65 "$archive is damaged"
say "$(tr '\n' ' ' < "$stage/MANIFEST")"

{ [ -d "$config" ] && [ -w "$config" ]; } || $check || mkdir -p "$config" || quit 77 "cannot write $config; try it with sudo"
invalid=0
for file in "$stage"/config/*.json; do
    [ -f "$file" ] || continue
    # In its place to be, for relative paths to mean the same.
    candidate=$file
    if [ -w "$config" ]; then
        candidate=$(mktemp "$config/.restore.XXXXXX")
        candidates+=("$candidate")
        cp "$file" "$candidate"
    fi
    secrets_of=$config
    [ ! -e "$stage/config/environment" ] || secrets_of=$stage/config
    if ! report=$(with_environment "$secrets_of" "$gateway" check-config "$candidate" 2>&1); then
        invalid=$((invalid + 1))
        say "${report//"$candidate"/"${file##*/}"}"
    fi
done
if ((invalid > 0)) && ! $force; then
    quit 78 "nothing was changed; --force restores it all the same"
fi
if $check; then
    say "$archive is complete"
    exit
fi

stamp=before-$(date -u +%Y%m%dT%H%M%S.%N)
running=false
if $service && [ -d /run/systemd/system ] && systemctl --quiet is-active mcp-gateway; then
    running=true
fi
if $with_state && $running; then
    systemctl stop mcp-gateway
fi

cp -a "$config" "$config.$stamp"
find "$config.$stamp" -name '.restore.*' -delete
find "$stage/config" -type f -exec cp -p -t "$config" {} +
say "restored $config; as it was: $config.$stamp"
if $with_state && [ -f "$stage/state.tar" ]; then
    [ ! -d "$state" ] || mv "$state" "$state.$stamp"
    mkdir -p "$state"
    tar --extract --preserve-permissions --file "$stage/state.tar" --directory "$state"
    say "restored $state"
fi
if $with_units; then
    for directory in "$stage"/units/*; do
        [ -d "$directory" ] || continue
        mkdir -p "$units/${directory##*/}"
        cp -p "$directory"/* "$units/${directory##*/}/"
        chmod 755 "$units/${directory##*/}"
        say "restored $units/${directory##*/}"
    done
    while IFS= read -r file; do
        path=${file#"$stage/credentials"}
        if [ ! -e "$path" ]; then
            mkdir -p "${path%/*}"
            cp -p "$file" "$path"
            say "restored $path"
        fi
    done < <(find "$stage/credentials" -type f)
fi

$service || exit 0
if [ -d /run/systemd/system ] && $with_units; then
    systemctl daemon-reload
fi
if $with_state && $running; then
    systemctl start mcp-gateway || quit 1 "the gateway does not start; see systemctl status mcp-gateway"
    exit 0
fi
status=0
report=$("$gateway" reload --wait "${control[@]}" 2>&1) || status=$?
say "$report"
case $status in
    0) ;;
    69) say "no gateway runs here, so nothing was started" ;;
    *)
        cp -a "$config.$stamp/." "$config/"
        "$gateway" reload "${control[@]}" > /dev/null 2>&1 || true
        quit 1 "the gateway did not take it, and the former configuration is back"
        ;;
esac
