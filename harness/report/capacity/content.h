/* content: the cells and sentences that the formats share.
 *
 * Owner   tables and lists are the caller's, initialised; texts are returned in the caller's.
 * Errors  none.
 */
#ifndef REPORT_CAPACITY_CONTENT_H
#define REPORT_CAPACITY_CONTENT_H

#include "base/str.h"
#include "report/capacity/report.h"
#include "report/table.h"

#define OUTCOME_MAX (METRIC_NAME_MAX + 16)

/* One row for each arm, under its head. */
void capacity_arms_table(const struct capacity_page *page, const struct report_style *style,
                         struct table *t);
void capacity_trials_table(const struct capacity_page *page, const struct report_style *style,
                           struct table *t);
/* "980/s (930 to 1091/s)", "at least 3150/s", "cannot be met, not even at 2/s"; the caller frees
 * it. */
char *capacity_answer(const struct capacity_estimate *e);
/* What the first arms have, in one sentence. */
void capacity_lead(const struct capacity_page *page, struct buf *out);
/* A sentence on each arm, and those on the whole. */
void capacity_sentences(const struct capacity_page *page, struct str_list *out);
/* What there is to say of single trials: "trial 3: why". */
void capacity_trial_notes(const struct capacity_page *page, struct str_list *out);
/* "p99 broken", "not sustained". */
char *capacity_outcome_text(const struct capacity_page *page, const struct capacity_trial *t,
                            char *text, size_t size);
/* "the highest rate at which p99<200ms and errors<0.1% holds" and how it was loaded; the caller
 * frees it. */
char *capacity_headline(const struct capacity_page *page);

#endif
