#include "runner/trial_probe.h"

#include <stdlib.h>

#include "base/fds.h"
#include "base/mem.h"
#include "http/request.h"
#include "proc/host.h"

/* Descriptors other than connections and their loops: the guard's pipes, a folder, /proc, the
 * probe's own loop and timer. */
#define FDS_BESIDE 64

/* If the user's headers close connections, the probe closes its own, too. Its path was checked. */
static void build_request(struct trial_probe *p, const struct trial_probe_spec *spec)
{
    struct url url = spec->aim->url;
    struct str_list headers = {0};
    struct err err;
    url.userinfo = NULL;
    url.path = mem_strdup(spec->plan->probe_path);
    url.text = mem_printf("%s://%s%s", url.scheme, url.authority, url.path);
    if (request_closes(&spec->plan->headers))
        str_list_add(&headers, "Connection: close");
    const struct request_spec request = {
        .method = "GET", .url = &url, .proxy = aim_proxy(spec->aim), .headers = &headers};
    buf_init(&p->request, BUF_TEXT_MAX);
    (void)request_build(&request, &p->request, &err);
    str_list_fini(&headers);
    free(url.path);
    free(url.text);
}

/* How many connections the limit of open files leaves for the probe: at least 1; 0: no limit. */
static int64_t most_connections(const struct plan *plan)
{
    int64_t limit = host_fd_limit();
    int64_t left = limit - trial_probe_files_beside(plan);
    return limit == MISSING ? 0 : left > 1 ? left : 1;
}

void trial_probe_open(struct trial_probe *p, const struct trial_probe_spec *spec)
{
    const struct plan *plan = spec->plan;
    struct err err;
    if (!plan_probes(plan)) {
        spec->on_open(spec->ctx);
        return;
    }
    build_request(p, spec);
    const struct probe_spec probe = {.address = &spec->aim->endpoint.addresses[0],
                                     .tls = spec->aim->http1,
                                     .host = spec->aim->url.host,
                                     .tunnel = aim_tunnel(spec->aim),
                                     .path = plan->probe_path,
                                     .text = {.request = p->request.data,
                                              .request_len = p->request.len,
                                              .is_one_shot = request_closes(&plan->headers)},
                                     .rate_rps = (double)plan->probe_rate_rps,
                                     .timeout_ns = plan->timeout_ns,
                                     .most_connections = most_connections(plan)};
    p->probe = probe_open(spec->loop, &probe, spec->on_open, spec->ctx, &err);
    if (p->probe != NULL)
        return;
    result_warn(spec->result, "no-probe", err.text, NULL);
    spec->on_open(spec->ctx);
}

void trial_probe_begin(struct trial_probe *p)
{
    if (p->probe != NULL)
        probe_begin(p->probe);
}

void trial_probe_stop(struct trial_probe *p)
{
    if (p->probe != NULL)
        probe_stop(p->probe);
}

void trial_probe_collect(struct trial_probe *p, struct result *r)
{
    if (p->probe != NULL)
        probe_collect(p->probe, r);
}

void trial_probe_fini(struct trial_probe *p)
{
    probe_free(p->probe);
    buf_fini(&p->request);
}

int64_t trial_probe_files_beside(const struct plan *plan)
{
    int64_t of_worker = FDS_LOOP + (plan_is_open_loop(plan) ? 1 : 0); /* and the pacer's timer */
    return plan_own_most_connections(plan) + plan->workers * of_worker + FDS_BESIDE;
}

void trial_probe_raise_limit(const struct plan *plan)
{
    struct err err;
    int64_t most = probe_most_connections((double)plan->probe_rate_rps, plan->timeout_ns);
    if (plan_probes(plan))
        (void)fds_reserve(trial_probe_files_beside(plan) + most, NULL, &err);
}
