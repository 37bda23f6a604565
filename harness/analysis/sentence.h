/* sentence: one finding while it is built: its words and the figures it names.
 *
 * Shape   sentence_begin, then words and figures in order, then sentence_end, which adds the full
 *         stop and hands the finding to the comparison; sentence_end_claim makes it the reason of
 *         a claim instead. ASCII only, except the names of arms.
 * Units   as in model/metric.h.
 * Owner   the sentence owns its text until sentence_end; then it belongs to the comparison. A set
 *         borrows its arms.
 */
#ifndef ANALYSIS_SENTENCE_H
#define ANALYSIS_SENTENCE_H

#include "base/buf.h"
#include "model/arm_figure.h"
#include "model/comparison.h"

struct sentence {
    struct finding finding;
    struct buf text;
};

void sentence_begin(struct sentence *s, const char *code);
void sentence_end(struct sentence *s, struct comparison *c);
void sentence_drop(struct sentence *s); /* instead of sentence_end: discards it */
/* Fills code, reason and figures. */
void sentence_end_claim(struct sentence *s, struct claim *claim);
/* Returns the words so far (the caller frees them) and starts over; the figures are kept. */
char *sentence_take(struct sentence *s);

__attribute__((format(printf, 2, 3))) void sentence_add(struct sentence *s, const char *format,
                                                        ...);
void sentence_value(struct sentence *s, double value, enum metric_unit unit); /* words only */
/* "190 s", "36 min", "2.5 h": rounded for reading. */
void sentence_long(struct sentence *s, double ns);
/* "342/s", "at least 9.94 s": adds the arm's median as words and as a figure. */
void sentence_figure(struct sentence *s, const struct arm *arm, const struct arm_figure *figure);
/* " (from 330/s to 352/s)" if its rounds visibly differ, else nothing. */
void sentence_range(struct sentence *s, const struct arm *arm, const struct arm_figure *figure);
/* "190 of 200 probes failed (180 x 500, 4 x 302)" */
void sentence_failed_probes(struct sentence *s, const struct arm *arm);
/* Adds a figure without words; arm may be NULL. */
void sentence_cite(struct sentence *s, const struct arm *arm, const char *metric, double value);

struct arm_set {
    const struct arm **items;
    size_t count;
};
void arm_set_add(struct arm_set *set, const struct arm *arm);
void arm_set_fini(struct arm_set *set);
bool arm_set_has(const struct arm_set *set, const struct arm *arm);
void sentence_arms(struct sentence *s, const struct arm_set *set, const char *last); /* "and" */

#endif
