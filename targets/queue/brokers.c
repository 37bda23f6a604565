#include "targets/queue/brokers.h"

#include "base/mem.h"
#include "base/str.h"
#include "targets/queue/bullmq/broker.h"
#include "targets/queue/sqlite/broker.h"

static const struct broker_kind *const kinds[] = {&broker_sqlite, &broker_redis};

const struct broker_kind *broker_find(const char *url, struct err *err)
{
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_starts_as_scheme(url, kinds[i]->scheme))
            return kinds[i];
    (void)err_set(err, ERR_USAGE, "--broker: '%s' is not a broker; try sqlite:jobs.db", url);
    return NULL;
}
