/* warnings_internal: what the files that write warnings share.
 *
 * Shape   each adds the warnings of its subject to the result.
 */
#ifndef ANALYSIS_WARNINGS_INTERNAL_H
#define ANALYSIS_WARNINGS_INTERNAL_H

#include "model/result.h"

__attribute__((format(printf, 4, 5))) void warn(struct result *r, const char *code,
                                                const char *remedy, const char *format, ...);

/* Failed connects, lost requests, and a server that went away. */
void warnings_losses(struct result *r);

#endif
