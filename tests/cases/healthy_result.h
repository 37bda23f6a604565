/* healthy_result: a run to spoil.
 *
 * Shape   ten connections for ten seconds on four idle cores, a thousand replies: it deserves no
 *         warning.
 * Owner   the caller ends it with result_fini.
 */
#ifndef TESTS_CASES_HEALTHY_RESULT_H
#define TESTS_CASES_HEALTHY_RESULT_H

#include "model/result.h"

void healthy_result(struct result *r);

#endif
