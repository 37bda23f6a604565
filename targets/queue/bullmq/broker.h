/* The broker on Redis, in BullMQ's protocol; targets/queue/broker.h is the interface. */
#ifndef TARGETS_QUEUE_BULLMQ_BROKER_H
#define TARGETS_QUEUE_BULLMQ_BROKER_H

#include "targets/queue/broker.h"

extern const struct broker_kind broker_redis;

#endif
