# Sourced by the scripts for operators, which need nothing of this repository but what lies beside them.

me=$(basename "$0")

say() {
    printf '%s\n' "$*" >&2
}

# quit STATUS TEXT : ends the script.
quit() {
    local status=$1
    shift
    printf '%s: %s\n' "$me" "$*" >&2
    exit "$status"
}

# usage : the comment at the top of the script, which is its help.
usage() {
    sed -n '2,/^[^#]/{ /^#/{ s/^# \{0,1\}//; p } }' "$0"
}

wrong_usage() {
    quit 64 "$*; --help tells more"
}

# take OPTION [VALUE...] : $value is the VALUE of an option that needs one.
take() {
    if (($# < 2)) || [ -z "$2" ]; then
        wrong_usage "$1 needs a value"
    fi
    value=$2
}

# need_programs PROGRAM...
need_programs() {
    local program
    for program in "$@"; do
        command -v "$program" > /dev/null || quit 69 "$program is not installed"
    done
}

# The program; another one for tests.
gateway=${MCP_GATEWAY_BINARY:-mcp-gateway}

# with_environment DIRECTORY COMMAND... : runs it with what the service has besides: the variables of
# DIRECTORY/environment, and its credentials. What is set already wins.
with_environment() (
    directory=$1
    shift
    credentials=/run/credentials/mcp-gateway.service
    if [ -z "${CREDENTIALS_DIRECTORY:-}" ] && [ -r "$credentials" ]; then
        export CREDENTIALS_DIRECTORY=$credentials
    fi
    if [ -r "$directory/environment" ]; then
        while IFS= read -r line || [ -n "$line" ]; do
            [[ $line =~ ^[[:space:]]*([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
            variable=${BASH_REMATCH[1]} content=${BASH_REMATCH[2]}
            case $content in
                \"*\" | \'*\') content=${content:1:-1} ;;
            esac
            [ -n "${!variable+set}" ] || export "$variable=$content"
        done < "$directory/environment"
    fi
    "$@"
)
