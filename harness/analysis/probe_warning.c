#include "analysis/probe_warning.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/mem.h"

/* The most frequent non-2xx status; 0 when there is none. */
static int worst_status(const struct probe_counts *c)
{
    int worst = 0;
    for (int status = 1; status < (int)LEN(c->statuses); status++) {
        if (c->statuses[status] > c->statuses[worst])
            worst = status;
    }
    return worst;
}

static const char *remedy(int status)
{
    if (status == 0)
        return "check the server: it refused or closed connections of the probe, or did not answer "
               "in HTTP";
    if (status == 401 || status == 403)
        return "choose a path for --probe that needs no credentials: the headers of -H are not "
               "sent with it";
    if (status / 100 == 3 && status != 304)
        return "bench does not follow redirects: give --probe the final path";
    return status == 404 ? "check the path of --probe" : "check the server's log for that path";
}

void probe_warning_add(struct result *r)
{
    const struct probe_counts *c = &r->probe_counts;
    int worst = worst_status(c);
    char mostly[32] = "";
    char text[240];
    if (!r->has_probe || !probe_fails(&c->all))
        return;
    if (worst != 0)
        (void)snprintf(mostly, sizeof mostly, ", mostly %03d", worst);
    (void)snprintf(text, sizeof text,
                   "%" PRId64 " of %" PRId64 " probes failed%s: they are in no latency",
                   probe_fate_failed(&c->all), c->all.due, mostly);
    result_warn(r, "probe-failed", text, remedy(worst));
}
