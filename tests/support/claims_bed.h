/* claims_bed: the arms that one claim needs, and its verdict.
 *
 * Owner   the caller finishes the comparison with comparison_fini.
 * Errors  a claim that is missing fails the test.
 */
#ifndef TESTS_CLAIMS_BED_H
#define TESTS_CLAIMS_BED_H

#include "cases/claim_flips.h"

/* The arm itself, or the one of its family that it is set against. */
const char *claims_relative(const char *arm, enum whose whose);
const struct claim *claim_of(const struct comparison *c, const char *code, const char *arm);
/* The arms that the claim needs, no more: histograms are large. */
void claims_build(struct comparison *c, const char *code, const char *arm);

#endif
