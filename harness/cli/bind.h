/* bind: the address that a server which bench starts listens on.
 *
 * Shape   by default it listens on loopback, where only this machine reaches it. Any other address
 *         is asked for by name (--bind), and said on stderr.
 * Owner   nothing is kept.
 * Errors  kind USAGE: one sentence with the remedy.
 */
#ifndef CLI_BIND_H
#define CLI_BIND_H

#include "model/plan.h"
#include "runner/arm.h"

int bind_check(const struct plan *plan, struct err *err);
/* --bind with a URL. */
int bind_refuse_url(struct err *err);
/* Warns when other machines will reach the server. */
void bind_say(const struct plan *plan);
void bind_say_arms(const struct arms *arms); /* once for all of them */

#endif
