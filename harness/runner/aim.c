#include "runner/aim.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "http/request.h"
#include "tls/tls.h"

#define LEAN_CONNECTIONS 500 /* from here on memory counts for more than instructions */

void aim_init(struct aim *a)
{
    *a = (struct aim){0};
    buf_init(&a->request, BUF_TEXT_MAX);
    buf_init(&a->tunnel, BUF_TEXT_MAX);
}

void aim_fini(struct aim *a)
{
    if (a->http1 != a->client)
        tls_client_free(a->http1);
    tls_client_free(a->client);
    str_list_fini(&a->own_ca);
    url_fini(&a->url);
    url_fini(&a->proxy);
    buf_fini(&a->tunnel);
    lists_fini(&a->lists);
    buf_fini(&a->request);
    expected_fini(&a->expected);
}

int aim_at_url(struct aim *a, const struct plan *plan, struct err *err)
{
    return url_parse(plan->url, &a->url, err);
}

int aim_at_target(struct aim *a, const struct plan *plan, const struct aim_target *target,
                  struct err *err)
{
    bool is_ipv6 = strchr(target->host, ':') != NULL;
    char *text = mem_printf("%s://%s%s%s:%d%s", plan_scheme(plan), is_ipv6 ? "[" : "", target->host,
                            is_ipv6 ? "]" : "", target->port, plan_path(plan));
    int failed = url_parse(text, &a->url, err);
    free(text);
    if (target->ca_file != NULL)
        str_list_add(&a->own_ca, target->ca_file);
    return failed;
}

/* --- TLS --- */

static int make_clients(struct aim *a, const struct plan *plan, struct err *err)
{
    a->tls = plan->tls;
    a->tls.lean = plan_most_connections(plan) >= LEAN_CONNECTIONS;
    if (a->own_ca.count > 0)
        a->tls.ca_files = a->own_ca;
    a->http1_tls = a->tls;
    a->tls.rules.alpn = plan->http2 ? "h2" : "http/1.1";
    a->http1_tls.rules.alpn = "http/1.1";
    a->client = tls_client_new(&a->tls, err);
    a->http1 = a->client;
    if (a->client != NULL && plan->http2 && plan->probe_path != NULL)
        a->http1 = tls_client_new(&a->http1_tls, err);
    return a->http1 == NULL ? -1 : 0;
}

static int find_tls(struct aim *a, const struct plan *plan, struct err *err)
{
    if (strcmp(a->url.scheme, "https") != 0)
        return 0;
    if (make_clients(a, plan, err) < 0)
        return -1;
    struct endpoint_tls with = {.context = tls_client_context(a->client, a->url.host, err),
                                .alpn = plan->http2 ? "h2" : NULL,
                                .has_certificate = plan->tls.cert_file != NULL,
                                .tunnel = aim_tunnel(a),
                                .timeout_ns = plan->timeout_ns};
    int failed = with.context == NULL ? -1 : endpoint_try_tls(&a->endpoint, &with, err);
    tls_context_free(with.context);
    return failed;
}

/* A proxy takes requests of HTTP/1.1 itself, as whole URLs, and all else through a tunnel. */
static int find_proxy(struct aim *a, const struct plan *plan, struct err *err)
{
    if (url_parse(plan->proxy, &a->proxy, err) < 0)
        return err_wrap(err, "--proxy");
    if (plan->http2 || strcmp(a->url.scheme, "https") == 0)
        request_build_connect(&a->url, &a->proxy, &a->tunnel);
    if (endpoint_find(&a->proxy, plan->timeout_ns, &a->endpoint, err) < 0)
        return err_wrap(err, "--proxy");
    return 0;
}

static int find_endpoint(struct aim *a, const struct plan *plan, struct err *err)
{
    if (plan->socket_path != NULL)
        return endpoint_find_path(plan->socket_path, plan->timeout_ns, &a->endpoint, err);
    if (plan->proxy != NULL)
        return find_proxy(a, plan, err);
    return endpoint_find(&a->url, plan->timeout_ns, &a->endpoint, err);
}

int aim_find(struct aim *a, const struct plan *plan, struct err *err)
{
    return find_endpoint(a, plan, err) < 0 ? -1 : find_tls(a, plan, err);
}

char *aim_tunnel(const struct aim *a)
{
    return a->tunnel.len > 0 ? a->tunnel.data : NULL;
}

const struct url *aim_proxy(const struct aim *a)
{
    return a->proxy.host != NULL && a->tunnel.len == 0 ? &a->proxy : NULL;
}

/* --- the load --- */

static void fill_spec(const struct aim *a, const struct plan *plan, struct load_spec *spec)
{
    bool head = strcmp(plan->method, "HEAD") == 0;
    *spec = (struct load_spec){
        .address = a->endpoint.address,
        .tls = a->client,
        .host = a->url.host,
        .tunnel = aim_tunnel(a),
        .http2 = plan->http2,
        .text = {.request = a->request.data,
                 .request_len = a->request.len,
                 .is_one_shot = request_closes(&plan->headers),
                 .to = head ? RESPONSE_TO_HEAD : RESPONSE_TO_ANY,
                 .rule = a->expected.rule},
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
    if (a->lists.count > 0)
        lists_fill(&a->lists, spec);
}

static int make_request(struct aim *a, const struct plan *plan, struct err *err)
{
    const struct request_spec request = {.method = plan->method,
                                         .url = &a->url,
                                         .proxy = aim_proxy(a),
                                         .headers = &plan->headers,
                                         .raw_headers = plan->raw_headers,
                                         .body = plan->body,
                                         .body_len = plan->body_len};
    if (expected_make(&a->expected, plan, err) < 0)
        return -1;
    if (lists_are_needed(plan, 1))
        return lists_make(&a->lists, plan,
                          &(struct lists_to){&a->url, 1, aim_proxy(a), &a->expected}, err);
    return request_build(&request, &a->request, err);
}

int aim_load(struct aim *a, const struct plan *plan, struct load_spec *spec, struct err *err)
{
    if (make_request(a, plan, err) < 0)
        return -1;
    log_debug("loading %s at %s", a->url.text, a->endpoint.text);
    if (plan_is_open_loop(plan))
        rate_make(&a->rate, plan);
    fill_spec(a, plan, spec);
    return 0;
}
