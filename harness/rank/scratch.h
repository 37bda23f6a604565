/* scratch: what Open MPI writes on this host for this job.
 *
 * Shape   scratch_place, before MPI starts, puts the memory that ranks share, which would otherwise
 *         lie in /dev/shm, into the folder of the job. scratch_remove removes that folder.
 * Errors  best effort: without the variables of mpirun nothing is done.
 * Source  the environment that mpirun 4.1 gives to its programs (OMPI_MCA_orte_jobfam_session_dir)
 */
#ifndef RANK_SCRATCH_H
#define RANK_SCRATCH_H

void scratch_place(void);
void scratch_remove(void);

#endif
