/* memory: the blocks that nghttp2 asks for, kept for the next request.
 *
 * Shape   nghttp2 allocates for each request (its headers, its stream, its frames) and frees at its
 *         end. Blocks of up to H2_MEMORY_KEPT_MAX bytes are kept, in one list for each multiple of
 *         64, and given again: after the first requests none comes from malloc. Larger ones do, and
 *         go back at once; they belong to a connection, not to a request.
 * Units   bytes, with the 16 of a block's own head.
 * Owner   one thread, for all its sessions, which are closed before h2_memory_fini.
 * Errors  out of memory ends the program, as in base/mem.
 */
#ifndef HTTP2_MEMORY_H
#define HTTP2_MEMORY_H

#include <stdint.h>

#include <nghttp2/nghttp2.h>

#define H2_MEMORY_STEP     64
#define H2_MEMORY_KEPT_MAX 2048

struct h2_memory_block;

struct h2_memory {
    nghttp2_mem functions;                                                 /* for nghttp2 */
    struct h2_memory_block *kept[H2_MEMORY_KEPT_MAX / H2_MEMORY_STEP + 1]; /* by steps */
    size_t bytes, most; /* in use, now and ever */
    uint64_t mallocs;   /* how many blocks were not there yet */
};

/* It must stay where it is, because the functions find it by its address. */
void h2_memory_init(struct h2_memory *m);
void h2_memory_fini(struct h2_memory *m);

#endif
