/* Figures of the requests that have one name. */
#include <string.h>

#include "model/metric_internal.h"

static bool is_named(const struct metric *m, const char *name)
{
    return strlen(name) == m->request_len && memcmp(name, m->name, m->request_len) == 0;
}

/* The names of several URLs are known once these are read. */
bool metric_plans_request(const struct metric *m, const struct plan *plan)
{
    if (plan->requests.count == 0)
        return plan->more_urls.count > 0;
    for (size_t i = 0; i < plan->requests.count; i++) {
        if (is_named(m, plan->requests.items[i].name))
            return true;
    }
    return plan->requests.count > REQUEST_NAMES_MAX && is_named(m, NAMED_REQUEST_OTHERS);
}

/* A run in which there were only these requests: what is not counted by name is missing in it. */
bool metric_view(const struct metric *m, const struct result *r, struct result *view)
{
    const struct named_request *n =
        m->request_len == 0 ? NULL
                            : named_requests_find(r->named, r->nnamed, m->name, m->request_len);
    if (n == NULL)
        return false;
    const struct named_counts *c = &n->counts;
    *view = (struct result){.duration_s = r->duration_s,
                            .latency = c->latency,
                            .unfinished = c->unfinished,
                            .accounting = {.sent = c->sent,
                                           .completed = c->completed,
                                           .non_2xx = c->non_2xx,
                                           .mismatches = c->mismatches,
                                           .unbound = c->unbound,
                                           .timed_out = c->timed_out,
                                           .failed = {[LOSS_DROPPED] = c->failed},
                                           .in_flight_at_end = named_counts_in_flight(c),
                                           .due = MISSING,
                                           .unsent = MISSING,
                                           .held = MISSING}};
    return true;
}
