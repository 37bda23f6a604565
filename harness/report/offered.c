#include "report/offered.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/text.h"

char *offered_rate(double rps, char *text, size_t size)
{
    char number[32];
    if (rps == floor(rps))
        (void)snprintf(text, size, "%s/s", text_grouped((int64_t)rps, number, sizeof number));
    else
        (void)snprintf(text, size, "%.4g/s", rps);
    return text;
}

static void open_list(struct buf *list, const struct result *r)
{
    const struct offered_load *o = &r->offered;
    char rate[32];
    char number[32];
    if (o->stages != NULL)
        text_list(list, "open loop, stages %s", o->stages);
    else
        text_list(list, "open loop, %s", offered_rate(o->rate_rps, rate, sizeof rate));
    if (o->arrivals != NULL && strcmp(o->arrivals, "constant") != 0)
        text_list(list, "%s arrivals", o->arrivals);
    if (o->max_connections != MISSING)
        text_list(list, "%s%s connection%s", o->max_connections == r->connections ? "" : "up to ",
                  text_grouped(o->max_connections, number, sizeof number),
                  o->max_connections == 1 ? "" : "s");
}

static bool is_new_host(const struct merged *m, size_t i)
{
    const char *host = m->parts[i].share.host;
    for (size_t k = 0; k < i; k++) {
        if (host != NULL && m->parts[k].share.host != NULL &&
            strcmp(host, m->parts[k].share.host) == 0)
            return false;
    }
    return true;
}

/* "3 hosts", "4 shares on 2 hosts" */
static void hosts_list(struct buf *list, const struct merged *m)
{
    size_t hosts = 0;
    for (size_t i = 0; i < m->nparts; i++)
        hosts += is_new_host(m, i);
    if (hosts < m->nparts)
        text_list(list, "%zu shares on %zu host%s", m->nparts, hosts, hosts == 1 ? "" : "s");
    else
        text_list(list, "%zu host%s", hosts, hosts == 1 ? "" : "s");
}

void offered_list(struct buf *list, const struct result *r)
{
    if (result_is_open_loop(r))
        open_list(list, r);
    else
        text_list(list, "closed loop, %" PRId64 " connection%s", r->connections,
                  r->connections == 1 ? "" : "s");
    if (r->merged != NULL)
        hosts_list(list, r->merged);
}
