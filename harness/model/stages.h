/* stages: the rate of an open loop over time, as --stages gives it.
 *
 * Shape   one stage after another: in a straight line from the rate before to to_rps, or all of it
 *         at that.
 * Units   in the names.
 * Owner   the text is borrowed.
 * Errors  stages_parse: kind USAGE, with the stage that is wrong. A document's stages are untrusted
 *         text, and are read by the same function.
 */
#ifndef MODEL_STAGES_H
#define MODEL_STAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define PLAN_STAGES_MAX 100

struct plan_stage {
    int64_t length_ns;
    double to_rps;
    bool is_step;
};

struct plan_stages {
    const char *text; /* as given; NULL: there are none */
    struct plan_stage items[PLAN_STAGES_MAX];
    size_t count;
};

int stages_parse(const char *text, struct plan_stages *out, struct err *err);

#endif
