# Sourced by the scripts beside it: timed stages, and what has to come from apt.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# stage TITLE COMMAND... : runs the command and prints how long it took; a failure ends the script. If the command is a
# function it runs in a shell of its own, where the first failure in it ends it: `"$@" || status=$?` would run on.
stage() {
    local title=$1 start=$SECONDS status
    shift
    printf '==> %s\n' "$title"
    set +e
    (
        set -e
        "$@"
    )
    status=$?
    set -e
    if ((status != 0)); then
        printf '==> %s: FAILED after %d s\n' "$title" $((SECONDS - start)) >&2
        exit "$status"
    fi
    printf '==> %s: %d s\n' "$title" $((SECONDS - start))
}

as_root() {
    if (($(id -u) == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "$* needs root, and there is no sudo"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q -y "$@"
}

is_installed() {
    [ "$(dpkg-query -W -f='${Status}' "$1" 2>/dev/null)" = "install ok installed" ]
}

# need_packages PACKAGE... : installs those that are missing and says nothing when none is.
need_packages() {
    local package missing=()
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    command -v apt-get >/dev/null || die "please install what Debian calls ${missing[*]}"
    printf 'installing %s\n' "${missing[*]}"
    apt_get update
    # A machine whose last apt run was interrupted refuses everything until that is mended.
    apt_get install --no-install-recommends "${missing[@]}" || {
        apt_get --fix-broken install
        apt_get install --no-install-recommends "${missing[@]}"
    }
}

# need_build_packages PACKAGE... : what every build needs of the system, and these.
need_build_packages() {
    need_packages libsystemd-dev libcurl4-openssl-dev "$@"
}

need_swift() {
    command -v swift >/dev/null || die "swift is not in PATH; see https://www.swift.org/install/linux/"
}

# release_binaries PRODUCT... : builds them as they are shipped, with Swift's libraries inside and none to be found
# beside them, into $release. There is one such build, and every script uses it.
release=$root/.build-release/release
release_binaries() {
    local product
    for product in "$@"; do
        swift build --package-path "$root" --scratch-path "$root/.build-release" -c release --static-swift-stdlib \
            --disable-local-rpath --product "$product" || return
    done
}
