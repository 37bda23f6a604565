#include "targets/queue/broker.h"

#include <stdlib.h>

const char *const job_state_names[] = {"failed",  "completed",   "active",          "delayed",
                                       "waiting", "prioritized", "waiting-children"};

void taken_job_fini(struct taken_job *job)
{
    free(job->data);
    free(job->refused);
    job->data = job->refused = NULL;
}
