/* comparison: several arms measured side by side, the struct behind bench.comparison/1.
 *
 * Shape   an arm is a strategy, a user's command or a URL; each round of it is one whole trial with
 *         fresh processes. The rounds of all arms are interleaved in an order drawn from `seed`.
 * Units   in the names.
 * Owner   a comparison owns everything in it; comparison_fini frees it.
 * Errors  none: it is data. An arm that could not be measured in a round says why, and the others
 *         go on.
 */
#ifndef MODEL_COMPARISON_H
#define MODEL_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/reference.h"
#include "model/result.h"

#define COMPARISON_SCHEMA "bench.comparison/1"
/* A document with more is not read back. A trial is 2 MB in memory while it is reported. */
#define COMPARISON_ARMS_MAX   100
#define COMPARISON_TRIALS_MAX 1000

/* One trial of an arm that gave no result. */
struct trial_problem {
    int64_t round; /* the first is 1 */
    char *text;
};

struct arm {
    char *name;
    struct result *results; /* one per round, in order, without the rounds that had a problem */
    size_t nresults;
    struct trial_problem *problems;
    size_t nproblems;
};

/* One trial: an arm by its index, and its round. */
struct trial_ref {
    size_t arm;
    int64_t round;
};

/* Where a comparison is, or a search: one trial of all. */
struct trial_place {
    const char *arm;      /* has been found printable */
    const char *search;   /* "at 812/s": what a search tries; NULL: a comparison */
    size_t number, count; /* the first is 1; of a search, at most so many */
    int64_t round, rounds;
    int64_t left_ns; /* of all trials, about; MISSING when it cannot be told */
};

/* What a finding rests on: `arm` may be NULL for a figure of the whole. */
struct figure {
    char *arm, *metric;
    double value; /* in the unit that the metric has in model/metric.h */
};

struct finding {
    char *code; /* "most-work"; stable, for programs */
    char *text; /* one sentence that names its figures */
    struct figure *figures;
    size_t nfigures;
};

/* A claim of the published comparison, judged by what one arm gave. */
enum claim_verdict { CLAIM_HOLDS, CLAIM_FAILS, CLAIM_NOT_COMPARABLE, CLAIM_VERDICT_COUNT };
extern const char *const claim_verdict_names[CLAIM_VERDICT_COUNT]; /* "does_not_hold"; stable */

struct claim {
    char *code;      /* "loop-stalls"; stable. The same claim, by several arms, stands in a row */
    char *text;      /* the claim as a sentence without a full stop */
    char *published; /* its figure there, "about 500/s at 195 ms"; NULL: none was published */
    char *arm;       /* the arm that it is judged by */
    char *measured;  /* the same figure here; NULL: there is none */
    enum claim_verdict verdict;
    char *reason; /* one sentence that names its figures */
    struct figure *figures;
    size_t nfigures;
};

/* A line in the pictures of a comparison. */
struct latency_limit {
    double q; /* of the percentile; 1 is the maximum */
    double ns;
    const char *text; /* "p99>250ms"; borrowed */
};

struct comparison {
    char *title, *tool_version;
    char **argv;
    size_t nargv;
    int64_t started_wall_ms, finished_wall_ms;
    uint64_t seed;             /* at most 2^53 - 1, which every JSON reader holds exactly */
    int64_t rounds;            /* planned */
    double divided_duration_s; /* the -d that the rounds share; NAN: each has one of its own */
    struct arm *arms;
    size_t narms;
    struct trial_ref *trials; /* in the order they were run */
    size_t ntrials;
    struct finding *findings;
    size_t nfindings;
    struct claim *claims; /* only a comparison by the published set-up has some */
    size_t nclaims;
    struct reference *reference;        /* NULL: no arm was asked for as one */
    bool interrupted;                   /* not all planned trials were run */
    const struct latency_limit *limits; /* borrowed; of a report, in no document */
    size_t nlimits;
};

void comparison_init(struct comparison *c);
void comparison_fini(struct comparison *c);
void finding_fini(struct finding *f); /* one that no comparison has taken */
/* Copies the name, which no other arm has. The arm stays where it is until the next one is added.
 */
struct arm *comparison_add_arm(struct comparison *c, const char *name);
/* Moves *r into the arm; *r is empty afterwards, as after result_init. */
void comparison_add_result(struct comparison *c, size_t arm, int64_t round, struct result *r);
/* The result of the last trial, as if it had not been made. */
void comparison_drop_last(struct comparison *c);
void comparison_add_problem(struct comparison *c, size_t arm, int64_t round, const char *text);
void comparison_add_finding(struct comparison *c, struct finding *f); /* moves; *f is empty after */
void comparison_drop_findings(struct comparison *c);
void claim_fini(struct claim *claim); /* one that no comparison has taken */
void comparison_add_claim(struct comparison *c, struct claim *claim); /* moves; *claim is empty */
void comparison_drop_claims(struct comparison *c);
/* The arm's result of that round; NULL: it has none. */
const struct result *arm_result(const struct arm *arm, int64_t round);
/* Takes it over, in place of the one before; NULL is fine. */
void comparison_set_reference(struct comparison *c, struct reference *reference);
bool comparison_find_arm(const struct comparison *c, const char *name, size_t *out);
/* The order of all trials: round after round, the arms of each shuffled, so that any two arms of a
 * round come in either order as by a coin, whatever the other rounds have. `trials` holds rounds x
 * narms. */
void comparison_order(uint64_t seed, size_t narms, int64_t rounds, struct trial_ref *trials);

#endif
