/* fleet_command: the command line of mpirun that starts the generators of --hosts.
 *
 * Shape   mpirun --host a,b:2 .. bench-rank run --stream, the options of the load, and the URLs.
 * Owner   fleet_command_make fills the caller's storage; fleet_command_fini frees it.
 * Errors  kind USAGE: mpirun or bench-rank is not there, or mpirun would refuse to run.
 * Source  mpirun(1) of Open MPI 4.1.
 */
#ifndef RUNNER_FLEET_COMMAND_H
#define RUNNER_FLEET_COMMAND_H

#include "base/err.h"
#include "base/str.h"
#include "model/plan.h"

/* Words that bench-rank puts behind those of its command line, as base/word_pack has them. */
#define FLEET_ARGS_VARIABLE "BENCH_RANK_ARGS"

struct fleet_command {
    struct str_list launch, rank, load; /* mpirun, then bench-rank, then what the hosts are told */
    char *variable; /* NAME=value, with what they are told: any user can read a command line, and
                       one of the words is a secret. NULL: there is none */
};

int fleet_command_make(const struct plan *plan, const struct str_list *urls,
                       struct fleet_command *out, struct err *err);
/* Without starting anything: the programs are there, and mpirun will not refuse this user. */
int fleet_command_check(struct err *err);
/* The words of its command line, and a NULL; the array is the caller's, the words are not. */
char **fleet_command_argv(const struct fleet_command *c);
/* The same for one that only finds out whether each host has bench-rank. */
char **fleet_command_check_argv(const struct fleet_command *c);
void fleet_command_fini(struct fleet_command *c);

#endif
