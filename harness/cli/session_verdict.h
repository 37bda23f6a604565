/* session_verdict: the verdict of a session, printed, and its exit code.
 *
 * Shape   derived from what the document of the session says, so that a stored one gives the same,
 *         byte for byte.
 * Errors  kind USAGE: what cannot be written.
 */
#ifndef CLI_SESSION_VERDICT_H
#define CLI_SESSION_VERDICT_H

#include "cli/check_live.h"
#include "model/session.h"

/* `file` is where the session is stored; NULL: nowhere. Returns the exit code, or -1. */
int session_verdict_print(const struct session *s, const char *file,
                          const struct check_live_gates *gates, struct err *err);

#endif
