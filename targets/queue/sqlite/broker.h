/* The broker on an SQLite file; targets/queue/broker.h is the interface. */
#ifndef TARGETS_QUEUE_SQLITE_BROKER_H
#define TARGETS_QUEUE_SQLITE_BROKER_H

#include "targets/queue/broker.h"

extern const struct broker_kind broker_sqlite;

#endif
