/* capacity_report: a search for the capacity, printed: one that was just measured, or a stored one.
 *
 * Owner   everything is borrowed.
 * Errors  kind USAGE: a stored one whose goal is none.
 */
#ifndef CLI_CAPACITY_REPORT_H
#define CLI_CAPACITY_REPORT_H

#include "analysis/capacity/goal.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/capacity.h"
#include "report/style.h"

struct capacity_report {
    const char *file;   /* where it is stored; NULL: nowhere */
    const char *format; /* "text", "md", "json", "csv"; NULL: text */
    size_t most;        /* bytes of Markdown; 0: as many as a comment has */
};

/* The goal of a stored one, whose texts may be anything; ended with goal_fini. */
int capacity_report_goal(const struct capacity *c, struct goal *goal, struct err *err);
/* Derives its estimates; fails when its goal is not one, or not that of its clauses. */
int capacity_report_judge(struct capacity *c, struct err *err);
/* Of one that was judged. */
int capacity_report_write(const struct capacity *c, const struct capacity_report *report,
                          const struct report_style *style, struct buf *out, struct err *err);

#endif
