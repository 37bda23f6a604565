/* probed_result: a run whose probes met everything that a probe can meet.
 *
 * Owner   the caller frees the result.
 */
#ifndef TESTS_PROBED_RESULT_H
#define TESTS_PROBED_RESULT_H

#include "model/result.h"

/* Of 200 probes of /healthz: 100 took 1 ms on open connections, 20 took 40 ms on new ones, 70 got a
 * 500 and 4 a 302, 3 were lost, 2 timed out after 1 s, and 1 was open for 200 ms at the end. */
void probed_result(struct result *r);

#endif
