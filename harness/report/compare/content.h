/* compare/content: what the report of a comparison says, without a format.
 *
 * Shape   plain words: not wrapped or marked up, and (except names and cells) not made safe.
 * Owner   the caller initialises tables and lists before the call and frees them after.
 * Errors  none. What was not measured is "-".
 */
#ifndef REPORT_COMPARE_CONTENT_H
#define REPORT_COMPARE_CONTENT_H

#include "base/buf.h"
#include "base/str.h"
#include "model/comparison.h"
#include "report/marks.h"
#include "report/style.h"
#include "report/table.h"

#define COMPARE_INTERRUPTED "INTERRUPTED: not all trials were run; these are partial results."

/* --- the claims --- */

extern const char *const compare_verdicts[CLAIM_VERDICT_COUNT]; /* "does not hold" */
/* True if the entry before it is the same claim, judged by another arm. */
bool compare_claim_continues(const struct comparison *c, size_t claim);
/* Its cells. The published figure is shown once, unless it differs between arms. */
const char *compare_claim_published(const struct comparison *c, size_t claim);
const char *compare_claim_measured(const struct claim *claim);
void compare_claims_sum(const struct comparison *c, struct buf *text); /* how many hold */

/* --- the figures of the arms --- */

#define COMPARE_FIGURES_MAX 16
#define COMPARE_CELL        80 /* bytes of a range */

/* Those that an arm has and that no other one covers; returns how many. */
size_t compare_figures(const struct comparison *c,
                       const struct arm_figure *shown[COMPARE_FIGURES_MAX]);
/* "/ping p99": the probe's are named by its path. The caller frees it. */
char *compare_title(const struct comparison *c, const struct arm_figure *figure,
                    const struct report_style *style);
/* "+-3%", "98-100"; "-" for an arm with one round. Returns text. */
char *compare_range(const struct arm *arm, const struct arm_figure *figure,
                    const struct arm_summary *sum, const struct report_style *style, char *text,
                    size_t size);
/* Interrupted, or disturbed in a round: its name has a '!'. */
bool compare_arm_is_marked(const struct arm *arm);
/* What the cells and their marks mean. */
void compare_notes(const struct comparison *c, const struct marks *marks,
                   const struct report_style *style, struct str_list *notes);

/* The cells of a table, none if there is nothing to show, and the notes that explain it. */
typedef void compare_cells_fn(const struct comparison *c, const struct report_style *style,
                              struct table *t, struct str_list *notes);
compare_cells_fn compare_cells;           /* one row per arm */
compare_cells_fn compare_reference_cells; /* the verdicts against the reference, if there is one */
compare_cells_fn compare_recovery_cells;  /* one row per arm whose rate had a spike */
compare_cells_fn compare_host_cells; /* one row per arm and host, of those with several hosts */
/* "against base, slower is worse (p99 +9.9% [+9.4%, +10.3%] and 5 more)" */
void compare_reference_lead(const struct comparison *c, const struct report_style *style,
                            struct buf *out);

/* --- the rest --- */

/* What to do about it where there is one table for all percentiles; "" for nothing. Borrowed. */
const char *compare_remedy(const struct warning *w);
/* One text and one remedy per entry; "" without a remedy. */
void compare_warnings(const struct comparison *c, const struct report_style *style,
                      struct str_list *texts, struct str_list *remedies);
void compare_size(const struct comparison *c, struct buf *text); /* arms, rounds, seed */
void compare_load(const struct comparison *c, struct buf *text); /* what each trial ran */
/* What could not be measured: one entry per problem, with its arm and rounds. */
void compare_problems(const struct comparison *c, const struct report_style *style,
                      struct str_list *texts);

#endif
