/* claims: what the published comparison says, judged by what was measured here.
 *
 * Shape   one claim after the other, each by every arm that can tell of it: ours in C, and the
 *         rebuilt originals where they were run. A verdict is a pure function of the stored
 *         results. An arm is known by its name below together with the strategy or original that
 *         its results name. What was not run as published (connections, work, threads) cannot be
 *         compared, and says so; figures that depend on the cores are compared per core.
 * Owner   the claims belong to the comparison; those it had are replaced.
 * Errors  none.
 * Source  docs/article.md has each claim as it was published, and the rule behind its verdict.
 */
#ifndef ANALYSIS_CLAIMS_CLAIMS_H
#define ANALYSIS_CLAIMS_CLAIMS_H

#include "model/comparison.h"

/* The published set-up. */
#define ARTICLE_CONNECTIONS 100
#define ARTICLE_DURATION_S  10
#define ARTICLE_COUNTS      20000000
#define ARTICLE_LARGER      10 /* times those counts: the second size of the queue's jobs */
#define ARTICLE_POOL        8
#define ARTICLE_FANOUT      8
#define ARTICLE_CORES       8

/* Names of arms beside those of the strategies. */
#define ARM_THREADS_V8        "threads-v8" /* with the modelled cost of a V8 isolate a thread */
#define ARM_QUEUE_LARGER      "queue-x10"
#define ARM_EXPRESS_INLINE    "express-inline"
#define ARM_EXPRESS_THREADS   "express-threads"
#define ARM_EXPRESS_PISCINA   "express-piscina"
#define ARM_EXPRESS_COMPUTE   "express-compute"
#define ARM_EXPRESS_QUEUE     "express-bullmq"
#define ARM_EXPRESS_QUEUE_X10 "express-bullmq-x10"

void claims_add(struct comparison *c);

#endif
