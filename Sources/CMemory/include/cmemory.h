#pragma once

/// Makes malloc keep a few MiB that were freed instead of giving them back to the kernel at once. Without it a message
/// of 1 MiB costs 700 page faults, because its buffers are given back and taken anew each time.
void cmemory_keep_freed(void);
