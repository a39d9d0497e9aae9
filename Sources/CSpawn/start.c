#define _GNU_SOURCE
#include "cspawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { stack_size = 128 * 1024, last_signal = 64 };

struct start {
    const struct cspawn_request *request;
    struct cspawn_result *result;
    pid_t parent;
};

// Everything from here to execve runs in the parent's memory, with the parent's thread suspended: only system calls,
// no allocation, no locks.
static void fail(struct start *start, enum cspawn_stage stage) {
    start->result->error = errno;
    start->result->stage = stage;
    _exit(127);
}

static int child(void *argument) {
    struct start *start = argument;
    const struct cspawn_request *request = start->request;

    // An ignored signal (SIGPIPE) stays ignored over execve, handlers do not. The table is a copy, not the parent's.
    // Not by sigaction(3), which refuses the two signals that glibc keeps for itself; all zeroes is SIG_DFL with
    // nothing masked, on every architecture.
    const unsigned long by_default[8] = {0};
    for (int signal = 1; signal <= last_signal; signal++)
        syscall(SYS_rt_sigaction, signal, by_default, NULL, (size_t)last_signal / 8);

    if (request->outlives) {
        if (setsid() < 0) fail(start, cspawn_stage_process_group);
    } else {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail(start, cspawn_stage_parent_death_signal);
        if (getppid() != start->parent) _exit(127); // it died before the line above
        if (setpgid(0, 0) != 0) fail(start, cspawn_stage_process_group);
    }
    // By the child itself and here, because the parent is suspended until the program runs, and a program that runs
    // can fork. The copy of the pipe that this process holds until execve keeps the guard from seeing the end of the
    // pipe before this record. SIGPIPE is blocked, and pending only if this fails.
    if (request->guard >= 0) {
        errno = cspawn_tell_guard(request->guard, getpid(), cspawn_group_began);
        if (errno != 0) fail(start, cspawn_stage_guard);
    }

    // Out of the way first: the three may be 0 to 2 themselves, in another order.
    int input = fcntl(request->standard_input, F_DUPFD_CLOEXEC, 3);
    int output = fcntl(request->standard_output, F_DUPFD_CLOEXEC, 3);
    int error = fcntl(request->standard_error, F_DUPFD_CLOEXEC, 3);
    if (input < 0 || output < 0 || error < 0) fail(start, cspawn_stage_descriptors);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(error, 2) < 0) fail(start, cspawn_stage_descriptors);
    // By number, because glibc before 2.34 has no wrapper.
    if (syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC) != 0) fail(start, cspawn_stage_descriptors);

    cspawn_restore_descriptor_limit();

    if (request->working_directory != NULL && chdir(request->working_directory) != 0)
        fail(start, cspawn_stage_working_directory);

    if (!request->outlives) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
    }
    execve(request->path, request->arguments, request->environment);
    fail(start, cspawn_stage_execute);
    return 127;
}

void cspawn_start(const struct cspawn_request *request, struct cspawn_result *result) {
    *result = (struct cspawn_result){.process_id = -1, .pidfd = -1, .stage = cspawn_stage_clone};

    char *stack = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) {
        result->error = errno;
        return;
    }
    // A handler of the parent that ran in the child would work on the parent's memory.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);

    struct start start = {.request = request, .result = result, .parent = getpid()};
    int pidfd = -1;
    pid_t process_id =
        clone(child, stack + stack_size, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &start, &pidfd);
    int clone_error = errno;

    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, stack_size);

    if (process_id < 0) {
        result->error = clone_error;
    } else {
        result->process_id = process_id;
        result->pidfd = pidfd;
    }
}
