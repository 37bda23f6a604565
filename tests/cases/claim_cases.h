/* claim_cases: claims of known content, as strangers might hand them in as well.
 *
 * Shape   several claims, some by several arms, of every verdict; with and without a figure on
 *         either side; the last one is meant to do harm.
 * Owner   the comparison owns what is added. It has the arms that claim_arms names.
 */
#ifndef TESTS_CLAIM_CASES_H
#define TESTS_CLAIM_CASES_H

#include "model/comparison.h"

extern const char *const claim_arms[]; /* ends with NULL */
void claim_cases_add(struct comparison *c);

#endif
