/* findings_sentence: one finding while it is written: its words, and the figures that it names.
 *
 * Shape   sentence_begin, words and figures in their order, sentence_end, which adds the full stop
 *         and hands the finding to the comparison; sentence_end_claim instead makes it the reason
 *         of a claim. ASCII only, but for the names of arms.
 * Units   as in model/metric.h.
 * Owner   sentence_begin to sentence_end; the finding then belongs to the comparison. A set borrows
 *         its arms.
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
void sentence_drop(struct sentence *s); /* instead of sentence_end: there is nothing to say */
/* Fills code, reason and figures. */
void sentence_end_claim(struct sentence *s, struct claim *claim);
/* The words so far, which the caller frees; other words can follow, the figures stay. */
char *sentence_take(struct sentence *s);

__attribute__((format(printf, 2, 3))) void sentence_add(struct sentence *s, const char *format,
                                                        ...);
void sentence_value(struct sentence *s, double value, enum metric_unit unit); /* words alone */
/* "190 s", "36 min", "2.5 h": how long it is, not how exactly it was measured. */
void sentence_long(struct sentence *s, double ns);
/* "342/s", "at least 9.94 s": the arm's median, in words and as a figure. */
void sentence_figure(struct sentence *s, const struct arm *arm, const struct arm_figure *figure);
/* " (from 330/s to 352/s)" where its rounds visibly differ, else nothing. */
void sentence_range(struct sentence *s, const struct arm *arm, const struct arm_figure *figure);
/* A figure without words; arm may be NULL. */
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
