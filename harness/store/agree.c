#include "store/agree.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "store/fields.h"

#define ROUNDING 1e-6

bool agree_figure(double said, double derived, double scale)
{
    if (isnan(said) || isnan(derived))
        return isnan(said) && isnan(derived);
    return fabs(said - derived) <= ROUNDING * fmax(fabs(derived), scale);
}

int agree_hist(const char *key, const struct hist *h, int64_t count, const char *what,
               struct err *err)
{
    char problem[160];
    uint64_t held = h == NULL ? 0 : hist_count(h) + hist_over(h);
    if (held == (uint64_t)count)
        return 0;
    (void)snprintf(problem, sizeof problem, "holds %" PRIu64 ", and %s is %" PRId64, held, what,
                   count);
    return field_problem("histograms", key, problem, err);
}

int agree_timed(const char *key, const struct hist *h, const struct result *r, struct err *err)
{
    return agree_hist(key, h, result_timed(r),
                      result_excludes_errors(r) ? "accounting.completed - non_2xx (-x)"
                                                : "accounting.completed",
                      err);
}

int agree_requests(const struct result *r, struct err *err)
{
    const struct accounting *a = &r->accounting;
    int64_t unfinished = a->timed_out + accounting_failed(a) + accounting_waiting(a);
    if (agree_timed("latency", r->latency, r, err) < 0)
        return -1;
    return agree_hist("unfinished", r->unfinished, unfinished,
                      a->unsent == MISSING
                          ? "accounting.timed_out + failed + in_flight_at_end"
                          : "accounting.timed_out + failed + in_flight_at_end + unsent",
                      err);
}

int agree_cpu(const char *where, double cpu_s, double per_request_us, int64_t replies,
              struct err *err)
{
    char problem[120];
    double derived_us = replies > 0 ? cpu_s * 1e6 / (double)replies : NAN;
    if (agree_figure(per_request_us, derived_us, 0))
        return 0;
    if (isnan(derived_us))
        return field_problem(where, "cpu_per_request_us", "is known, without CPU time or replies",
                             err);
    (void)snprintf(problem, sizeof problem,
                   "is not %.6g, as CPU time and accounting.completed + carried give", derived_us);
    return field_problem(where, "cpu_per_request_us", problem, err);
}
