/* claims_internal: the rules of the claims, one function each.
 *
 * Shape   a rule is called for an arm whose results are usable and were measured as published. It
 *         writes what was measured and calls ruling_measured, then writes the reason and returns
 *         the verdict. A verdict other than "not comparable" also needs the rule in words, with
 *         the limits it used: ruling_holds_when.
 * Units   as in a metric: ns, bytes, counts, numbers.
 * Owner   the caller owns the ruling; a rule keeps nothing.
 * Errors  none: if a figure is missing, the claim is not comparable and the reason says why.
 * Source  docs/article.md explains each rule and its limits.
 */
#ifndef ANALYSIS_CLAIMS_CLAIMS_INTERNAL_H
#define ANALYSIS_CLAIMS_CLAIMS_INTERNAL_H

#include "analysis/claims/ruling.h"

enum claim_verdict judge_loop_stalls(struct ruling *r);

enum claim_verdict judge_unpooled_zero(struct ruling *r);
enum claim_verdict judge_unpooled_timeout(struct ruling *r);
enum claim_verdict judge_threads_800(struct ruling *r);
enum claim_verdict judge_memory_grows(struct ruling *r);
enum claim_verdict judge_switches_consume(struct ruling *r);

enum claim_verdict judge_pool_queue(struct ruling *r);
enum claim_verdict judge_pool_for_short(struct ruling *r);

enum claim_verdict judge_compute_rate(struct ruling *r);
enum claim_verdict judge_hop_cheap(struct ruling *r);
enum claim_verdict judge_five_times(struct ruling *r);
enum claim_verdict judge_native_for_heavy(struct ruling *r);

enum claim_verdict judge_queue_accepts(struct ruling *r);
enum claim_verdict judge_size_independent(struct ruling *r);
enum claim_verdict judge_worker_stores(struct ruling *r);
enum claim_verdict judge_queue_for_long(struct ruling *r);

#endif
