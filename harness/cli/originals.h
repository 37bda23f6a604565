/* originals: the published programs, rebuilt in their own language (targets/originals), as arms of
 * a comparison.
 *
 * Shape   each is a Node.js program with the interface of bench-target: a line with its port, the
 *         same work for /heavy, and /ping and /stats. One more arm is our gateway with the compute
 *         service in Rust. Packages are installed and the service is built on first use; locks
 *         prevent doing that again while a comparison uses them.
 * Owner   caller's storage; call originals_fini after the comparison, also after a failure. Texts
 *         of the specs live until then.
 * Errors  originals_prepare: programs that cannot be run here are skipped, with a warning that says
 *         why and what to do; kind INTERRUPTED after a Ctrl-C. original_command: kind USAGE if a
 *         program of bench is missing, or an original would refuse the work.
 */
#ifndef CLI_ORIGINALS_H
#define CLI_ORIGINALS_H

#include <stdbool.h>

#include "cli/arms.h"

#define ORIGINALS_MAX   8
#define ORIGINALS_NEEDS 3 /* Node.js, Redis, Rust */

struct originals {
    struct arm_spec specs[ORIGINALS_MAX];
    size_t count;
    int in_use_fds[ORIGINALS_NEEDS]; /* the locks on what they use; -1: none */
    char *rust_service;              /* its path */
    struct err why;                  /* why the first are skipped; kind NONE: none is */
};

/* All of them, as if nothing were missing. */
void originals_all(struct originals *out);
/* Those that can be run here; installs their packages if needed. */
int originals_prepare(struct originals *out, struct err *err);
void originals_fini(struct originals *o);

/* Holds nothing, so that originals_fini may be called. */
void originals_init(struct originals *o);
/* Adds the command line of the original for this work and these sizes to argv. */
int original_command(const char *original, const struct target_options *target,
                     struct str_list *argv, struct err *err);
/* Whether any of them takes this option of a bundled target. */
bool originals_take(const char *option);

#endif
