#include "proc/job_folder.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "proc/folder.h"

#define OPEN_MOST 16 /* folders at a time */

bool job_folder_is_ours(const char *job, const char *outer)
{
    struct stat found;
    return outer[0] == '/' && str_starts(job, outer) && job[strlen(outer)] == '/' &&
           lstat(job, &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == geteuid();
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    (void)remove(path);
    return 0;
}

void job_folder_remove(const char *job, const char *outer)
{
    if (!job_folder_is_ours(job, outer))
        return;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no thread changes the working directory */
    (void)nftw(job, remove_one, OPEN_MOST, FTW_DEPTH | FTW_PHYS);
    (void)rmdir(outer); /* unless another job has a folder there */
}

void job_folder_remove_of(pid_t mpirun)
{
    char host[HOST_NAME_MAX + 1] = "";
    (void)gethostname(host, HOST_NAME_MAX);
    host[strcspn(host, ".")] = '\0';
    char *outer = mem_printf("%s/ompi.%s.%u", folder_place(), host, (unsigned)geteuid());
    char *job = mem_printf("%s/pid.%ld", outer, (long)mpirun);
    job_folder_remove(job, outer);
    free(job);
    free(outer);
}
