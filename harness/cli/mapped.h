/* mapped: a sweep that the article's takeaway is judged by: --map.
 *
 * Shape   read at once, so that a wrong file is told before anything is measured; then the three
 *         rules are added to a comparison by the article's set-up.
 * Owner   mapped_load fills the caller's storage, which stays where it is; mapped_fini frees it,
 *         also when nothing was loaded.
 * Errors  kind USAGE: the file is no sweep, or no file of ours; a goal that its arms cannot have; a
 *         comparison without claims.
 */
#ifndef CLI_MAPPED_H
#define CLI_MAPPED_H

#include <stdbool.h>

#include "analysis/sweep/ranking.h"
#include "base/err.h"
#include "store/stored.h"

struct mapped {
    bool is_there; /* else nothing below is set */
    struct sweep sweep;
    struct ranking ranking;
};

/* NULL as the path: there is no map; as the goal: that of its measurement. */
int mapped_load(const char *path, const char *goal, struct mapped *out, struct err *err);
void mapped_fini(struct mapped *m);
/* Nothing without a map. */
void mapped_add(const struct mapped *m, struct comparison *c);
/* The same to a file, which may hold anything. */
int mapped_add_stored(const struct mapped *m, struct stored *s, struct err *err);

#endif
