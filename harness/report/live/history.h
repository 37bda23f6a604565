/* history: what the seconds of a load have said so far, as far as the live view shows it.
 *
 * Shape   sums since the load began, the last second, and two numbers of each second of the last
 *         minute. A slice of a session is a short second.
 * Units   in the names.
 * Owner   caller's storage; history_init.
 * Errors  none: it is data.
 */
#ifndef REPORT_LIVE_HISTORY_H
#define REPORT_LIVE_HISTORY_H

#include "model/plan.h"
#include "model/result.h"
#include "report/live/sparkline.h"

struct history {
    size_t seconds;                  /* so far; 0: nothing else is known */
    double rates[SPARKLINE_MAX];     /* responses per second; the last one is the newest */
    double latencies[SPARKLINE_MAX]; /* p99 in ns; NAN: nothing completed */
    struct second last;
    int64_t completed, errors, non_2xx;
    struct faults faults;
    int64_t waiting; /* of an open loop: due and not sent */
    int64_t shares;  /* that the plan has, on other hosts (--hosts); 0: the load is made here */
    bool are_hosts;  /* each of them is on a host of its own */
};

void history_init(struct history *h, const struct plan *plan);
void history_add(struct history *h, const struct second *second);
/* Per second, in the last one; NAN when it is not known. */
double history_rate(const struct history *h);
/* How many of the numbers are known. */
size_t history_points(const struct history *h);

#endif
