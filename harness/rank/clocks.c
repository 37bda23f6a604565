#include "rank/clocks.h"

#include <math.h>

void offset_add(struct offset *o, int64_t sent_ns, int64_t then_ns, int64_t back_ns)
{
    int64_t round_trip_ns = back_ns - sent_ns;
    o->pings++;
    if (o->round_trip_ns >= 0 && o->round_trip_ns <= round_trip_ns)
        return;
    o->round_trip_ns = round_trip_ns;
    o->at_ns = sent_ns + round_trip_ns / 2;
    o->ahead_ns = then_ns - o->at_ns;
}

double offset_error_us(const struct offset *before, const struct offset *after, int64_t at_ns)
{
    if (before->round_trip_ns < 0)
        return NAN;
    double error_ns = (double)before->round_trip_ns / 2;
    if (after->round_trip_ns >= 0 && after->at_ns > before->at_ns && at_ns > before->at_ns) {
        double drift = fabs((double)(after->ahead_ns - before->ahead_ns)) /
                       (double)(after->at_ns - before->at_ns);
        error_ns += drift * (double)(at_ns - before->at_ns);
    }
    return error_ns / 1e3;
}
