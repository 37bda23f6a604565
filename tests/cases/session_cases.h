/* session_cases: known sessions, for units, golden outputs and schemas.
 *
 * Shape   "fail": a server that uses 9 % more processor time, in 6 blocks. "pass": 10 blocks of two
 *         equal ones. "noisy": 10 blocks that decide little. "open": interrupted after 7 of 24, two
 *         of them redone. "died": a server that ends in each block. "urls": two that bench did not
 *         start. "control": with a copy of the reference, which differs from it. "trials": one arm
 *         after the other. "early": 3 blocks, and out of time. "strange": texts that no report may
 *         take for its own. "nothing": no block.
 * Owner   the caller ends it with session_fini.
 * Errors  -1 for an unknown name.
 */
#ifndef TESTS_CASES_SESSION_CASES_H
#define TESTS_CASES_SESSION_CASES_H

#include "model/session.h"

extern const char *const session_case_names[]; /* ends with NULL */
int session_case(const char *name, struct session *out);

#endif
