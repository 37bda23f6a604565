/* lateness: how late the requests of an open loop were sent, and whose fault that was.
 *
 * Shape   a pure function of a result, measured or read from a file. A request is late when it is
 *         sent more than max(1 ms, 5 % of the p50) after it was due. That is the generator's fault
 *         when bench itself saw that late that it was due, or when it was sent late although a
 *         connection had room; else there was no connection for it.
 * Units   nanoseconds; shares as fractions.
 * Errors  none. In a closed loop no request is due, and all figures are NAN or 0.
 * Source  docs/measurement.md, "The verdict on itself".
 */
#ifndef MODEL_LATENESS_H
#define MODEL_LATENESS_H

#include "model/result.h"

#define LATENESS_MOST  0.01 /* share of the requests that may be late */
#define LATENESS_LEAST 3    /* requests: fewer are an accident */

struct lateness {
    int64_t limit_ns;     /* MISSING: a closed loop, or nothing was due */
    double due;           /* requests */
    double own;           /* those that were late by the generator's fault */
    double no_connection; /* those that were late for want of a connection */
    double held;          /* all that had to wait for a connection, however shortly */
    bool is_own;          /* too many of the first, or of the second */
    bool is_no_connection;
};

struct lateness lateness_of(const struct result *r);

/* By how much the generator itself raised the p99 of the latency: what the p99 is above that of the
 * service times, and no more than the p99 of the generator's own delay. It is a bound: the delay of
 * a request may have been hidden by the wait for a connection. NAN when it is not known. */
double lateness_own_p99_ns(const struct result *r);

#endif
