/* limits: the thresholds of bench report --fail: lines in pictures, and what the arms are against
 * them.
 *
 * Shape   a threshold is that of bench check (analysis/gate/gate.h), and is judged by the same
 * rules. An upper limit on a percentile of the latency, or on its maximum, becomes a line in the
 *         pictures; on a page all thresholds are in a table. Nothing fails because of one.
 * Owner   limits_init takes the texts by reference; what has been marked borrows the lines.
 * Errors  kind USAGE: a threshold that cannot be parsed, or that no picture can show.
 */
#ifndef CLI_LIMITS_H
#define CLI_LIMITS_H

#include "base/str.h"
#include "cli/judging.h"
#include "model/comparison.h"
#include "report/table.h"

struct limits {
    struct judging judging;
    struct latency_limit *lines;
    size_t nlines;
};

int limits_init(struct limits *l, const struct str_list *fail, struct err *err);
void limits_fini(struct limits *l);
/* Refuses what only a page can show. */
int limits_check_drawn(const struct limits *l, struct err *err);
/* From now on its pictures have the lines. */
void limits_mark(const struct limits *l, struct comparison *c);
/* A row for each threshold and arm, and why one could not be checked; no cells without a threshold.
 * With `is_gathered` each arm is one result. The caller initialises and frees both. */
void limits_judge(const struct limits *l, const struct comparison *c, bool is_gathered,
                  struct table *t, struct str_list *notes);

#endif
