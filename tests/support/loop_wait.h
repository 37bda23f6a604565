/* loop_wait: runs a loop until something is true, for at most 30 s.
 *
 * Errors  if it is not true by then, the test fails.
 */
#ifndef TESTS_LOOP_WAIT_H
#define TESTS_LOOP_WAIT_H

#include <stdbool.h>
#include <uv.h>

#include "base/clock.h"

#define LOOP_WAIT_S  30
#define LOOP_WAIT_NS (LOOP_WAIT_S * NS_PER_S)

void loop_wait(uv_loop_t *loop, const bool *what);
/* Nothing is left to do but closing: turns the loop to its end and closes it. */
void loop_end(uv_loop_t *loop);

#endif
