/* server_cpu: processor time of a server in the window.
 *
 * Shape   user and system together, of one process or of all that have one role.
 * Units   seconds.
 * Owner   nothing is kept.
 * Errors  NAN when it was not measured, or when no process has the role.
 */
#ifndef MODEL_SERVER_CPU_H
#define MODEL_SERVER_CPU_H

#include "model/result.h"

double process_cpu_s(const struct process_cost *c);
double server_cpu_s(const struct result *r, const char *role); /* "target", "compute", "worker" */

#endif
