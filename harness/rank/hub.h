/* hub: rank 0's part: it starts all members together, follows them, and gives the result.
 *
 * Shape   hub_new, then hub_take for each letter and hub_tick every few milliseconds, until
 *         hub_is_over. All hosts must do the same plan with the same version; each connects and
 *         warms up; their clocks are compared; then all get the time at which the window opens.
 *         A host that is silent for MEMBER_SILENCE_NS, or whose generator died, is lost: all stop,
 *         and the result is that of the time when all lived; or the others continue without it.
 *         With `stream` stdout gets bench.fleet/1 and bench.second/1 lines and the result; without
 *         it the report of `bench merge`.
 * Units   nanoseconds of CLOCK_MONOTONIC of rank 0.
 * Owner   hub_new gives it to the caller; it borrows the mail, the arguments and the path.
 * Errors  what nothing was measured for is told on stderr, or as the event "failed".
 */
#ifndef RANK_HUB_H
#define RANK_HUB_H

#include <stdbool.h>
#include <stdint.h>

#include "rank/arguments.h"
#include "rank/mail.h"
#include "rank/program.h"

struct hub;

struct hub *hub_new(struct mail *mail, const struct arguments *arguments, const char *bench);
void hub_free(struct hub *h); /* NULL is fine */
void hub_take(struct hub *h, const struct letter *letter, int64_t now_ns);
void hub_tick(struct hub *h, int64_t now_ns);
/* The user wants it to end: `signal` is the number. */
void hub_interrupt(struct hub *h, int signal);
/* This process did not run for so long: nobody is to blame for the silence. */
void hub_forgive(struct hub *h, int64_t gap_ns);
/* It waits for a pong. */
bool hub_is_pinging(const struct hub *h);
bool hub_is_over(const struct hub *h);
/* The exit code, once it is over. */
int hub_code(const struct hub *h);
/* mpirun ends its ranks, and does not listen to them any more. */
bool hub_hurries(const struct hub *h);
/* A rank does not answer, so MPI cannot say goodbye to all of them. */
bool hub_has_mute(const struct hub *h);

#endif
