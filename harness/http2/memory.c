#include "http2/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Stands before what nghttp2 gets, and keeps it aligned for every type. */
struct h2_memory_block {
    _Alignas(16) size_t bytes;
    struct h2_memory_block *next;
};

static struct h2_memory_block *block_of(void *ptr)
{
    return (struct h2_memory_block *)ptr - 1;
}

/* The list that blocks of so many bytes are kept in; 0: none, which is always empty. */
static size_t list_of(size_t bytes)
{
    return bytes <= H2_MEMORY_KEPT_MAX ? bytes / H2_MEMORY_STEP : 0;
}

static void *take(size_t size, void *memory)
{
    struct h2_memory *m = memory;
    size_t bytes = size + sizeof(struct h2_memory_block);
    bytes = (bytes + H2_MEMORY_STEP - 1) / H2_MEMORY_STEP * H2_MEMORY_STEP;
    size_t list = list_of(bytes);
    struct h2_memory_block *block = m->kept[list];
    if (block != NULL) {
        m->kept[list] = block->next;
    } else {
        block = mem_grow(NULL, 1, bytes);
        block->bytes = bytes;
        m->mallocs++;
    }
    m->bytes += bytes;
    m->most = m->bytes > m->most ? m->bytes : m->most;
    return block + 1;
}

static void give_back(void *ptr, void *memory)
{
    struct h2_memory *m = memory;
    if (ptr == NULL)
        return;
    struct h2_memory_block *block = block_of(ptr);
    size_t list = list_of(block->bytes);
    m->bytes -= block->bytes;
    if (list == 0) {
        free(block);
        return;
    }
    block->next = m->kept[list];
    m->kept[list] = block;
}

static void *take_zeroed(size_t count, size_t size, void *memory)
{
    void *ptr = take(count * size, memory);
    memset(ptr, 0, count * size);
    return ptr;
}

static void *resize(void *ptr, size_t size, void *memory)
{
    size_t had = ptr == NULL ? 0 : block_of(ptr)->bytes - sizeof(struct h2_memory_block);
    if (size <= had)
        return ptr;
    void *larger = take(size, memory);
    if (ptr != NULL)
        memcpy(larger, ptr, had);
    give_back(ptr, memory);
    return larger;
}

void h2_memory_init(struct h2_memory *m)
{
    *m = (struct h2_memory){.functions = {.mem_user_data = m,
                                          .malloc = take,
                                          .free = give_back,
                                          .calloc = take_zeroed,
                                          .realloc = resize}};
}

void h2_memory_fini(struct h2_memory *m)
{
    for (size_t i = 0; i < LEN(m->kept); i++) {
        while (m->kept[i] != NULL) {
            struct h2_memory_block *block = m->kept[i];
            m->kept[i] = block->next;
            free(block);
        }
    }
}
