/* figures: what one run of a delay server says about bench, beside the truth.
 *
 * Shape   each function adds its rows to the selftest. A run that does not have what a row needs
 *         makes that row unknown.
 * Units   in the names.
 * Owner   everything is borrowed; the texts of the rows are constants.
 * Errors  none.
 * Source  docs/selftest.md, which has each row and its limit.
 */
#ifndef SELFTEST_FIGURES_H
#define SELFTEST_FIGURES_H

#include "model/selftest.h"
#include "selftest/delay_run.h"
#include "selftest/machine_floor.h"

struct figures {
    struct selftest *selftest;
    const struct machine_floor *floor;
};

typedef void figures_fn(struct figures *f, const struct delay_load *load,
                        const struct delay_run *run);

void figures_of_machine(struct figures *f);
/* Of the computed arrivals alone: nothing is measured. */
void figures_of_poisson(struct figures *f, int64_t seed);
figures_fn figures_of_slip, figures_of_fast_slip, figures_of_spacing, figures_of_constant,
    figures_of_freeze, figures_of_lognormal, figures_of_queue;

#endif
