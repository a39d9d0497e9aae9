#define _GNU_SOURCE
#include "cspawn.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// <sys/wait.h> of glibc before 2.36 does not name it.
enum { by_pidfd = 3 /* P_PIDFD, waitid(2) */ };

int cspawn_peek(int pidfd, int *status, int *is_signal) {
    siginfo_t info = {0};
    if (waitid((idtype_t)by_pidfd, (id_t)pidfd, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return -1;
    if (info.si_pid == 0) return 0;
    *status = info.si_status;
    *is_signal = info.si_code != CLD_EXITED;
    return 1;
}

void cspawn_reap(int pidfd) {
    siginfo_t info = {0};
    while (waitid((idtype_t)by_pidfd, (id_t)pidfd, &info, WEXITED) != 0 && errno == EINTR) {
    }
}

// By number, because glibc before 2.36 has no wrapper.
void cspawn_kill(int pidfd) { syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0u); }

void cspawn_keep_zombies(void) {
    struct sigaction action;
    if (sigaction(SIGCHLD, NULL, &action) != 0) return;
    int is_ignored = !(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_IGN;
    if (!is_ignored && !(action.sa_flags & SA_NOCLDWAIT)) return;
    if (is_ignored) action.sa_handler = SIG_DFL;
    action.sa_flags &= ~SA_NOCLDWAIT;
    sigaction(SIGCHLD, &action, NULL);
}

int cspawn_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

int cspawn_may_execute(const char *path) { return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 ? 0 : errno; }

int cspawn_watcher_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

int cspawn_watcher_add(int watcher, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    return epoll_ctl(watcher, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

void cspawn_watcher_remove(int watcher, int descriptor) { epoll_ctl(watcher, EPOLL_CTL_DEL, descriptor, NULL); }

int cspawn_watcher_wait(int watcher, int *descriptors, int capacity, int milliseconds) {
    enum { most = 64 };
    struct epoll_event events[most];
    int count;
    do {
        count = epoll_wait(watcher, events, capacity < most ? capacity : most, milliseconds);
    } while (count < 0 && errno == EINTR);
    for (int i = 0; i < count; i++) descriptors[i] = events[i].data.fd;
    return count;
}

int cspawn_bell_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// Neither can fail in a way that matters: a full counter is readable already, an empty one is quiet already.
void cspawn_bell_ring(int bell) {
    uint64_t one = 1;
    ssize_t written = write(bell, &one, sizeof one);
    (void)written;
}

void cspawn_bell_quiet(int bell) {
    uint64_t count;
    ssize_t got = read(bell, &count, sizeof count);
    (void)got;
}

void cspawn_prepare_thread(const char *name) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    pthread_setname_np(pthread_self(), name);
}
