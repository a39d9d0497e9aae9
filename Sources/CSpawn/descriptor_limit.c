#define _GNU_SOURCE
#include "cspawn.h"

#include <errno.h>
#include <sys/resource.h>

static struct rlimit before;
static int is_raised;

int cspawn_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return errno;
    if (limit.rlim_cur >= limit.rlim_max) return 0;
    struct rlimit raised = {.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) != 0) return errno;
    before = limit;
    __atomic_store_n(&is_raised, 1, __ATOMIC_RELEASE);
    return 0;
}

void cspawn_restore_descriptor_limit(void) {
    if (__atomic_load_n(&is_raised, __ATOMIC_ACQUIRE)) setrlimit(RLIMIT_NOFILE, &before);
}
