/* capacity: the highest rate at which each of several arms meets a goal, the struct behind
 * bench.capacity/1.
 *
 * Shape   each trial loads one arm at one rate, with fresh processes; the first one of an arm is
 *         its pilot, a closed loop. The trials are all that is measured: where the search goes on,
 *         and what the capacity is, follows from them (analysis/capacity/search.h).
 * Units   in the names. A figure of a clause has the unit of its metric, or is a share.
 * Owner   a capacity owns everything in it; capacity_fini frees it.
 * Errors  none: it is data.
 */
#ifndef MODEL_CAPACITY_H
#define MODEL_CAPACITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/result.h"

#define CAPACITY_SCHEMA "bench.capacity/1"
/* A document with more is not read back. */
#define CAPACITY_ARMS_MAX    64
#define CAPACITY_TRIALS_MAX  200 /* of each arm */
#define CAPACITY_CLAUSES_MAX 8

enum capacity_outcome {
    CAPACITY_PILOT,       /* a closed loop: what the arm answers when it is asked at its own pace */
    CAPACITY_HELD,        /* the goal, and the rate was sustained */
    CAPACITY_BROKEN,      /* the goal */
    CAPACITY_UNSUSTAINED, /* what waited grew until the end, or was never sent */
    CAPACITY_DIED,        /* the server */
    CAPACITY_GENERATOR,   /* it was saturated or late, so that nothing is known of the server */
    CAPACITY_INVALID,     /* no result, or one that cannot tell */
    CAPACITY_OUTCOMES
};
extern const char *const capacity_outcome_names[CAPACITY_OUTCOMES]; /* "held"; stable */

struct capacity_trial {
    size_t arm;
    int64_t round;   /* the first is 1; one trial of each arm that is not done */
    double rate_rps; /* asked for; NAN: a pilot */
    int64_t started_wall_ms;
    double duration_s;    /* NAN: there is no result */
    double answered_rps;  /* whole replies */
    int64_t due, unsent;  /* MISSING: a pilot */
    double growth;        /* by how many requests what waits grew from the beginning to the end */
    double growth_chance; /* that chance alone does so; both NAN: not known */
    enum capacity_outcome outcome;
    bool is_disturbed; /* by other programs, and measured once more in vain if it did not hold */
    double *figures;   /* one for each clause; NAN: not known */
    char *why;         /* one sentence; NULL: the outcome says all */
};

/* How the search for one arm ended. */
enum capacity_end {
    CAPACITY_SEARCHING,    /* it has not */
    CAPACITY_FOUND,        /* to the resolution that was asked for */
    CAPACITY_WIDE,         /* trials or time were over before */
    CAPACITY_NEVER_MET,    /* not even at the lowest rate, which is `hi` */
    CAPACITY_NEVER_BROKEN, /* up to the highest rate, which is `lo` */
    CAPACITY_GIVEN_UP,     /* trial after trial could not tell */
    CAPACITY_ENDS
};
extern const char *const capacity_end_names[CAPACITY_ENDS]; /* "found"; stable */

/* It lies between lo and hi, 90 %; hi is INFINITY where no rate broke the goal. */
struct capacity_estimate {
    enum capacity_end end;
    double median; /* NAN: no rate held, or none broke */
    double lo, hi;
    size_t held, failed, unusable; /* trials, without the pilot */
};

struct capacity_arm {
    char *name;
    char *target; /* as given, without passwords; the name of a strategy */
    struct setting *config;
    size_t nconfig;
    struct capacity_estimate estimate; /* derived, as capacity_judge leaves it */
};

struct capacity {
    char *title, *tool_version;
    char **argv;
    size_t nargv;
    struct environment environment;
    int64_t started_wall_ms, finished_wall_ms;
    char *goal;              /* "p99<200ms and errors<0.1%" */
    struct str_list clauses; /* of it, each as given */
    char *path;              /* of the requests; NULL: each arm's own */
    uint64_t seed;           /* at most 2^53 - 1 */
    double least_rps;        /* at lower rates trials are too short for the goal; 0: at none */
    double resolution;       /* (hi - lo) / median at which the search ends */
    int64_t max_trials;      /* of each arm, with its pilot */
    double budget_s;         /* NAN: no limit */
    struct capacity_arm *arms;
    size_t narms;
    struct capacity_trial *trials; /* in the order they were run */
    size_t ntrials;
    bool interrupted; /* by a signal; the trials so far count */
    bool out_of_time; /* the budget was over before the search */
};

void capacity_init(struct capacity *c);
void capacity_fini(struct capacity *c);
/* Copies the texts. */
struct capacity_arm *capacity_add_arm(struct capacity *c, const char *name, const char *target);
/* All missing, with room for the figures. It stays where it is until the next one. */
struct capacity_trial *capacity_add_trial(struct capacity *c);

#endif
