/* descent: finds the processes below some process, again and again, cheaply.
 *
 * Shape   a scan lists /proc, but reads only the pids that it does not know yet: a process that
 *         is not a descendant never becomes one.
 * Owner   caller's storage, zeroed to begin with; descent_fini frees.
 * Errors  none: a process that vanishes in the middle is not found.
 */
#ifndef PROC_DESCENT_H
#define PROC_DESCENT_H

#include <stddef.h>
#include <sys/types.h>

struct descent {
    pid_t *family; /* the root and its live descendants; the first is the root */
    size_t nfamily;
    pid_t *foreign; /* sorted */
    size_t nforeign;
};

void descent_init(struct descent *d, pid_t root);
void descent_fini(struct descent *d);
/* Adds the new descendants to `family`, parents before children; how many. */
size_t descent_scan(struct descent *d);
/* For a process that has ended. */
void descent_remove(struct descent *d, pid_t pid);
/* Forgets who is foreign, so that the next scan reads every process. */
void descent_forget(struct descent *d);

#endif
