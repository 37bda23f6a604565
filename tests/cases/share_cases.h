/* share_cases: a run whose requests were dealt at random to the shares of a plan.
 *
 * Shape   `whole` is the run as one host would have measured it, `parts` the same requests by
 * share: merged, these must be that. Every seed is another run: an open or a closed loop, other
 *         losses, statuses, request names, and up to SHARE_CASE_PARTS shares.
 * Owner   share_case_fini finishes all of them.
 */
#ifndef TESTS_SHARE_CASES_H
#define TESTS_SHARE_CASES_H

#include "model/result_merge.h"

#define SHARE_CASE_PARTS 6

/* A bare one has its counts and the histogram of its latencies alone, and is made much faster. */
enum share_case_kind { SHARE_CASE_WHOLE, SHARE_CASE_BARE };

struct share_case {
    struct result whole;
    struct result parts[SHARE_CASE_PARTS];
    size_t count;
    struct merge_input inputs[SHARE_CASE_PARTS]; /* the parts, in an order of their own */
    struct merge merge;                          /* of these inputs */
};

void share_case(uint64_t seed, enum share_case_kind kind, struct share_case *out);
/* The reasons of losses by their kinds: they come in the order in which they were found. */
void share_case_order(struct accounting *a);
void share_case_fini(struct share_case *c);

#endif
