/* isolate: a model of what a thread of a language VM costs beyond a thread in C.
 *
 * Shape   booting burns CPU time of the calling thread and touches memory, which is kept until the
 *         thread ends. Real isolates do more (compile, collect garbage); CPU and memory are what a
 *         machine runs out of.
 * Units   ns of the thread's own CPU time; bytes.
 * Owner   isolate_end frees isolate_boot's heap, on the same thread.
 * Errors  the parsers: kind USAGE. isolate_boot returns false, with errno set, if the memory cannot
 *         be allocated.
 * Source  v8: measured on empty worker threads of Node.js; each took 50 to 60 ms of CPU and 8.3 MiB
 *         of resident memory.
 */
#ifndef TARGETS_WORK_ISOLATE_H
#define TARGETS_WORK_ISOLATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct isolate {
    int64_t boot_ns, bytes; /* both 0: a plain thread */
};

/* An option that overrides a figure of the preset. */
struct isolate_figure {
    bool given;
    int64_t value;
};

extern const char *const isolate_names[]; /* the presets: "none", "v8"; ends with NULL */

/* For OPT_CUSTOM: field is a struct isolate_figure. A plain number is in milliseconds or MiB. */
int isolate_parse_boot(const char *text, void *field, struct err *err);
int isolate_parse_memory(const char *text, void *field, struct err *err);
struct isolate isolate_choose(const char *preset, struct isolate_figure boot,
                              struct isolate_figure memory);

bool isolate_boot(const struct isolate *isolate, const atomic_bool *stop, void **heap);
void isolate_end(const struct isolate *isolate, void *heap);

#endif
