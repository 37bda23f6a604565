/* bullmq/broker: the broker on Redis, in BullMQ's protocol.
 *
 * Shape   the interface, with its units, owner and errors, is targets/queue/broker.h.
 */
#ifndef TARGETS_QUEUE_BULLMQ_BROKER_H
#define TARGETS_QUEUE_BULLMQ_BROKER_H

#include "targets/queue/broker.h"

extern const struct broker_kind broker_redis;

#endif
