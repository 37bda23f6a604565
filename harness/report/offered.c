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

void offered_list(struct buf *list, const struct result *r)
{
    if (result_is_open_loop(r))
        open_list(list, r);
    else
        text_list(list, "closed loop, %" PRId64 " connection%s", r->connections,
                  r->connections == 1 ? "" : "s");
}
