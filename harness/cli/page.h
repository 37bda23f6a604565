/* page: bench report -o report.html: stored files as one page.
 *
 * Shape   what was measured together is a chapter: each comparison, each session, each sweep, each
 *         search for the capacity, and all results that were given singly. A map that rules are
 *         judged by is one, too. A file that cannot be read, and a picture that cannot be drawn, is
 *         named on the page instead.
 * Owner   everything is borrowed.
 * Errors  kind USAGE: no file could be read, the page is too large, or a place that cannot be
 *         written to. On failure the page that was there is kept.
 */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/recovery/recovery.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/mapped.h"

struct page_order {
    char *const *files;
    size_t nfiles;
    const char *out;
    const char *reference;       /* the arm that the others are judged against; or NULL */
    const char *goal;            /* of sweeps, instead of their own; or NULL */
    const char *map;             /* a sweep that the article's rules are judged by; or NULL */
    struct mapped *mapped;       /* what it holds; taken over */
    const struct str_list *fail; /* thresholds */
    const struct recovery_goal *recovery_goal; /* NULL: that of each run */
    const char *recovery_goal_text;            /* as given */
    bool no_pictures;
};

/* "report.html", "report.htm"; false for a folder. */
bool page_is_asked(const char *out);
/* Returns the exit code, or -1. After a page is written: 2 when a file could not be read, 5 when no
 * file has a measurement. */
int page_make(const struct page_order *order, struct err *err);

#endif
