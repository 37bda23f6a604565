/* claim_flips: what makes a claim of article_cases hold, fail, or not be comparable.
 *
 * Shape   a table: what is changed in the results of one arm, in every round, and the verdict that
 *         the claim must then have by each of its arms. Numbers are on both sides of each limit.
 */
#ifndef TESTS_CLAIM_FLIPS_H
#define TESTS_CLAIM_FLIPS_H

#include "cases/article_cases.h"

enum whose { OWN, POOL_OF, LARGER_OF, INLINE_OF }; /* of the arm that is judged, or its family's */

struct flip {
    const char *code;
    enum whose whose; /* results are changed */
    enum claim_verdict verdict;
    struct change change, also;
};

extern const struct flip flips[];
extern const size_t nflips;

#endif
