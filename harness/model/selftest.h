/* selftest: what bench has found out about itself on this machine, the struct behind
 * bench.selftest/1.
 *
 * Shape   plain data: figures in the order in which they were measured. A figure with a limit is
 *         judged by its error; one without is only stated.
 * Units   a figure's own; see metric_unit_name.
 * Owner   selftest_init fills caller's storage; selftest_fini frees the list of figures. Their
 *         texts are constants.
 * Errors  none: what was not measured is NAN.
 */
#ifndef MODEL_SELFTEST_H
#define MODEL_SELFTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/metric.h"

#define SELFTEST_SCHEMA "bench.selftest/1"

enum selftest_verdict {
    SELFTEST_STATED, /* there is no limit */
    SELFTEST_HOLDS,
    SELFTEST_BEYOND,
    SELFTEST_UNKNOWN, /* it has a limit, and was not measured */
    SELFTEST_VERDICTS
};
extern const char *const selftest_verdict_names[SELFTEST_VERDICTS];

struct selftest_figure {
    const char *key;  /* stable, for programs: "slip.1000.p99" */
    const char *text; /* "slip at 1,000/s, p99" */
    enum metric_unit unit;
    double truth; /* NAN: there is none */
    double measured;
    double limit; /* the most that the error may be either way; NAN: none */
};

struct selftest {
    bool is_quick;
    int64_t cores;   /* that bench may run on; MISSING: not known */
    double others;   /* cores that other programs used meanwhile; NAN: not known */
    double length_s; /* of all of it */
    struct selftest_figure *figures;
    size_t nfigures;
};

void selftest_init(struct selftest *s);
void selftest_fini(struct selftest *s);
void selftest_add(struct selftest *s, const struct selftest_figure *figure);

double selftest_error(const struct selftest_figure *f); /* measured - truth; NAN without either */
enum selftest_verdict selftest_judge(const struct selftest_figure *f);
size_t selftest_count(const struct selftest *s, enum selftest_verdict verdict);
/* NONE when all limits hold, INVALID when a figure was not measured, else GATE. */
enum err_kind selftest_kind(const struct selftest *s);
/* What a figure that is beyond its limit means on this machine, in a sentence; NULL when none is. A
 * constant. */
const char *selftest_meaning(const struct selftest *s);

#endif
