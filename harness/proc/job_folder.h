/* job_folder: the folder that Open MPI makes on each host for one job, in one of this host and
 * user. Its daemon removes both, unless the daemon is killed or crashes.
 *
 * Shape   job_folder_remove removes the job's folder with all that is in it, and the outer one when
 *         it is empty then. job_folder_remove_of: that of an mpirun that has ended.
 * Errors  best effort. A folder that does not belong to this user stays.
 * Source  Open MPI 4.1, which makes ompi.HOST.UID/pid.PID in $TMPDIR
 */
#ifndef PROC_JOB_FOLDER_H
#define PROC_JOB_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

/* It is a folder within the outer one, and this user's. */
bool job_folder_is_ours(const char *job, const char *outer);
void job_folder_remove(const char *job, const char *outer);
void job_folder_remove_of(pid_t mpirun);

#endif
