#include "rank/scratch.h"

#include <stdlib.h>

#include "proc/job_folder.h"

#define JOB_FOLDER    "OMPI_MCA_orte_jobfam_session_dir"
#define OUTER_FOLDER  "OMPI_MCA_orte_top_session_dir"
#define MEMORY_FOLDER "OMPI_MCA_btl_vader_backing_directory"

static const char *variable(const char *name)
{
    const char *value =
        getenv(name); /* NOLINT(concurrency-mt-unsafe): the only thread that looks */
    return value == NULL ? "" : value;
}

void scratch_place(void)
{
    const char *job = variable(JOB_FOLDER);
    if (job_folder_is_ours(job, variable(OUTER_FOLDER)))
        (void)setenv(MEMORY_FOLDER, job, 0); /* NOLINT(concurrency-mt-unsafe): before any thread */
}

void scratch_remove(void)
{
    job_folder_remove(variable(JOB_FOLDER), variable(OUTER_FOLDER));
}
