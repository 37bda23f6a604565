/* claims: the claims of the published comparison, judged by the results measured here.
 *
 * Shape   each claim is judged by every arm it applies to: the strategies in C, and the rebuilt
 *         originals if they were run. A verdict is a pure function of the stored results. An arm is
 *         identified by its name below and by the strategy or original that its results name. An
 *         arm that was not run as published (connections, work, threads) is not comparable, with
 *         the reason; figures that depend on the number of cores are compared per core.
 * Owner   the claims belong to the comparison; existing ones are replaced.
 * Errors  none.
 * Source  docs/article.md lists each claim as published, and the rule behind its verdict.
 */
#ifndef ANALYSIS_CLAIMS_CLAIMS_H
#define ANALYSIS_CLAIMS_CLAIMS_H

#include "model/comparison.h"

/* The published setup. */
#define ARTICLE_CONNECTIONS 100
#define ARTICLE_DURATION_S  10
#define ARTICLE_COUNTS      20000000
#define ARTICLE_LARGER      10 /* times ARTICLE_COUNTS: the larger job size of the queue */
#define ARTICLE_POOL        8
#define ARTICLE_FANOUT      8
#define ARTICLE_CORES       8

/* Names of arms beside those of the strategies. */
#define ARM_THREADS_V8        "threads-v8" /* with the modelled cost of one V8 isolate per thread */
#define ARM_QUEUE_LARGER      "queue-x10"
#define ARM_EXPRESS_INLINE    "express-inline"
#define ARM_EXPRESS_THREADS   "express-threads"
#define ARM_EXPRESS_PISCINA   "express-piscina"
#define ARM_EXPRESS_COMPUTE   "express-compute"
#define ARM_EXPRESS_RUST      "express-rust" /* express-compute with the service in Rust */
#define ARM_OFFLOAD_RUST      "offload-rust" /* our gateway in front of the same */
#define ARM_EXPRESS_QUEUE     "express-bullmq"
#define ARM_EXPRESS_QUEUE_X10 "express-bullmq-x10"

void claims_add(struct comparison *c);

#endif
