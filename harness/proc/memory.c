#include "proc/memory.h"

#include <jansson.h>
#include <stdlib.h>
#include <uv.h>

#include "base/mem.h"

static void *grow(void *old, size_t bytes)
{
    return mem_grow(old, bytes, 1);
}

void memory_dies(void)
{
    (void)uv_replace_allocator(mem_zalloc, grow, mem_array, free); /* fails only when one is NULL */
    json_set_alloc_funcs(mem_zalloc, free);
}
