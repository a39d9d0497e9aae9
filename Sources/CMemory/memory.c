#include "cmemory.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

void cmemory_keep_freed(void) {
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
    // Setting one of the two fixes the other as well, at 128 KiB, where longer buffers would be mapped each time.
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}
