#include "report/live/history.h"

#include <math.h>
#include <string.h>

static void push(double *numbers, double newest)
{
    memmove(numbers, numbers + 1, (SPARKLINE_MAX - 1) * sizeof *numbers);
    numbers[SPARKLINE_MAX - 1] = newest;
}

double history_rate(const struct history *h)
{
    if (h->seconds == 0 || !(h->last.length_s > 0))
        return NAN;
    return (double)h->last.requests / h->last.length_s;
}

size_t history_points(const struct history *h)
{
    return h->seconds < SPARKLINE_MAX ? h->seconds : SPARKLINE_MAX;
}

void history_init(struct history *h, const struct plan *plan)
{
    *h = (struct history){0};
    if (!plan_is_elsewhere(plan))
        return;
    h->shares = plan->hosts.slots;
    h->are_hosts = plan->hosts.slots == plan->hosts.count;
}

void history_add(struct history *h, const struct second *second)
{
    h->seconds++;
    h->last = *second;
    push(h->rates, history_rate(h));
    push(h->latencies, second->p99_ns == MISSING ? NAN : (double)second->p99_ns);
    h->completed += second->requests;
    h->errors += second->errors;
    h->non_2xx += second->non_2xx;
    faults_add(&h->faults, &second->faults);
    if (second->due != MISSING)
        h->waiting += second->due - second->sent;
}
