/* compare_sections: the parts of a comparison's report that have a file of their own.
 *
 * Shape   a section adds its lines of text, or nothing when it has nothing to say. What the same
 *         page in markdown says as well comes as plain words: not yet wrapped, marked up or, but
 *         for names and cells, made safe.
 * Owner   tables and lists are the caller's, made before and finished after.
 */
#ifndef REPORT_COMPARE_REPORT_INTERNAL_H
#define REPORT_COMPARE_REPORT_INTERNAL_H

#include "base/buf.h"
#include "base/str.h"
#include "model/comparison.h"
#include "report/style.h"
#include "report/table.h"

#define COMPARE_INTERRUPTED "INTERRUPTED: not all trials were run, and this is what there is."

/* The claims, a row an arm that one is judged by, and the reasons. */
void section_claims(const struct comparison *c, const struct report_style *style, struct buf *out);
extern const char *const compare_verdicts[CLAIM_VERDICT_COUNT]; /* "does not hold" */
/* Whether it is the claim that stands before it, by another arm. */
bool compare_claim_goes_on(const struct comparison *c, size_t claim);
/* Its cells. What was published stands once, unless it is not the same for each arm. */
const char *compare_claim_published(const struct comparison *c, size_t claim);
const char *compare_claim_measured(const struct claim *claim);
void compare_claims_sum(const struct comparison *c, struct buf *text); /* how many hold */

/* The table, a row an arm, and what must be known to read it. */
void section_arms(const struct comparison *c, const struct report_style *style, struct buf *out);
/* Its cells, none when nothing was measured, and what must be known, a note each. */
void compare_cells(const struct comparison *c, const struct report_style *style, struct table *t,
                   struct str_list *notes);

/* One entry a code: what a run was warned of, and which others were. */
void section_warnings(const struct comparison *c, const struct report_style *style,
                      struct buf *out);
/* A text and a remedy an entry; "" where there is no remedy. */
void compare_warnings(const struct comparison *c, const struct report_style *style,
                      struct str_list *texts, struct str_list *remedies);

void compare_size(const struct comparison *c, struct buf *text); /* arms, rounds, seed */
void compare_load(const struct comparison *c, struct buf *text); /* what each trial was */
/* What could not be measured, an arm and its rounds each. */
void compare_problems(const struct comparison *c, const struct report_style *style,
                      struct str_list *texts);

#endif
