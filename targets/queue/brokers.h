/* brokers: the kinds of broker that there are; the one place that knows both.
 *
 * Owner   kinds are constants.
 * Errors  kind USAGE: a URL of no kind.
 */
#ifndef TARGETS_QUEUE_BROKERS_H
#define TARGETS_QUEUE_BROKERS_H

#include "targets/queue/broker.h"

/* The kind that options->broker names. */
const struct broker_kind *broker_find(const char *url, struct err *err);

#endif
