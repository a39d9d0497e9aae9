#pragma once
#include <sys/types.h>

// Starting one child process, and what Glibc's module map hides from Swift (pipe2, epoll, eventfd, pidfds).
// Functions return 0 or an errno value, unless they say otherwise.

/// The step at which a start failed.
enum cspawn_stage {
    cspawn_stage_clone = 1,
    cspawn_stage_parent_death_signal,
    cspawn_stage_process_group,
    cspawn_stage_guard,
    cspawn_stage_descriptors,
    cspawn_stage_working_directory,
    cspawn_stage_execute,
};

/// What to start. Relative paths are seen from the working directory of the child.
struct cspawn_request {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *working_directory; // NULL: the caller's
    int standard_input;
    int standard_output;
    int standard_error;
    int guard;   // the pipe to the guard, which is told of the group before the program runs; -1: nobody is told
    int outlives; // whether it is not killed with its parent, leads a session and keeps all signals blocked
};

/// What became of it.
struct cspawn_result {
    pid_t process_id;
    int pidfd; // close-on-exec
    int error; // 0, or the errno of the failed stage
    int stage;
};

/// Starts a process as the leader of a new process group, with default signal dispositions, no blocked signals and
/// no descriptors but 0 to 2. The address space is shared until exec (vfork), so the cost does not depend on the
/// caller's size, and errors of the child come back through memory.
///
/// The child is killed when the calling *thread* ends (PR_SET_PDEATHSIG, see prctl(2)): call this on a thread that
/// lives as long as the process. The calling thread is suspended until the child has executed its program.
///
/// A failure after clone leaves a process that has ended and was not collected, so that its number is still its own
/// when the guard is told that the group is gone: `pidfd` is not -1 then, and the caller reaps and closes it.
void cspawn_start(const struct cspawn_request *request, struct cspawn_result *result);

/// Lets this process, and not those it starts from now on, open as many descriptors as the hard limit allows. Call it
/// once, before the first start: programs that use select(2) break when they inherit a high soft limit.
int cspawn_raise_descriptor_limit(void);

/// Takes the raised limit back; called in the child.
void cspawn_restore_descriptor_limit(void);

/// Looks whether the process has ended, and leaves it a zombie: its number cannot be reused yet.
/// Returns 1 if it has, 0 if not, -1 if it is not ours to wait for.
int cspawn_peek(int pidfd, int *status, int *is_signal);

/// Collects an ended process. Waits for its end if it runs.
void cspawn_reap(int pidfd);

/// Kills one process, which cannot be another of its number.
void cspawn_kill(int pidfd);

/// Makes ended children wait to be collected, even if this program was started with SIGCHLD ignored.
void cspawn_keep_zombies(void);

/// pipe2(2) with O_CLOEXEC: `ends[0]` is for reading.
int cspawn_pipe(int ends[2]);

/// What the guard is told about a process group. A record is one `int32_t`: the number of the group, negative when it
/// is gone. Four bytes are far below PIPE_BUF, so a record is written and read whole, pipe(7).
enum cspawn_change { cspawn_group_began = 1, cspawn_group_is_gone = -1 };

/// A pipe whose writing end never blocks.
int cspawn_guard_pipe(int ends[2]);

/// Tells the guard about a group. EAGAIN: the guard does not read. EPIPE: it is dead; SIGPIPE is raised then, so call
/// this where it is blocked.
int cspawn_tell_guard(int guard, pid_t group, enum cspawn_change change);

/// The whole life of the guard: reads records from descriptor 0 until the last writer is gone, kills every group that
/// began and is not gone, and exits. It runs on one thread, with no allocation and all signals blocked.
_Noreturn void cspawn_run_guard(void);

/// faccessat(2) for X_OK with the effective user's rights.
int cspawn_may_execute(const char *path);

/// Opens an epoll instance, or returns -1.
int cspawn_watcher_open(void);
/// Adds a descriptor whose readability is to be reported.
int cspawn_watcher_add(int watcher, int descriptor);
/// Removes a descriptor.
void cspawn_watcher_remove(int watcher, int descriptor);
/// Waits until descriptors are readable or so many milliseconds have passed (-1: for ever), stores the descriptors and
/// returns their number, or -1.
int cspawn_watcher_wait(int watcher, int *descriptors, int capacity, int milliseconds);

/// Opens an eventfd, or returns -1.
int cspawn_bell_open(void);
/// Makes the eventfd readable.
void cspawn_bell_ring(int bell);
/// Makes it unreadable again.
void cspawn_bell_quiet(int bell);

/// Blocks all signals on the calling thread and names it (at most 15 bytes).
void cspawn_prepare_thread(const char *name);
