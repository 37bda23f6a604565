/* target_env: the variables that a target is given on top of the environment of bench.
 *
 * Owner   caller's storage from target_env_init to target_env_fini; `variables` is for struct
 *         child_spec, and texts that are added are borrowed.
 * Errors  none.
 */
#ifndef RUNNER_TARGET_ENV_H
#define RUNNER_TARGET_ENV_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define TARGET_ENV_MAX 3

struct target_env {
    const char *variables[TARGET_ENV_MAX + 1]; /* "NAME=value", NULL-terminated */
    size_t count;
    char *broker, *padding; /* NULL: none */
};

/* padding_bytes: a variable of so many bytes, which no program reads: where a stack lies changes
 * the speed of the same program by more than what is to be found. 0: none. */
void target_env_init(struct target_env *e, int64_t padding_bytes);
void target_env_fini(struct target_env *e);
void target_env_add(struct target_env *e, const char *variable);
/* Copies the words to argv, which has room for them and a NULL; without --broker when that is an
 * address of Redis, which may hold a password: any user can read a command line. It becomes a
 * variable. */
void target_env_take_broker(struct target_env *e, const struct str_list *words, char **argv);

#endif
