/* change: a gate on two arms, as a user writes it: how much worse one may be than the other.
 *
 * Shape   METRIC OPERATOR BOUND ["and" BOUND], describing the bad case: "p99>+10% and +1ms",
 *         "rps<-5%", "errors>+0.5%". A signed bound is a change from the reference; an unsigned one
 *         an absolute limit on the arm alone ("p99>250ms"), which is judged over the blocks. A
 *         detection, "p99 20%" or "20%" for a metric named apart, sets the margin to half of the
 *         size on the log scale, so that a change of that size is caught and no change passes.
 *         Metrics: rps, mean, p50, p75, p90, p95, p99, p99.9 and other percentiles of latency, max,
 *         errors, cpu_per_request, rss. errors is a share, and its change additive.
 * Units   tau in the units of d: natural logs, and percentage points as a fraction for errors; for
 *         an absolute bound of a change (+1ms) those of the metric.
 * Owner   a gate borrows its text.
 * Errors  kind USAGE: an unknown metric, with the nearest; a direction that makes no sense
 *         (p99<+10%, rps>+5%), naming the right one; a unit that is not the metric's; a metric that
 *         a session does not measure.
 * Source  docs/verdicts.md.
 */
#ifndef ANALYSIS_VERDICT_CHANGE_H
#define ANALYSIS_VERDICT_CHANGE_H

#include <stdbool.h>

#include "base/err.h"
#include "model/metric.h"
#include "model/session.h"

#define CHANGE_BOUNDS_MAX 2

enum change_scale {
    CHANGE_RATIO,    /* d = ln(arm / reference) */
    CHANGE_ADDED,    /* d = arm - reference */
    CHANGE_ABSOLUTE, /* d = ln(arm / limit); of errors: arm - limit */
};

struct change_bound {
    enum change_scale scale;
    double tau;   /* the margin: d beyond it is the bad case */
    double limit; /* of ABSOLUTE, in the units of the metric */
};

struct change_gate {
    const char *text;
    enum session_gate_kind kind;
    bool is_default;
    struct metric metric;
    bool higher_is_better; /* rps: then d has the other sign, so that d > 0 is always worse */
    double detect;         /* the size that a detection names, as d: ln(1.2); NAN for a limit */
    struct change_bound bounds[CHANGE_BOUNDS_MAX]; /* all must be exceeded to fail */
    int nbounds;
};

/* What the kind says: a detection, or a limit that fails or warns. */
int change_parse(enum session_gate_kind kind, const char *text, struct change_gate *out,
                 struct err *err);
/* "10%" for all default gates, or "p99 20%": adds the gates to the session. */
int change_add_detections(struct session *s, const char *text, struct err *err);
/* The default gates at their sizes, for metrics that have no gate yet: cpu_per_request 10 %, rps
 * 10 %, p99 20 %, errors +0.5 points, rss 10 % and 1 MiB. */
void change_add_defaults(struct session *s);
/* A file of limits: one a line, as after --fail; "warn " before one that only warns; "ARM: " or
 * "/path: " before one for that arm or path alone; # starts a comment. Errors name the line. */
int change_add_file(struct session *s, const char *name, const char *text, size_t len,
                    struct err *err);
/* Drops default gates that these arms cannot measure (CPU and memory of a URL), naming each in
 * *out_dropped ("cpu_per_request, rss", the caller frees it; NULL: none); another one is kind
 * USAGE. */
int change_check_measurable(struct session *s, char **out_dropped, struct err *err);

#endif
