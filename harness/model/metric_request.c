/* Figures of the requests that have one name. */
#include <string.h>

#include "model/metric_internal.h"

bool metric_plans_request(const struct metric *m, const struct plan *plan)
{
    for (size_t i = 0; i < plan->requests.count; i++) {
        const char *name = plan->requests.items[i].name;
        if (strlen(name) == m->request_len && memcmp(name, m->name, m->request_len) == 0)
            return true;
    }
    return false;
}

/* A run in which there were only these requests: what is not counted by name is missing in it. */
bool metric_view(const struct metric *m, const struct result *r, struct result *view)
{
    const struct named_request *n =
        named_requests_find(r->named, r->nnamed, m->name, m->request_len);
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
