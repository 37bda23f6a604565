#include "runner/generator.h"

#include <stdlib.h>

#include "base/mem.h"

struct generator {
    const struct aim *aim;
    struct load *load;
};

bool generator_is_elsewhere(const struct plan *plan)
{
    (void)plan;
    return false;
}

struct generator *generator_start(const struct generator_spec *spec, struct err *err)
{
    struct load_spec load;
    if (aim_load(spec->aim, spec->plan, &load, err) < 0)
        return NULL;
    struct generator *g = mem_zalloc(sizeof *g);
    g->aim = spec->aim;
    g->load = load_start(spec->loop, &load, &spec->events, err);
    if (g->load != NULL)
        return g;
    free(g);
    return NULL;
}

void generator_stop(struct generator *g)
{
    load_stop(g->load);
}

bool generator_measured(const struct generator *g, struct err *err)
{
    (void)err;
    return load_measured(g->load);
}

void generator_collect(struct generator *g, struct result *r)
{
    r->url = aim_urls(g->aim);
    r->address = aim_addresses(g->aim);
    load_collect(g->load, r);
    if (load_gave_up(g->load))
        result_warn(r, "gave-up",
                    "responses stopped arriving, so the run ended before all requests were sent",
                    "check the server; -d limits the duration of a run");
}

void generator_free(struct generator *g)
{
    if (g == NULL)
        return;
    load_free(g->load);
    free(g);
}
