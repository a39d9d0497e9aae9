#!/usr/bin/env bash
# fuzz.sh [MINUTES] : runs the fuzz tests with a new seed each time, ten minutes unless told.
#
# In the suite they use fixed seeds, so that it says the same every time. To repeat what failed here:
#     FUZZ_SEED=1234 ./scripts/fuzz.sh
# FUZZ_ROUNDS says how many times the suite's number of rounds each seed gets; 3 unless given.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

minutes=${1:-10}
[[ $minutes =~ ^[1-9][0-9]{0,4}$ ]] || die "how many minutes? fuzz.sh [MINUTES]"
export FUZZ_ROUNDS=${FUZZ_ROUNDS:-3}

# A fuzz test is one with "fuzz" in its name.
fuzz_tests() {
    swift test --skip-build --filter '[Ff]uzz' >"$log" 2>&1
}

# round SEED : prints what the tests say only if one fails, or the process dies.
round() {
    local start=$SECONDS
    printf '==> FUZZ_SEED=%s FUZZ_ROUNDS=%s\n' "$1" "$FUZZ_ROUNDS"
    FUZZ_SEED=$1 fuzz_tests || {
        grep -v ' started\.$' "$log"
        die "failed; to repeat it: FUZZ_SEED=$1 FUZZ_ROUNDS=$FUZZ_ROUNDS ./scripts/fuzz.sh"
    }
    # A filter that matches nothing passes too.
    grep -Eq 'Test run with [1-9][0-9]* test' "$log" || die "no fuzz test has run"
    printf '==> passed: %d s\n' $((SECONDS - start))
}

need_swift
need_build_packages git
stage "build (debug)" swift build --build-tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if [ -n "${FUZZ_SEED:-}" ]; then
    round "$FUZZ_SEED"
    exit
fi
start=$SECONDS
seeds=0
while ((SECONDS - start < minutes * 60)); do
    round "$(od -An -N8 -tu8 /dev/urandom | tr -d ' ')"
    seeds=$((seeds + 1))
done
printf '==> %d seeds passed in %d s\n' "$seeds" $((SECONDS - start))
