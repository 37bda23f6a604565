/* named_request: what became of the requests that have one name, in a run that sends several.
 *
 * Shape   plain data, a part of a result. Names are those of the request list; a run with several
 *         URLs and no list has one for each URL. Sums over all names are those of the run's
 *         accounting; what was due and never sent (open loop) has no name.
 * Units   nanoseconds, counts.
 * Owner   a named request owns its texts and histograms; named_requests_free frees them.
 */
#ifndef MODEL_NAMED_REQUEST_H
#define MODEL_NAMED_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "stat/hist.h"

/* More names than REQUEST_NAMES_MAX are counted under this one, which is the last. */
#define NAMED_REQUEST_OTHERS "others"

/* Each request that is in a histogram is in a count, too.
 * sent = completed + timed_out + failed + those that are in flight at the end. */
struct named_counts {
    int64_t sent;
    int64_t completed;
    int64_t non_2xx;    /* of the completed */
    int64_t mismatches; /* of the completed */
    int64_t unbound;    /* not sent: a value of it was missing */
    int64_t timed_out;
    int64_t failed;       /* all kinds of loss */
    struct hist *latency; /* as those of a result */
    struct hist *unfinished;
};

struct named_request {
    char *name;
    char *method, *path; /* of the first request with this name; NULL: others */
    struct named_counts counts;
};

void named_counts_init(struct named_counts *c);
void named_counts_fini(struct named_counts *c);
void named_counts_reset(struct named_counts *c);
void named_counts_add(struct named_counts *sum, const struct named_counts *part);
int64_t named_counts_in_flight(const struct named_counts *c);

/* Copies; NULL may be given for others. */
void named_request_init(struct named_request *n, const char *name, const char *method,
                        const char *path);
void named_requests_free(struct named_request *items, size_t count);
/* By name; NULL: there is none. */
const struct named_request *named_requests_find(const struct named_request *items, size_t count,
                                                const char *name, size_t len);

#endif
