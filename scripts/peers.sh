# Sourced by the scripts beside it: the MCP clients and servers that are tested with. Needs common.sh.

end_to_end=Tests/EndToEnd

# find_python MINOR : the first Python 3 of that or a later minor version that can make virtual environments. Debian
# ships the two halves apart, and pyenv's are often not in PATH.
find_python() {
    local candidate
    for candidate in python3 /usr/bin/python3 python3.{14,13,12,11,10} ~/.pyenv/versions/3.*/bin/python3; do
        if "$candidate" -c "import ensurepip, venv, sys; sys.exit(sys.version_info < (3, $1))" 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# peers_of LINE PYTHON OPTION... : .venv-LINE with what requirements-LINE.txt pins, made anew when that file changes.
peers_of() {
    local line=$1 python=$2 venv=.venv-$1 wanted=$end_to_end/requirements-$1.txt
    shift 2
    if [ -x "$venv/bin/python" ] && cmp -s "$wanted" "$venv/requirements.txt"; then
        return
    fi
    rm -rf "$venv"
    "$python" -m venv "$venv" || die "$python could not make $venv; apt-get install python3-venv and try again"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" --requirement "$wanted" || {
        rm -rf "$venv"
        return 1
    }
    cp "$wanted" "$venv/requirements.txt"
}

peers() {
    local python line
    python=$(find_python 10) || {
        need_packages python3 python3-venv
        python=$(find_python 10) || die "no python3 of 3.10 or later that can make a virtual environment"
    }
    for line in mcp1 mcp2; do
        peers_of $line "$python" || die "pip could not install requirements-$line.txt: see its message above"
    done
}

# What follows is for real services, which are many: one that cannot be had is skipped, and said to be.
skipped() {
    printf 'SKIPPED %s\n' "$*" >&2
}

service_packages() {
    (need_packages postgresql) || skipped "postgres, timescaledb: apt-get could not install postgresql"
    (need_packages chromium) || skipped "playwright: apt-get could not install chromium"
}

# Reverse proxies: Debian starts what it installs; one that was not there before is not to listen on port 80 from now on.
operators_packages() {
    local program package
    for program in nginx haproxy caddy; do
        command -v "$program" > /dev/null || [ -x "/usr/sbin/$program" ] && continue
        package=${program/#nginx/nginx-light}
        (need_packages "$package") || skipped "$program as a reverse proxy: apt-get could not install $package"
        [ ! -d /run/systemd/system ] || as_root systemctl disable --now "$program" || true
    done
    # It reads compose files, and starts nothing.
    (need_packages docker-compose) || skipped "compose files: apt-get could not install docker-compose"
}

service_peers() {
    local python
    if python=$(find_python 12); then
        peers_of postgres "$python" --no-deps || skipped "postgres, timescaledb: pip could not install postgres-mcp"
    else
        skipped "postgres, timescaledb: postgres-mcp needs Python 3.12 or later, and there is none"
    fi
    python=$(find_python 10) || die "no python3 of 3.10 or later that can make a virtual environment"
    peers_of playwright "$python" || skipped "playwright: pip could not install it"
}
