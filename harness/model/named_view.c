#include "model/named_view.h"

void named_view(const struct named_request *n, const struct result *r, struct result *view)
{
    const struct named_counts *c = &n->counts;
    *view = (struct result){.duration_s = r->duration_s,
                            .valid = r->valid,
                            .interrupted = r->interrupted,
                            .latency = c->latency,
                            .unfinished = c->unfinished,
                            .machine = {.is_disturbed = r->machine.is_disturbed},
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
}
