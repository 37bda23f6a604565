/* claims_parts: the rules of the claims, one function each.
 *
 * Shape   a rule gets the words of a claim to write, for an arm whose results can be used and were
 *         made as published. It writes what was measured, hands that over, then writes the reason
 *         and returns the verdict.
 *         A verdict other than "not comparable" needs the rule in words, made of the limits that
 *         the comparison uses: ruling_holds_when.
 * Units   as in a metric: ns, bytes, counts, numbers.
 * Owner   the ruling is the caller's; a rule keeps nothing.
 * Errors  none: what the figures cannot tell is not comparable, and the reason has what is missing.
 * Source  docs/article.md has each rule, and why its limits are what they are.
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
