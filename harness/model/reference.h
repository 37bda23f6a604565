/* reference: what each arm of a comparison is against one of them, metric by metric.
 *
 * Shape   an entry for each other arm, with a verdict for each metric. analysis/reference.h makes
 *         them of the results; a document holds them for other programs, and its reader takes only
 *         which arm is the reference.
 * Units   a change is a share of the reference's figure, -0.09 for 9 % less, whichever direction is
 *         better; of errors it is the difference of two shares.
 * Owner   reference_new gives it to the caller; a comparison takes it over.
 * Errors  none: it is data. What was not judged is NAN.
 */
#ifndef MODEL_REFERENCE_H
#define MODEL_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REFERENCE_ROUNDS_LEAST 6    /* of fewer no interval covers with 95 % */
#define REFERENCE_ROUNDS_MOST  64   /* more are not looked at */
#define REFERENCE_ALPHA        0.05 /* of any false "better" or "worse" in a comparison */

enum reference_word {
    REFERENCE_WORSE,
    REFERENCE_BETTER,
    REFERENCE_SAME,
    REFERENCE_INCONCLUSIVE,
    REFERENCE_WORDS
};
extern const char *const reference_word_names[REFERENCE_WORDS]; /* "no_meaningful_difference" */

#define REFERENCE_METRICS 6
struct reference_metric {
    const char *key; /* of model/arm_figure.h, or "errors" */
    const char *title;
    double band;         /* a change that is less, either way, does not matter */
    bool more_is_better; /* the others: less */
    bool of_response;    /* says nothing where a response is not the work done */
    bool is_share;       /* differences are taken as they are, not of logs */
};
extern const struct reference_metric reference_metrics[REFERENCE_METRICS];

struct reference_verdict {
    double change, low, high; /* the estimate and its interval */
    double level;             /* how often such an interval covers the change: at least */
    double p;                 /* adjusted over all tests of the comparison */
    enum reference_word word;
    char *reason; /* NULL: none is needed */
};

struct reference_arm {
    size_t arm;
    int64_t pairs;                       /* rounds in which both can be judged */
    int64_t disturbed, invalid, missing; /* the rounds that are no pair, by why */
    struct reference_verdict verdicts[REFERENCE_METRICS];
};

struct reference {
    size_t arm;
    int64_t tests; /* those that p is adjusted over */
    struct reference_arm *arms;
    size_t narms; /* 0: not judged yet */
};

struct reference *reference_new(size_t arm);
void reference_free(struct reference *reference); /* NULL is fine */

#endif
