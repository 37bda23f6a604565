/* recovery: how a server took a spike of the rate, and how it came back from it.
 *
 * Shape   plain data, filled by analysis/recovery from the series of a result; a state of NONE says
 *         that the rate had no spike. What a document has of it is written, and never read: it is
 *         derived again.
 * Units   s from the window's start, or after the spike where the name says so; requests, jobs,
 *         and these per second. NAN and MISSING: not known, or of back_s and drained_s: not before
 *         the end.
 * Owner   a recovery holds no memory.
 * Source  metastable: Bronson et al., "Metastable Failures in Distributed Systems", HotOS 2021.
 */
#ifndef MODEL_RECOVERY_H
#define MODEL_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* State, and its name in a document. */
#define RECOVERY_STATES(X)                                                                         \
    X(NONE, "none")             /* the rate had no spike */                                        \
    X(UNKNOWN, "unknown")       /* see the reason */                                               \
    X(UNHARMED, "unharmed")     /* the goal held in the spike and after it */                      \
    X(RECOVERED, "recovered")   /* it held again, and to the end */                                \
    X(UNSETTLED, "unsettled")   /* it held again, and was lost again at the end */                 \
    X(RECOVERING, "recovering") /* it does not hold, but what waits gets less */                   \
    X(METASTABLE, "metastable") /* it does not hold, and what waits does not get less */

enum recovery_state {
#define X(name, text) RECOVERY_##name,
    RECOVERY_STATES(X)
#undef X
        RECOVERY_STATE_COUNT
};
extern const char *const recovery_state_names[RECOVERY_STATE_COUNT];

/* Why it is not known: a name for programs, and the words after "not known: ". */
#define RECOVERY_REASONS(X)                                                                        \
    X(NONE, NULL, "")                                                                              \
    X(SHORT, "too-short",                                                                          \
      "too little of the run lies after the spike; add a stage that lasts longer than the spike "  \
      "and 3 samples (-L)")                                                                        \
    X(IDLE, "idle", "nothing is due after the spike; end the stages with a rate above 0")          \
    X(NO_BEFORE, "nothing-before",                                                                 \
      "the run has fewer than 100 responses before the spike, so there is no p99 to come back "    \
      "to; begin the stages with a plateau, or give --recovery-goal")                              \
    X(BAD_BEFORE, "bad-before",                                                                    \
      "the server was not within the goal before the spike either; begin with a lower rate, or "   \
      "warm it up (-W)")                                                                           \
    X(NO_SERIES, "no-series", "the file has no latencies over time")                               \
    X(FROM_SENDING, "from-sending",                                                                \
      "latency counts from when a request was sent (-C), so the time that it waited is missing; "  \
      "leave -C out")                                                                              \
    X(BAD_GOAL, "bad-goal", "the goal in the file cannot be read; give --recovery-goal")

enum recovery_reason {
#define X(name, code, words) RECOVERY_REASON_##name,
    RECOVERY_REASONS(X)
#undef X
        RECOVERY_REASON_COUNT
};
extern const char *const recovery_reason_names[RECOVERY_REASON_COUNT]; /* NULL for NONE */
extern const char *const recovery_reason_words[RECOVERY_REASON_COUNT];

/* At least this share of the requests has at most this latency. */
struct recovery_goal {
    double q, ns;
    bool is_given; /* else: made of the time before the spike */
};

/* What waits: requests that were due and are not over, or jobs of a queue. */
struct recovery_backlog {
    int64_t most, left; /* since the spike began; at the end. MISSING: not known */
    double level;       /* no more than this is as good as none */
    double drained_s;   /* after the spike */
};

/* Per second, in a part of the run. */
struct recovery_rates {
    double due, done, good; /* good: of the responses, those within the goal */
};

struct recovery {
    enum recovery_state state;
    enum recovery_reason reason;
    struct recovery_goal goal;
    double from_s, to_s, end_s; /* the spike; how far the rate then stays as low */
    double peak_rps, after_rps;
    double sample_s; /* no time is known more exactly */
    double back_s;   /* after the spike, the goal holds from here on */
    double first_s;  /* and here it held for the first time; NAN: back_s is the first */
    int64_t losses;  /* how often it held after the spike, and was lost again */
    double left_s;   /* RECOVERING: until nothing waits any more, at the pace so far */
    struct recovery_backlog requests, jobs;
    struct recovery_rates before, spike, after; /* NAN: there is none */
};

/* "p99<200 ms". Returns text, which should hold 64 bytes. */
char *recovery_goal_text(const struct recovery_goal *goal, char *text, size_t size);

#endif
