#include "targets/broker.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"

const char *const job_state_names[] = {"failed",  "completed",   "active",          "delayed",
                                       "waiting", "prioritized", "waiting-children"};

static const struct broker_kind *const kinds[] = {&broker_sqlite, &broker_redis};

const struct broker_kind *broker_find(const char *url, struct err *err)
{
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_starts(url, kinds[i]->scheme))
            return kinds[i];
    (void)err_set(err, ERR_USAGE, "--broker: '%s' is no broker; try sqlite:jobs.db", url);
    return NULL;
}

void taken_job_fini(struct taken_job *job)
{
    free(job->data);
    free(job->refused);
    job->data = job->refused = NULL;
}
