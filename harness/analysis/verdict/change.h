/* change: a gate on two arms, as a user writes it: how much worse one may be than the other.
 *
 * Shape   METRIC OPERATOR BOUND ["and" BOUND], describing the bad case: "p99>+10% and +1ms",
 *         "rps<-5%", "errors>+0.5%". A signed bound is a change from the reference; an unsigned one
 *         an absolute limit on the arm alone ("p99>250ms"), which is judged over the blocks. A
 *         detection, "p99 20%" or "20%" for all default gates, sets the margin to half of the size
 *         on the log scale, so that a change of that size is caught and no change passes.
 *         "ARM: " before either names the arm that it is for; only an absolute limit can be for
 *         the reference. >= and <= mean the same as > and <.
 *         What is said twice is one gate, whether in options or in a file. Two sizes for one
 *         metric of one arm contradict each other, and are refused: two detections, or two limits
 *         of one kind and one bound each, both in percent, both amounts or both absolute. A limit
 *         that warns may stand beside one that fails, and a detection beside a limit.
 *         Metrics: rps, mean, max, p50, p99 and any percentile of latency, cpu_per_request, rss;
 *         and as shares, whose change is additive: errors, timeouts, failed, non2xx, 4xx, 5xx,
 *         mismatches.
 * Units   tau in the units of d: natural logs, and percentage points as a fraction for shares; for
 *         an absolute bound of a change (+1ms) those of the metric.
 * Owner   a gate borrows its text.
 * Errors  kind USAGE: an unknown metric, with the nearest; a direction that makes no sense
 *         (p99<+10%, rps>+5%), naming the right one; a unit that is not the metric's; a size of
 *         nothing or out of range; a metric that a session does not measure.
 * Source  docs/verdicts.md.
 */
#ifndef ANALYSIS_VERDICT_CHANGE_H
#define ANALYSIS_VERDICT_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/metric.h"
#include "model/session.h"

#define CHANGE_BOUNDS_MAX 2
#define CHANGE_TEXT_MAX   200 /* bytes of a gate */
#define CHANGE_SIZE_MAX   10  /* of a ratio: 1000 % */

enum change_scale {
    CHANGE_RATIO,    /* d = ln(arm / reference) */
    CHANGE_ADDED,    /* d = arm - reference */
    CHANGE_ABSOLUTE, /* d = ln(arm / limit); of a share: arm - limit */
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
    const char *arm; /* in the text, arm_len bytes; NULL: the one that is judged */
    size_t arm_len;
    struct metric metric;
    enum metric_unit unit; /* the metric's, or METRIC_SHARE */
    bool higher_is_better; /* rps: then d has the other sign, so that d > 0 is always worse */
    double detect;         /* the size that a detection names, as d: ln(1.2); NAN for a limit */
    struct change_bound bounds[CHANGE_BOUNDS_MAX]; /* all must be exceeded to fail */
    int nbounds;
};

/* What the kind says: a detection, or a limit that fails or warns. */
int change_parse(enum session_gate_kind kind, const char *text, struct change_gate *out,
                 struct err *err);
/* The number of the arm that is judged: 1, or 0 for an absolute limit on the reference; kind USAGE
 * for an arm that the session does not have, and for the reference against itself. */
int change_arm(const struct session *s, const struct change_gate *g, size_t *out, struct err *err);
/* x of the arm that is judged, and of the reference, as d of that bound. NAN where it has none: a
 * ratio with 0. */
double change_d(const struct change_gate *g, const struct change_bound *b, double reference,
                double x);
/* A d of that bound as a number: a fraction of the reference, a difference, or, of an absolute
 * limit, the figure itself. The sign is that of the metric. */
double change_shown(const struct change_gate *g, const struct change_bound *b, double d);
/* A d of the first bound as a user reads it: "+7.9%", "+0.31 points", "+1.24 ms"; of an absolute
 * limit the figure itself: "231 ms". The sign is that of the metric: rps -9.1% is worse. text
 * should hold 40 bytes. Returns text. */
char *change_format(const struct change_gate *g, double d, char *text, size_t size);

/* A gate that somebody asked for. A default one with a change of the same metric is dropped. */
int change_add(struct session *s, enum session_gate_kind kind, const char *text, struct err *err);
/* "10%" for all default gates, or "p99 20%": adds the gates to the session. What was asked for
 * metric by metric stays. */
int change_add_detections(struct session *s, const char *text, struct err *err);
/* The default gates at their sizes, for metrics of whose change there is no gate yet:
 * cpu_per_request 10 %, rps 10 %, p99 20 %, errors +0.5 points, rss 10 % and 1 MiB. */
void change_add_defaults(struct session *s);
/* Whether `by` has a gate of the same kind, metric and arm, but of another size; or, for a size
 * alone, one for all default gates. The arms are those of `s`. */
bool change_is_replaced(const struct session *s, const struct session *by,
                        enum session_gate_kind kind, const char *text);

/* The text of a file of gates. */
struct change_file {
    const char *name; /* for errors */
    const char *text;
    size_t len;
    const char *path; /* of the arms' requests; NULL: they are not the same */
};

/* Limits and detections: one a line, as after --fail or --detect; "warn " before a limit that only
 * warns; "ARM: " or "/path: " before one for that arm or path alone; # starts a comment. A line
 * for this path takes the place of one for all paths with the same metric and arm. Lines for other
 * paths are left out, once they are known to be gates, and counted in *others. Errors name
 * the line, also for an arm that the session does not have; a file without a line for this path is
 * one. */
int change_add_file(struct session *s, const struct change_file *file, int *others,
                    struct err *err);
/* Drops default gates that these arms cannot measure (CPU and memory of a URL), naming each in
 * *out_dropped ("cpu_per_request, rss", the caller frees it; NULL: none); another one is kind
 * USAGE, as is an arm that the session does not have. */
int change_check_measurable(struct session *s, char **out_dropped, struct err *err);

#endif
