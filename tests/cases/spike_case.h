/* spike_case: three arms under a spike of the rate: one comes back, one has jobs that pile up, one
 * does not come back. */
#ifndef TESTS_SPIKE_CASE_H
#define TESTS_SPIKE_CASE_H

#include "model/comparison.h"

void spike_case(struct comparison *c);

#endif
