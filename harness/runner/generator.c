#include "runner/generator.h"

#include <stdlib.h>

#include "base/mem.h"
#include "runner/fleet.h"

struct generator {
    const struct aim *aim;
    struct start *start;
    struct load *load; /* one of the two */
    struct fleet *fleet;
    struct str_list urls; /* of the fleet */
};

static int start_load(struct generator *g, const struct generator_spec *spec, struct err *err)
{
    struct load_spec load;
    if (aim_load(spec->aim, spec->plan, &load, err) < 0 ||
        start_time(spec->start, &load.start_at_ns, err) < 0)
        return -1;
    g->load = load_start(spec->loop, &load, &spec->events, err);
    return g->load == NULL ? -1 : 0;
}

/* The URLs as they were given may have a name and a password, which the hosts need. */
static int start_fleet(struct generator *g, const struct generator_spec *spec, struct err *err)
{
    const struct plan *plan = spec->plan;
    str_list_add(&g->urls, plan->url != NULL ? plan->url : spec->aim->url.text);
    for (size_t i = 0; i < plan->more_urls.count; i++)
        str_list_add(&g->urls, plan->more_urls.items[i]);
    g->fleet = fleet_start(&(struct fleet_spec){.loop = spec->loop,
                                                .plan = plan,
                                                .urls = &g->urls,
                                                .silence_ns = FLEET_SILENCE_NS,
                                                .events = spec->events},
                           err);
    return g->fleet == NULL ? -1 : 0;
}

struct generator *generator_start(const struct generator_spec *spec, struct err *err)
{
    struct generator *g = mem_zalloc(sizeof *g);
    g->aim = spec->aim;
    g->start = spec->start;
    int failed =
        plan_is_elsewhere(spec->plan) ? start_fleet(g, spec, err) : start_load(g, spec, err);
    if (failed == 0)
        return g;
    generator_free(g);
    return NULL;
}

void generator_open_at(struct generator *g, int64_t at_ns)
{
    load_open_at(g->load, at_ns);
}

void generator_stop(struct generator *g)
{
    if (g->fleet != NULL)
        fleet_stop(g->fleet);
    else
        load_stop(g->load);
}

bool generator_measured(const struct generator *g, struct err *err)
{
    return g->fleet != NULL ? fleet_measured(g->fleet, err) : load_measured(g->load);
}

static void collect_load(const struct generator *g, struct result *r)
{
    r->address = aim_addresses(g->aim);
    load_collect(g->load, r);
    start_collect(g->start, load_window_ns(g->load), r);
    bool none_to_send = r->accounting.sent == 0 && r->accounting.unbound > 0;
    if (load_gave_up(g->load) && !none_to_send)
        result_warn(r, "gave-up",
                    "responses stopped arriving, so the run ended before all requests were sent",
                    "check the server; -d limits the duration of a run");
}

void generator_collect(struct generator *g, struct result *r)
{
    r->url = aim_urls(g->aim);
    if (g->fleet != NULL)
        fleet_collect(g->fleet, r);
    else
        collect_load(g, r);
}

void generator_free(struct generator *g)
{
    if (g == NULL)
        return;
    load_free(g->load);
    fleet_free(g->fleet);
    str_list_fini(&g->urls);
    free(g);
}
