#!/usr/bin/env bash
# sanitize.sh [thread|address]... : runs the Swift tests under these sanitizers, both unless told. A finding fails it.
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

# tests DIRECTORY OPTION... : fuzz tests by themselves, for they keep the processor from tests with a time limit.
# The runner of XCTest, which no test here uses, leaks a little itself.
tests() {
    local directory=$1
    shift
    swift test --scratch-path "$directory" --disable-xctest "$@" --skip '[Ff]uzz' || return
    swift test --scratch-path "$directory" --disable-xctest "$@" --skip-build --filter '[Ff]uzz'
}

# Its run-time library stops the process in the child of a vfork, which is how servers are started; and it does not see
# that a Mutex of Swift is handed over within the kernel when two threads want it at once, as they do in CurlTests.
thread() {
    printf 'left out, because ThreadSanitizer cannot follow a vfork: SpawnTests, UpstreamsTests\n'
    printf 'left out, because it cannot follow a Mutex that is contended: CurlTests\n'
    TSAN_OPTIONS="halt_on_error=1 ${TSAN_OPTIONS:-}" \
        tests .build-tsan --sanitize=thread --skip SpawnTests --skip UpstreamsTests --skip CurlTests
}

address() {
    ASAN_OPTIONS="detect_leaks=1 ${ASAN_OPTIONS:-}" LSAN_OPTIONS="suppressions=$root/scripts/leaks.txt" \
        tests .build-asan --sanitize=address
}

need_swift
need_build_packages git openssl python3
(($#)) || set -- thread address
for sanitizer; do
    case $sanitizer in
        thread | address) stage "swift test with the $sanitizer sanitizer" "$sanitizer" ;;
        *) die "no sanitizer $sanitizer; there are thread and address" ;;
    esac
done
