/* mapped: a sweep that the article's takeaway is judged by: --map.
 *
 * Shape   read at once, so that a wrong file is told before anything is measured; then the three
 *         rules are added to a comparison by the article's set-up.
 * Owner   mapped_load fills the caller's storage; mapped_fini frees it, also when nothing was
 * loaded. Errors  kind USAGE: the file is no sweep, or no file of ours; a comparison without
 * claims.
 */
#ifndef CLI_MAPPED_H
#define CLI_MAPPED_H

#include <stdbool.h>

#include "analysis/sweep/goal.h"
#include "base/err.h"
#include "store/stored.h"

struct mapped {
    bool is_there; /* else nothing below is set */
    struct sweep_goal goal;
    struct sweep sweep;
};

int mapped_load(const char *path, struct mapped *out, struct err *err); /* NULL is fine */
void mapped_fini(struct mapped *m);
/* Nothing without a map. */
void mapped_add(const struct mapped *m, struct comparison *c);
/* The same to a file, which may hold anything. */
int mapped_add_stored(const struct mapped *m, struct stored *s, struct err *err);

#endif
