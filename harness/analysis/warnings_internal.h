/* warnings_internal: what the files that write warnings share.
 *
 * Shape   each adds the warnings of its subject to the result.
 */
#ifndef ANALYSIS_WARNINGS_INTERNAL_H
#define ANALYSIS_WARNINGS_INTERNAL_H

#include "model/result.h"

__attribute__((format(printf, 4, 5))) void warn(struct result *r, const char *code,
                                                const char *remedy, const char *format, ...);

/* Without any connection; clears `valid`. */
void warnings_nothing_connected(struct result *r);
/* Of bench itself: its threads, and how it kept to the times of an open loop. */
void warnings_client(struct result *r);
/* Of the hosts of a merged result; clears `valid` for one that did not do its share. */
void warnings_merged(struct result *r);
/* Of the course of the run, and the shape of its latencies. */
void warnings_warm_up(struct result *r);
void warnings_steps(struct result *r);
/* Failed connects, lost requests, and a server that went away. */
void warnings_losses(struct result *r);
/* Of replies that were not as expected. */
void warnings_mismatches(struct result *r);
/* Of requests that were not sent because a value was missing. */
void warnings_unbound(struct result *r);
/* Of the machine that the server ran on; sets machine.is_disturbed. */
void warnings_machine(struct result *r);
/* Of what the connections spoke. */
void warnings_protocol(struct result *r);

#endif
