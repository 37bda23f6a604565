/* brokers: the kinds of broker; the only file that knows both.
 *
 * Owner   kinds are constants.
 * Errors  kind USAGE: no kind has this scheme.
 */
#ifndef TARGETS_QUEUE_BROKERS_H
#define TARGETS_QUEUE_BROKERS_H

#include "targets/queue/broker.h"

/* The kind whose scheme the URL has. */
const struct broker_kind *broker_find(const char *url, struct err *err);

#endif
