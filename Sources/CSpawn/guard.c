#define _GNU_SOURCE
#include "cspawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int cspawn_guard_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    // Of the two ends only ours: the guard is to sleep in read(2).
    if (fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0) return 0;
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return error;
}

int cspawn_tell_guard(int guard, pid_t group, enum cspawn_change change) {
    int32_t record = (int32_t)group * (int32_t)change;
    return write(guard, &record, sizeof record) == sizeof record ? 0 : errno;
}

// What follows runs in the guard.

// Far more than a gateway has servers; a group beyond it is not guarded. Only pages that are used cost memory.
enum { most_groups = 16384 };
static int32_t groups[most_groups];
static int count;

static void forget(int32_t group) {
    for (int i = 0; i < count; i++) {
        if (groups[i] != group) continue;
        groups[i] = groups[--count];
        return;
    }
}

static void note(int32_t record) {
    // 0 and 1 name no group of a server: to kill(2), 0 is the caller's own group and -1 is everybody.
    if (record > 1) {
        forget(record);
        if (count < most_groups) groups[count++] = record;
    } else if (record < -1) {
        forget(-record);
    }
}

void cspawn_run_guard(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    prctl(PR_SET_NAME, "mcp-guard");
    syscall(SYS_close_range, 3u, ~0u, 0u);

    struct stat input;
    if (fstat(0, &input) != 0 || !S_ISFIFO(input.st_mode)) {
        static const char advice[] = "the guard is started by a running gateway, not by hand\n";
        ssize_t written = write(2, advice, sizeof advice - 1);
        (void)written;
        _exit(64); // EX_USAGE, sysexits.h
    }

    int32_t records[1024];
    ssize_t size;
    // A size is always a whole number of records, since only whole ones are ever written.
    while ((size = read(0, records, sizeof records)) > 0 || (size < 0 && errno == EINTR)) {
        for (ssize_t i = 0; i < size / (ssize_t)sizeof *records; i++) note(records[i]);
    }
    for (int i = 0; i < count; i++) kill(-groups[i], SIGKILL);
    _exit(0);
}
