#!/usr/bin/env bash
# Builds the release binary and, of that, the Debian package in .build-package, for this machine's architecture.
# The last line it prints is the path of the package.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

output=$root/.build-package
binary=$release/mcp-gateway

# lay_out DIRECTORY : everything that debhelper is to find. Nothing is built there, only put together.
lay_out() {
    local tree=$1 name
    cp -r units config docs README.md SECURITY.md CHANGELOG.md LICENSE "$tree"
    mv "$tree/units/debian" "$tree/debian"
    for name in mcp-gateway.service mcp-gateway@.service mcp-gateway.socket; do
        cp "units/$name" "$tree/debian/$name"
    done
    install -m 755 "$binary" "$tree/mcp-gateway"
    mkdir "$tree/completions" "$tree/man"
    # Without its first line, which is for scripts that are executed.
    "$binary" --generate-completion-script bash | sed '1{/^#!/d}' > "$tree/completions/mcp-gateway"
    "$binary" --generate-completion-script zsh > "$tree/completions/_mcp-gateway"
    "$binary" --generate-completion-script fish > "$tree/completions/mcp-gateway.fish"
    scripts/man-pages.py "$binary" "$(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH" '+%B %e, %Y')" "$tree/man"
    notices > "$tree/NOTICE"
}

# The Apache License asks for these to go along with what was built from such packages.
notices() {
    local file
    for file in "$(dirname "$release")"/checkouts/*/NOTICE.txt; do
        [ -e "$file" ] || continue
        printf '==== %s\n\n' "$(basename "$(dirname "$file")")"
        cat "$file"
    done
}

# The instances' unit is the service's, but for its first lines and what is called after the instance.
instances_alike() {
    diff <(sed -e '1,/^\[Service\]/d' -e 's,/mcp-gateway/config\.json,/mcp-gateway/%i.json,' \
        -e 's,/mcp-gateway/environment,/mcp-gateway/%i.environment,' units/mcp-gateway.service) \
        <(sed -e '1,/^\[Service\]/d' units/mcp-gateway@.service) \
        || die "units/mcp-gateway@.service differs from units/mcp-gateway.service: see above"
}

versions_alike() {
    local packaged built
    packaged=$(dpkg-parsechangelog -l units/debian/changelog -S Version)
    built=$("$binary" --version)
    [ "${packaged%-*}" = "$built" ] \
        || die "the binary is version $built, and units/debian/changelog says $packaged: add an entry there"
}

# The configuration is valid as it is, and with every example in it put into effect.
configuration_valid() {
    local examples=$1/examples.json
    "$binary" check-config --strict units/debian/config.json
    sed -E 's,^( *)// ( *["}]),\1\2,' units/debian/config.json > "$examples"
    MCP_GATEWAY_TOKEN=a GITHUB_TOKEN=b WEATHER_TOKEN=c "$binary" check-config --strict "$examples"
}

package() {
    local directory
    instances_alike
    versions_alike
    SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l units/debian/changelog -S Timestamp)
    export SOURCE_DATE_EPOCH
    directory=$(mktemp -d)
    configuration_valid "$directory"
    mkdir "$directory/tree"
    lay_out "$directory/tree"
    (cd "$directory/tree" && dpkg-buildpackage --build=binary --no-sign) > "$directory/log" 2>&1 || {
        cat "$directory/log" >&2
        rm -rf "$directory"
        return 1
    }
    rm -rf "$output"
    mkdir "$output"
    cp "$directory"/*.deb "$output"
    rm -rf "$directory"
}

# Every finding but mere information counts.
lint() {
    lintian --tag-display-limit 0 --allow-root --fail-on error,warning "$output"/*.deb
}

need_swift
stage "system packages" need_build_packages build-essential debhelper lintian man-db python3
stage "build (release)" release_binaries mcp-gateway
stage "package" package
stage "lintian" lint
printf '%s\n' "$output"/*.deb
