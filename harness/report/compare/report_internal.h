/* compare/report_internal: the sections of a comparison's report, and what text and Markdown share.
 *
 * Shape   a section adds its lines of text, or nothing if it does not apply. Functions shared with
 *         the Markdown page return plain words: not wrapped or marked up, and (except names and
 *         cells) not made safe.
 * Owner   the caller initialises tables and lists before the call and frees them after.
 */
#ifndef REPORT_COMPARE_REPORT_INTERNAL_H
#define REPORT_COMPARE_REPORT_INTERNAL_H

#include "base/buf.h"
#include "base/str.h"
#include "model/comparison.h"
#include "report/style.h"
#include "report/table.h"

#define COMPARE_INTERRUPTED "INTERRUPTED: not all trials were run; these are partial results."

/* The claims with one row per arm, and the reasons. */
void compare_section_claims(const struct comparison *c, const struct report_style *style,
                            struct buf *out);
extern const char *const compare_verdicts[CLAIM_VERDICT_COUNT]; /* "does not hold" */
/* True if the entry before it is the same claim, judged by another arm. */
bool compare_claim_continues(const struct comparison *c, size_t claim);
/* Its cells. The published figure is shown once, unless it differs between arms. */
const char *compare_claim_published(const struct comparison *c, size_t claim);
const char *compare_claim_measured(const struct claim *claim);
void compare_claims_sum(const struct comparison *c, struct buf *text); /* how many hold */

/* The cells of a table, none if there is nothing to show, and the notes that explain it. */
typedef void compare_cells_fn(const struct comparison *c, const struct report_style *style,
                              struct table *t, struct str_list *notes);
compare_cells_fn compare_cells;           /* one row per arm */
compare_cells_fn compare_reference_cells; /* the verdicts against the reference, if there is one */
/* One row per arm with the figures that decide; the marks are those of compare_cells. */
void compare_key_cells(const struct comparison *c, const struct report_style *style,
                       struct table *t);
/* The verdicts that are worse, and then those that are better. */
void compare_moved_cells(const struct comparison *c, const struct report_style *style,
                         struct table *t);
/* The table with its notes below. */
void compare_section(compare_cells_fn *cells, const struct comparison *c,
                     const struct report_style *style, struct buf *out);

/* One entry per code: the warning of the first run, or of the worst one if it is about a disturbed
 * run, and which other runs have it. */
void compare_section_warnings(const struct comparison *c, const struct report_style *style,
                              struct buf *out);
/* One text and one remedy per entry; "" without a remedy. */
void compare_warnings(const struct comparison *c, const struct report_style *style,
                      struct str_list *texts, struct str_list *remedies);

void compare_size(const struct comparison *c, struct buf *text); /* arms, rounds, seed */
void compare_load(const struct comparison *c, struct buf *text); /* what each trial ran */
void compare_tls(const struct comparison *c, struct buf *text);  /* "" without TLS */
/* The finding that leads, or what stands in for it, as one line. */
void compare_lead(const struct comparison *c, struct buf *out);
/* "against base, slower is worse (p99 +9.9% [+9.4%, +10.3%] and 5 more)" */
void compare_reference_lead(const struct comparison *c, const struct report_style *style,
                            struct buf *out);
/* What could not be measured: one entry per problem, with its arm and rounds. */
void compare_problems(const struct comparison *c, const struct report_style *style,
                      struct str_list *texts);

#endif
