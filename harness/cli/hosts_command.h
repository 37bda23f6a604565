/* hosts_command: the command of --hosts, for a shell (--print-command).
 *
 * Shape   one line on stdout. Without --stream, so that bench-rank prints the report itself, and
 *         without secrets.
 * Owner   nothing is kept.
 * Errors  kind USAGE: a program that is missing, or stdout.
 */
#ifndef CLI_HOSTS_COMMAND_H
#define CLI_HOSTS_COMMAND_H

#include "base/err.h"
#include "model/plan.h"

int hosts_command_print(const struct plan *plan, struct err *err);

#endif
