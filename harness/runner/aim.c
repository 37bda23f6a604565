#include "runner/aim.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
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

/* All but those of the other URLs, which have none themselves. */
static void fini_one(struct aim *a)
{
    free(a->origins);
    if (a->http1 != a->client && !a->borrows_tls)
        tls_client_free(a->http1);
    if (!a->borrows_tls)
        tls_client_free(a->client);
    str_list_fini(&a->own_ca);
    url_fini(&a->url);
    url_fini(&a->proxy);
    buf_fini(&a->tunnel);
    lists_fini(&a->lists);
    buf_fini(&a->request);
    expected_fini(&a->expected);
}

void aim_fini(struct aim *a)
{
    for (size_t i = 0; i < a->nothers; i++)
        fini_one(&a->others[i]);
    free(a->others);
    fini_one(a);
}

int aim_at_url(struct aim *a, const struct plan *plan, struct err *err)
{
    a->nothers = plan->more_urls.count;
    a->others = mem_array(a->nothers, sizeof *a->others);
    for (size_t i = 0; i < a->nothers; i++)
        aim_init(&a->others[i]);
    for (size_t i = 0; i < a->nothers; i++) {
        if (url_parse(plan->more_urls.items[i], &a->others[i].url, err) < 0)
            return -1;
    }
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
    a->tls.lean = plan_own_most_connections(plan) >= LEAN_CONNECTIONS;
    if (a->own_ca.count > 0)
        a->tls.ca_files = a->own_ca;
    a->http1_tls = a->tls;
    a->tls.rules.alpn = plan->http2 ? "h2" : "http/1.1";
    a->http1_tls.rules.alpn = "http/1.1";
    a->client = tls_client_new(&a->tls, err);
    a->http1 = a->client;
    if (a->client != NULL && plan->http2 && plan_probes(plan))
        a->http1 = tls_client_new(&a->http1_tls, err);
    return a->http1 == NULL ? -1 : 0;
}

static int find_tls(struct aim *a, const struct plan *plan, struct err *err)
{
    if (strcmp(a->url.scheme, "https") != 0)
        return 0;
    if (!a->borrows_tls && make_clients(a, plan, err) < 0)
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

static struct endpoint_choice choice_of(const struct plan *plan)
{
    int one = plan->ipv6_only ? AF_INET6 : AF_UNSPEC;
    return (struct endpoint_choice){.family = plan->ipv4_only ? AF_INET : one,
                                    .all = plan_uses_all_addresses(plan),
                                    .timeout_ns = plan->timeout_ns};
}

/* A proxy takes requests of HTTP/1.1 itself, as whole URLs, and all else through a tunnel. */
static int find_proxy(struct aim *a, const struct plan *plan, struct err *err)
{
    if (url_parse(plan->proxy, &a->proxy, err) < 0)
        return err_wrap(err, "--proxy");
    if (plan->http2 || strcmp(a->url.scheme, "https") == 0)
        request_build_connect(&a->url, &a->proxy, &a->tunnel);
    const struct endpoint_choice choice = choice_of(plan);
    if (endpoint_find(&a->proxy, &choice, &a->endpoint, err) < 0)
        return err_wrap(err, "--proxy");
    return 0;
}

/* Of --connect-to, which was checked. */
static int find_elsewhere(struct aim *a, const struct plan *plan, struct err *err)
{
    const struct endpoint_choice choice = choice_of(plan);
    struct url place;
    char *text = mem_printf("http://%s", plan->connect_to);
    int failed = url_parse(text, &place, err);
    free(text);
    if (failed < 0)
        return err_wrap(err, "--connect-to");
    failed = endpoint_find(&place, &choice, &a->endpoint, err);
    url_fini(&place);
    return failed < 0 ? err_wrap(err, "--connect-to") : 0;
}

static int find_endpoint(struct aim *a, const struct plan *plan, struct err *err)
{
    const struct endpoint_choice choice = choice_of(plan);
    if (plan->socket_path != NULL)
        return endpoint_find_path(plan->socket_path, plan->timeout_ns, &a->endpoint, err);
    if (plan->proxy != NULL)
        return find_proxy(a, plan, err);
    if (plan->connect_to != NULL)
        return find_elsewhere(a, plan, err);
    return endpoint_find(&a->url, &choice, &a->endpoint, err);
}

static int find_one(struct aim *a, const struct plan *plan, struct err *err)
{
    return find_endpoint(a, plan, err) < 0 ? -1 : find_tls(a, plan, err);
}

/* Loading the trusted authorities takes long, so all share what the first has that needs them. */
static void lend_tls(const struct aim *from, struct aim *to)
{
    to->borrows_tls = from->client != NULL;
    to->client = from->client;
    to->http1 = from->http1;
}

int aim_find(struct aim *a, const struct plan *plan, struct err *err)
{
    const struct aim *secure = a;
    if (find_one(a, plan, err) < 0)
        return -1;
    for (size_t i = 0; i < a->nothers; i++) {
        struct aim *other = &a->others[i];
        if (strcmp(other->url.scheme, "https") == 0)
            lend_tls(secure, other);
        if (find_one(other, plan, err) < 0)
            return err_wrap(err, "%s", other->url.text);
        secure = secure->client == NULL ? other : secure;
    }
    return 0;
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

static char *join(const struct aim *a, const char *(*text_of)(const struct aim *a))
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(&text, text_of(a));
    for (size_t i = 0; i < a->nothers; i++)
        buf_printf(&text, " %s", text_of(&a->others[i]));
    char *joined = buf_take(&text);
    buf_fini(&text);
    return joined;
}

static const char *url_of(const struct aim *a)
{
    return a->url.text;
}

static const char *address_of(const struct aim *a)
{
    return a->endpoint.text;
}

char *aim_urls(const struct aim *a)
{
    return join(a, url_of);
}

char *aim_addresses(const struct aim *a)
{
    return join(a, address_of);
}

static struct load_origin origin_of(const struct aim *a)
{
    return (struct load_origin){.addresses = a->endpoint.addresses,
                                .naddresses = a->endpoint.naddresses,
                                .tls = a->client,
                                .host = a->url.host,
                                .tunnel = aim_tunnel(a)};
}

static void make_origins(struct aim *a)
{
    a->origins = mem_array(1 + a->nothers, sizeof *a->origins);
    a->origins[0] = origin_of(a);
    for (size_t i = 0; i < a->nothers; i++)
        a->origins[i + 1] = origin_of(&a->others[i]);
}

/* With HTTP/2 the connection is closed, as no header can say that it will be. */
static int64_t reconnect_after(const struct plan *plan)
{
    return plan->http2 && !plan_keeps_alive(plan) ? 1 : plan->reconnect_after;
}

static struct bailout_spec bailout_of(const struct plan *plan)
{
    return (struct bailout_spec){.faults = plan->bailout.faults,
                                 .share = plan->bailout.share,
                                 .errors = plan->bailout_on.errors,
                                 .non_2xx = plan->bailout_on.non_2xx,
                                 .mismatches = plan->bailout_on.mismatches};
}

static struct load_part part_of(const struct plan *plan)
{
    return (struct load_part){
        .index = (int)plan->share.index,
        .count = (int)plan->share.count,
        .first_connection = (int)plan_share_before(&plan->share, plan_most_connections(plan))};
}

static void fill_spec(const struct aim *a, const struct plan *plan, struct load_spec *spec)
{
    bool head = strcmp(plan->method, "HEAD") == 0;
    int64_t connections = plan_own_connections(plan);
    int64_t warmup = plan_share_of(&plan->share, plan->warmup_connections);
    *spec = (struct load_spec){
        .part = part_of(plan),
        .origins = a->origins,
        .norigins = 1 + a->nothers,
        .http2 = plan->http2,
        .text = {.request = a->request.data,
                 .request_len = a->request.len,
                 .is_one_shot = request_closes(&plan->headers) || !plan_keeps_alive(plan),
                 .to = head ? RESPONSE_TO_HEAD : RESPONSE_TO_ANY,
                 .rule = a->expected.rule},
        .schedule = plan_is_open_loop(plan) ? &a->rate.run : NULL,
        .warmup_schedule = &a->rate.warmup,
        .from_sending = plan->service_latency,
        .may_spin = rate_may_spin(plan, &a->endpoint.addresses[0]),
        .connections = (int)connections,
        .max_connections = (int)plan_own_most_connections(plan),
        .pipelining = (int)plan->pipelining,
        .workers = (int)plan->workers,
        .duration_ns = plan->duration_ns,
        .amount = plan_own_amount(plan),
        .connection_amount = plan->connection_amount,
        .reconnect_after = reconnect_after(plan),
        .connect_rps = plan->connect_rps,
        .bailout = bailout_of(plan),
        .wait_open_ns = plan->wait_open_ns,
        .sample_ns = plan->sample_ms > 0 ? plan->sample_ms * NS_PER_MS : NS_PER_S,
        .exclude_errors = plan->exclude_errors,
        .timeout_ns = plan->timeout_ns,
        .warmup_ns = plan->warmup_ns,
        .warmup_connections = (int)(plan->warmup_connections > 0 ? warmup : connections),
        .seed = (uint64_t)plan->seed,
    };
    if (a->lists.count > 0)
        lists_fill(&a->lists, spec);
}

static int make_lists(struct aim *a, const struct plan *plan, struct err *err)
{
    size_t count = 1 + a->nothers;
    struct lists_to *to = mem_array(count, sizeof *to);
    to[0] = (struct lists_to){&a->url, aim_proxy(a), &a->expected};
    for (size_t i = 0; i < a->nothers; i++)
        to[i + 1] = (struct lists_to){&a->others[i].url, aim_proxy(&a->others[i]), &a->expected};
    int failed = lists_make(&a->lists, plan, to, count, err);
    free(to);
    return failed;
}

static int make_request(struct aim *a, const struct plan *plan, struct err *err)
{
    const struct request_spec request = {.method = plan->method,
                                         .url = &a->url,
                                         .proxy = aim_proxy(a),
                                         .headers = &plan->headers,
                                         .raw_headers = plan->raw_headers,
                                         .closes = !plan->http2 && !plan_keeps_alive(plan),
                                         .body = plan->body,
                                         .body_len = plan->body_len};
    if (expected_make(&a->expected, plan, err) < 0)
        return -1;
    if (lists_are_needed(plan, 1 + a->nothers))
        return make_lists(a, plan, err);
    return request_build(&request, &a->request, err);
}

int aim_load(struct aim *a, const struct plan *plan, struct load_spec *spec, struct err *err)
{
    if (make_request(a, plan, err) < 0)
        return -1;
    log_debug("loading %s at %s", a->url.text, a->endpoint.text);
    make_origins(a);
    fill_spec(a, plan, spec);
    if (plan_is_open_loop(plan))
        rate_make(&a->rate, plan, load_seed(spec, 0));
    return 0;
}
