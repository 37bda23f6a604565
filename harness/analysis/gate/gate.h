/* gate: a threshold on one figure of a result, and whether a run crosses it.
 *
 * Shape   a threshold is METRIC OPERATOR VALUE, such as "p99>250ms" or "errors>1%", and describes
 *         the bad case: it is crossed if it is true of the run. Judging gives an outcome.
 * Units   those of metric.h.
 * Owner   a threshold borrows its text, an outcome its threshold and file.
 * Errors  a threshold that cannot be parsed: kind USAGE. If a run cannot answer whether a threshold
 *         is crossed, that is not an error but an outcome with a reason.
 */
#ifndef ANALYSIS_GATE_GATE_H
#define ANALYSIS_GATE_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/metric.h"
#include "model/result.h"

enum gate_op { GATE_ABOVE, GATE_AT_LEAST, GATE_BELOW, GATE_AT_MOST };
enum gate_level { GATE_FAIL, GATE_WARN };

struct gate_threshold {
    const char *text; /* as it was given */
    struct metric metric;
    double value;
    enum metric_unit unit; /* the metric's, or METRIC_SHARE */
    enum gate_level level;
    enum gate_op op;
};

/* Why a threshold could not be checked: name, code, and what a table shows instead of a figure. */
#define GATE_REASONS(X)                                                                            \
    X(NONE, "", "")                                                                                \
    X(INVALID, "invalid", "invalid run")                                                           \
    X(INTERRUPTED, "interrupted", "interrupted run")                                               \
    X(MISSING, "missing", "not measured")                                                          \
    X(ERRORS, "errors", "too many errors")                                                         \
    X(FEW, "few-samples", "too few samples")                                                       \
    X(SATURATED, "saturated", "generator saturated")                                               \
    X(LATE, "late", "generator late")                                                              \
    X(UNFINISHED, "unfinished", "unfinished")                                                      \
    X(ENDED_THREADS, "ended-threads", "exited threads")                                            \
    X(INTERVAL, "interval", "limit in interval")

enum gate_reason {
#define X(name, code, label) GATE_##name,
    GATE_REASONS(X)
#undef X
        GATE_REASON_COUNT
};
extern const char *const gate_reason_codes[GATE_REASON_COUNT];
extern const char *const gate_reason_labels[GATE_REASON_COUNT];

/* Kinds of errors that a figure does not show. PROBE is a non-2xx response to a probe. */
enum gate_error {
    GATE_ERROR_NONE,
    GATE_ERROR_NON_2XX,
    GATE_ERROR_MISMATCH,
    GATE_ERROR_LOSS,
    GATE_ERROR_PROBE,
    GATE_ERROR_JOB,
};

enum gate_verdict { GATE_PASSED, GATE_CROSSED, GATE_UNKNOWN };

/* How the rounds of an arm stand to its threshold (gate/arm.h). */
struct gate_rounds {
    size_t planned;            /* 0: not an arm but a single run */
    size_t judged;             /* those that the median is of; 0: the arm could not be judged */
    size_t beyond, unknown;    /* of the judged: crossed by themselves; cannot tell */
    size_t left_out;           /* disturbed, and therefore not judged */
    size_t doubted;            /* the first one because of which the verdict is unknown; or 0 */
    struct metric_value doubt; /* what was measured in that round */
};

struct gate_outcome {
    const char *file;
    const struct gate_threshold *threshold;
    struct gate_rounds rounds;
    struct metric_value measured;
    bool is_interval; /* an estimate: it lies from measured.low to high, around measured.finished */
    enum gate_verdict verdict;
    enum gate_reason reason; /* NONE unless the verdict is UNKNOWN */
    enum gate_error error;   /* for the reason ERRORS */
    double error_share;      /* of its responses, requests, probes or jobs */
};

/* How to treat an interrupted run. */
enum gate_partial { GATE_PARTIAL_REFUSED, GATE_PARTIAL_JUDGED };

/* Whether flawed runs are judged. A figure that over 1 % of errors of a kind distort is only judged
 * if there is also a threshold on errors of that kind; `thresholds` are all that the user gave. */
struct gate_policy {
    enum gate_partial partial;
    bool allow_errors;
    const struct gate_threshold *thresholds;
    size_t count;
};

int gate_parse(const char *text, enum gate_level level, struct gate_threshold *out,
               struct err *err);
const char *gate_op_text(enum gate_op op);
/* Where a threshold has its operator; NULL: it has none. */
const char *gate_operator(const char *text);
/* The word for programs: "pass", "fail", "warn", "unknown". */
const char *gate_verdict_code(const struct gate_outcome *o);
bool gate_crosses(const struct gate_threshold *threshold, double value);
struct gate_outcome gate_judge(const struct gate_threshold *threshold, const struct result *r,
                               const struct gate_policy *policy);
/* The first kind of errors because of which the verdict of the measured figure does not count, or
 * NONE; *share is their share, as in an outcome. */
enum gate_error gate_error_of(const struct gate_outcome *o, const struct result *r,
                              const struct gate_policy *policy, double *share);
/* One sentence: why the threshold could not be checked and what would help, or how the figure was
 * derived; "" if there is nothing to add. text should hold 320 bytes. Returns text. */
char *gate_explain(const struct gate_outcome *o, char *text, size_t size);

#endif
