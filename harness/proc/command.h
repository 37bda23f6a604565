/* command: the command line of a user's own server.
 *
 * Shape   the shell runs it: {"/bin/sh", "-c", TEXT}. Every {port} in it is replaced, and PORT=N is
 *         in its environment.
 * Owner   command_init fills the caller's storage; command_fini frees what it holds.
 * Errors  proc_free_port: kind USAGE.
 */
#ifndef PROC_COMMAND_H
#define PROC_COMMAND_H

#include "base/err.h"

struct command {
    char *argv[4];
    const char *env[2]; /* for struct child_spec */
    char *port_variable;
};

void command_init(struct command *c, const char *text, int port);
void command_fini(struct command *c);

/* A loopback port that was free a moment ago. */
int proc_free_port(int *out_port, struct err *err);

#endif
