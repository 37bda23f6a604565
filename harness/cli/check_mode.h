/* check_mode: bench check does four things, and not every option says something in each.
 *
 * Shape   an option that would be ignored is refused, with the reason.
 * Errors  kind USAGE.
 */
#ifndef CLI_CHECK_MODE_H
#define CLI_CHECK_MODE_H

#include "base/err.h"
#include "base/opt.h"

enum check_mode {
    CHECK_RESULTS,   /* judges stored results */
    CHECK_SESSION,   /* repeats the verdict of a stored session */
    CHECK_LIVE,      /* measures a session */
    CHECK_CONTINUED, /* goes on with a stored one */
    CHECK_MODE_COUNT
};
/* Refuses the options of a measurement, before it is known what the files are. */
int check_mode_not_live(const struct opt_given *given, struct err *err);
int check_mode_refuse(enum check_mode mode, const struct opt_given *given, struct err *err);

#endif
