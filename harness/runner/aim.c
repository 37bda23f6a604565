#include "runner/aim.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "http/request.h"

void aim_init(struct aim *a)
{
    *a = (struct aim){0};
    buf_init(&a->request, BUF_TEXT_MAX);
}

void aim_fini(struct aim *a)
{
    url_fini(&a->url);
    buf_fini(&a->request);
}

int aim_at_url(struct aim *a, const struct plan *plan, struct err *err)
{
    return url_parse(plan->url, &a->url, err);
}

int aim_at_target(struct aim *a, const struct plan *plan, const char *host, int port,
                  struct err *err)
{
    char *text = mem_printf(strchr(host, ':') == NULL ? "http://%s:%d%s" : "http://[%s]:%d%s", host,
                            port, plan_path(plan));
    int failed = url_parse(text, &a->url, err);
    free(text);
    return failed;
}

int aim_find(struct aim *a, const struct plan *plan, struct err *err)
{
    if (plan->socket_path != NULL)
        return endpoint_find_path(plan->socket_path, plan->timeout_ns, &a->endpoint, err);
    return endpoint_find(&a->url, plan->timeout_ns, &a->endpoint, err);
}

static void fill_spec(const struct aim *a, const struct plan *plan, struct load_spec *spec)
{
    bool head = strcmp(plan->method, "HEAD") == 0;
    *spec = (struct load_spec){
        .address = a->endpoint.address,
        .text = {.request = a->request.data,
                 .request_len = a->request.len,
                 .is_one_shot = request_closes(&plan->headers),
                 .to = head ? RESPONSE_TO_HEAD : RESPONSE_TO_ANY,
                 .expected_body = plan->expected_body,
                 .expected_len = plan->expected_body == NULL ? 0 : strlen(plan->expected_body)},
        .schedule = plan_is_open_loop(plan) ? &a->rate.run : NULL,
        .warmup_schedule = &a->rate.warmup,
        .from_sending = plan->service_latency,
        .may_spin = rate_may_spin(plan, &a->endpoint.address),
        .connections = (int)plan->connections,
        .max_connections = (int)plan->max_connections,
        .pipelining = (int)plan->pipelining,
        .workers = (int)plan->workers,
        .duration_ns = plan->duration_ns,
        .amount = plan->amount,
        .timeout_ns = plan->timeout_ns,
        .warmup_ns = plan->warmup_ns,
        .warmup_connections = (int)plan->warmup_connections,
        .seed = (uint64_t)plan->seed,
    };
}

int aim_load(struct aim *a, const struct plan *plan, struct load_spec *spec, struct err *err)
{
    const struct request_spec request = {.method = plan->method,
                                         .url = &a->url,
                                         .headers = &plan->headers,
                                         .raw_headers = plan->raw_headers,
                                         .body = plan->body,
                                         .body_len = plan->body_len};
    if (request_build(&request, &a->request, err) < 0)
        return -1;
    log_debug("loading %s at %s", a->url.text, a->endpoint.text);
    if (plan_is_open_loop(plan))
        rate_make(&a->rate, plan);
    fill_spec(a, plan, spec);
    return 0;
}
