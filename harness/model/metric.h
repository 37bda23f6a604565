/* metric: the figures of a result that a threshold can be set on, by name.
 *
 * Shape   two tables of rows: single figures ("errors"), and histograms whose points have names
 *         of their own ("p99", "wait.p99", "probe.max"; those of latency need no prefix).
 *         Those that are counted by name are also known of each request of a list: "GET /a:p99".
 * Units   a value is a double: ns, bytes, a count, a number, or a share as a fraction.
 * Owner   rows are static; a struct metric holds no memory.
 * Errors  an unknown name: kind USAGE, with the nearest known one. What a run did not measure is
 *         NAN, never 0.
 * Source  a request that did not finish would have taken at least the age it had, so a figure has
 *         a low and a high end. Those open at the end count at their age for both, or else no
 *         closed loop could ever be judged; those given up may have taken any time. Where so many
 *         are open that the product-limit estimate (stat/product_limit.h) lies well above the low
 *         end, the high end is infinite.
 */
#ifndef MODEL_METRIC_H
#define MODEL_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/plan.h"
#include "model/result.h"

#define METRIC_BEYOND 10 /* samples beyond a percentile, or it tells too little to judge by */
#define METRIC_RAISED                                                                              \
    1.01 /* unfinished requests that raise a figure by less need no explanation                    \
          */
#define METRIC_OPEN                                                                                \
    1.1 /* unfinished requests leave a percentile open where they would likely end above this      \
           times what is shown */

enum metric_unit { METRIC_TIME, METRIC_COUNT, METRIC_SIZE, METRIC_NUMBER, METRIC_SHARE };

enum metric_trait {
    METRIC_PLAIN,
    METRIC_THROUGHPUT,   /* set by the slower of server and generator */
    METRIC_LIVE_THREADS, /* what ended threads did may be missing */
    METRIC_CPU,          /* counted in the kernel's ticks */
};

/* What a run must have had to measure a figure. */
struct metric_need {
    const char *text;                            /* "a probe (--probe)" */
    bool (*is_planned)(const struct plan *plan); /* NULL: every run may have it */
};

struct metric_row {
    const char *name;
    double (*read)(const struct result *r);
    double (*whole)(const struct result *r); /* what its share is of; NULL: none */
    const struct metric_need *needs;
    enum metric_unit unit;
    enum metric_trait trait;
    bool by_request; /* also known of the requests of each name */
};

/* Samples that are known, and how many are not. */
struct metric_ages {
    const struct hist *finished, *unfinished; /* either may be NULL */
    int64_t in_flight;                        /* of the unfinished: at the end */
    int64_t timed_out;                        /* of the unfinished: given up, the oldest */
    int64_t failed;                           /* of the unfinished: given up at any age */
};

struct metric_hist {
    const char *name;
    struct metric_ages (*ages)(const struct result *r);
    const struct metric_need *needs;
    const char *samples; /* what they are: "requests" */
    const char *gone;    /* why the size of some is not known: "were given up" */
    const char *remedy;  /* to know more of them */
    bool by_load; /* timed by the threads of the load: a saturated or late one times itself */
};

extern const struct metric_row metric_rows[];   /* ends with one without a name */
extern const struct metric_hist metric_hists[]; /* the same; the first is latency */

#define METRIC_CAPACITY "capacity" /* the row that no run has (model/capacity.h) */
#define METRIC_NAME_MAX 160        /* bytes, with a NUL */

struct metric {
    char name[METRIC_NAME_MAX];
    size_t request_len; /* of the name of a request before a ':'; 0: the metric is of all of them */
    const struct metric_row *row;   /* NULL for a point of a histogram */
    const struct metric_hist *hist; /* NULL for a single figure */
    double q;                       /* of a percentile; 1 is the maximum; NAN is the mean */
    bool of_slices; /* two arms are measured in short slices, whose ends leave the same share of
                       both open: that makes no percentile unknown */
};

struct metric_value {
    double low, high; /* the truth lies there; both NAN when it was not measured */
    double finished;  /* of what finished alone; NAN for a single figure */
    bool raised;      /* `low` is above that by so much that it needs saying */
    double sure; /* of a percentile with few samples: it is this or more, but for one run in 1000;
                    NAN when they do not tell even that */
    uint64_t samples, needed; /* of a percentile; needed is 0 for what needs no number of them */
};

int metric_find(const char *name, struct metric *out, struct err *err);
const char *metric_needs(const struct metric *m);
/* A latency that a saturated or late generator does not know. */
bool metric_is_timed_by_load(const struct metric *m);
/* False when no run of this plan can measure the metric: what metric_needs says is not in it. */
bool metric_is_planned(const struct metric *m, const struct plan *plan);
/* `unit` is the metric's own, or METRIC_SHARE where it has a share. */
struct metric_value metric_measure(const struct metric *m, enum metric_unit unit,
                                   const struct result *r);
/* The same for several points of one histogram, which is walked once: `q` as in struct metric. */
void metric_measure_points(const struct metric_hist *hist, const double *q, size_t count,
                           const struct result *r, struct metric_value *out);
/* Whether so many are unfinished that the percentile, of which shown_ns is shown, is likely higher.
 * Neither histogram is NULL. */
bool metric_is_open(const struct hist *finished, const struct hist *unfinished, double q,
                    int64_t shown_ns);
/* The result as that of the requests alone that the metric names; false: it names none, or there
 * are none of them. What the view points to is the result's. */
bool metric_view(const struct metric *m, const struct result *r, struct result *view);
enum metric_unit metric_unit(const struct metric *m);
const char *metric_unit_name(enum metric_unit unit); /* "ns", "bytes"; stable, for programs */
bool metric_has_share(const struct metric *m);
/* "1.24 ms", "12.3k", "27.9 MB", "0.31%"; text should hold 32 bytes. Returns text. */
char *metric_format(double value, enum metric_unit unit, char *text, size_t size);
/* The same to so many digits, for two that would look alike: "250.085375 ms". */
char *metric_format_exact(double value, enum metric_unit unit, int digits, char *text, size_t size);
/* A decimal number without sign or exponent, times 10 to the `scale`: rounded once, so that 0.7 %
 * is the same double as 7 / 1000. *end is what follows it. NAN when text does not begin with a
 * number. */
double metric_decimal(const char *text, int scale, const char **end);
/* "0.5", "1000", "1.5k", "20M"; -1 for another text. */
int metric_number(const char *text, double *out);

#endif
