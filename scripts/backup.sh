#!/usr/bin/env bash
# Saves what makes up a gateway into one archive, for restore.sh: its configuration, what was changed of its units, and
# the home of its servers.
#   backup.sh [OPTION...]
#     --output FILE       the archive (default: mcp-gateway-HOST-DATE.tar.gz here); it is made readable for you alone
#     --with-secrets      also what holds secrets: all other files beside the configuration, `environment` among them, and
#                         the files that the units load credentials from. Without it credentials.txt in the archive
#                         lists them, and the names of variables, to be set up anew.
#     --no-state          without the home of the servers
#     --config-dir DIR    (default: /etc/mcp-gateway)
#     --state-dir DIR     (default: /var/lib/mcp-gateway)
#     --units-dir DIR     (default: /etc/systemd/system)
#     --help
# A token that stands in the configuration itself is saved with it. Caches of npx and uvx are not saved. The gateway may
# run; what servers write meanwhile may be saved half written, so stop it first if they keep databases in their home.
# Exit status: 0 done, 1 not done, 64 wrong usage, 69 a program is missing, 77 not permitted.
set -euo pipefail
# shellcheck source=operate.sh
source "$(dirname "${BASH_SOURCE[0]}")/operate.sh"

output='' secrets=false with_state=true
config=/etc/mcp-gateway state=/var/lib/mcp-gateway units=/etc/systemd/system
while (($#)); do
    case $1 in
        --output) take "$@" && output=$value && shift 2 ;;
        --with-secrets) secrets=true && shift ;;
        --no-state) with_state=false && shift ;;
        --config-dir) take "$@" && config=$value && shift 2 ;;
        --state-dir) take "$@" && state=$value && shift 2 ;;
        --units-dir) take "$@" && units=$value && shift 2 ;;
        --help | -h) usage && exit ;;
        *) wrong_usage "unknown argument $1" ;;
    esac
done
need_programs tar sha256sum
[ -d "$config" ] || quit 1 "there is no $config"
{ [ -r "$config" ] && [ -x "$config" ]; } || quit 77 "cannot read $config; try it with sudo"
output=${output:-mcp-gateway-$(uname -n)-$(date -u +%Y%m%dT%H%M%SZ).tar.gz}
[ ! -e "$output" ] || quit 1 "$output exists already"

umask 077
stage=$(mktemp -d)
trap 'rm -rf "$stage" "$output.part"' EXIT
mkdir "$stage/config" "$stage/units" "$stage/credentials"
listed=$stage/credentials.txt
printf '# What holds secrets: %s.\n' "$($secrets && echo 'all of it is in this archive' || echo 'not in this archive')" > "$listed"

# secret FILE DIRECTORY : lists it, and saves it if that is wanted.
secret() {
    stat -c '%n mode=%a owner=%U:%G' "$1" >> "$listed"
    if $secrets; then
        mkdir -p "$stage/$2"
        cp -pL "$1" "$stage/$2/"
    fi
}

for file in "$config"/*; do
    [ -f "$file" ] || continue
    case $file in
        *.bak) ;;
        *.json) cp -pL "$file" "$stage/config/" ;;
        *)
            secret "$file" config
            case $file in
                *environment) sed -n 's/^[[:space:]]*\([A-Za-z_][A-Za-z0-9_]*\)=.*/    variable \1/p' "$file" >> "$listed" ;;
            esac
            ;;
    esac
done
for directory in "$units"/mcp-gateway*.d; do
    [ -d "$directory" ] || continue
    cp -rp "$directory" "$stage/units/"
    while IFS=: read -r name path; do
        printf 'credential %s, loaded by %s\n' "$name" "${directory##*/}" >> "$listed"
        if [ -f "$path" ] && [ "${path%/*}" != "$config" ]; then
            secret "$path" "credentials${path%/*}"
        fi
    done < <(cat "$directory"/*.conf 2> /dev/null | sed -n 's/^[[:space:]]*LoadCredential\(Encrypted\)\{0,1\}=//p')
done
if $with_state && [ -d "$state" ]; then
    # Status 1: a file has changed while it was read.
    tar --create --file "$stage/state.tar" --directory "$state" --exclude ./.npm --exclude ./.cache . || (($? == 1))
fi
{
    printf 'format=1\nhost=%s\ndate=%s\nsecrets=%s\n' "$(uname -n)" "$(date -u +%FT%TZ)" "$secrets"
    printf 'gateway=%s\n' "$("$gateway" --version 2> /dev/null || echo unknown)"
} > "$stage/MANIFEST"
sums=$(cd "$stage" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
printf '%s\n' "$sums" > "$stage/SHA256SUMS"
tar --create --gzip --file "$output.part" --directory "$stage" .
mv "$output.part" "$output"
say "saved to $output ($(du -h "$output" | cut -f1))"
if grep -qv '^#' "$listed"; then
    say "$(if $secrets; then echo "with secrets:"; else echo "without these secrets, which --with-secrets would save:"; fi)"
    grep -v '^#' "$listed" >&2
fi
