/* session_check: whether the figures of a session that was read agree with each other.
 *
 * Shape   of each side its own counts and costs; of each block its coin, its padding, its length
 *         and its place in time; of the session what was redone. Only what holds for every session
 *         that bench has written, also of one that is not finished.
 * Owner   nothing is kept.
 * Errors  kind USAGE, naming the block, the key and what it contradicts.
 */
#ifndef STORE_SESSION_CHECK_H
#define STORE_SESSION_CHECK_H

#include "base/err.h"
#include "model/session.h"

int session_check(const struct session *s, struct err *err);

#endif
