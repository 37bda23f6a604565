/* other_goal: bench report --goal: a sweep judged by another goal than that of its measurement.
 *
 * Errors  kind USAGE: a file that is no sweep, with what to do.
 */
#ifndef CLI_OTHER_GOAL_H
#define CLI_OTHER_GOAL_H

#include "base/err.h"
#include "store/stored.h"

/* NULL: none was given. */
int other_goal_check(const char *goal, const struct stored *s, struct err *err);

#endif
