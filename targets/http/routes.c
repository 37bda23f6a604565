#include <http_parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "targets/http/server.h"

#define METHODS_READ ((1U << HTTP_GET) | (1U << HTTP_HEAD))

static void reply_text(struct request *r, const char *text)
{
    request_reply(r,
                  &(struct reply){
                      .status = 200, .type = "text/plain", .body = text, .body_len = strlen(text)});
}

static void serve_heavy(struct gateway *g, struct request *r, const struct call *call)
{
    struct err err;
    if (g->strategy->handle == NULL) {
        gateway_refuse(g, r, 404,
                       "this server takes no requests for work, only what its queue holds");
        return;
    }
    if (query_work(&call->query, call->body, call->body_len, g->env.options, &r->work, &err) < 0) {
        gateway_refuse(g, r, 400, err.text);
        return;
    }
    r->kind = REQUEST_HEAVY;
    r->call = call;
    g->stats.begun++;
    g->strategy->handle(g->state, r);
}

static void serve_ping(struct gateway *g, struct request *r, const struct call *call)
{
    (void)call;
    g->stats.ping++;
    reply_text(r, "pong\n");
}

static void serve_healthz(struct gateway *g, struct request *r, const struct call *call)
{
    (void)call;
    g->stats.other++;
    reply_text(r, "ok\n");
}

static void serve_stats(struct gateway *g, struct request *r, const struct call *call)
{
    struct strategy_stats from = {0};
    enum stats_detail detail = query_has(&call->query, "brief=1") ? STATS_BRIEF : STATS_FULL;
    g->stats.other++;
    if (g->strategy->stats != NULL)
        g->strategy->stats(g->state, &from);
    json_t *json = stats_to_json(&g->stats, g->strategy->name, &from, detail);
    char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(json);
    if (text == NULL)
        request_fail(r, 500, NULL, "the counters cannot be written");
    else
        request_reply(r, &(struct reply){.status = 200,
                                         .type = "application/json",
                                         .body = text,
                                         .body_len = strlen(text)});
    free(text);
}

static const struct route {
    const char *path;
    unsigned methods;  /* a bit for each */
    const char *allow; /* the same, as 405 tells them */
    void (*serve)(struct gateway *g, struct request *r, const struct call *call);
} routes[] = {
    {"/heavy", METHODS_READ | (1U << HTTP_POST), "Allow: GET, HEAD, POST\r\n", serve_heavy},
    {"/ping", METHODS_READ, "Allow: GET, HEAD\r\n", serve_ping},
    {"/healthz", METHODS_READ, "Allow: GET, HEAD\r\n", serve_healthz},
    {"/stats", METHODS_READ, "Allow: GET, HEAD\r\n", serve_stats},
};

void gateway_refuse(struct gateway *g, struct request *r, int status, const char *why)
{
    g->stats.other++;
    request_fail(r, status, NULL, why);
}

static void refuse_unknown(struct gateway *g, struct request *r)
{
    char why[120];
    const char *more = g->strategy->route_path;
    (void)snprintf(why, sizeof why, "there are /heavy, /ping, /healthz%s%s and /stats",
                   more == NULL ? "" : ", ", more == NULL ? "" : more);
    gateway_refuse(g, r, 404, why);
}

static bool allows(const struct route *route, unsigned method)
{
    return method < 32 && (route->methods & (1U << method)) != 0;
}

void gateway_route(struct gateway *g, struct request *r, struct call *call)
{
    struct err err;
    if (query_split(call->target, call->target_len, &call->query, &err) < 0) {
        gateway_refuse(g, r, 400, err.text);
        return;
    }
    for (size_t i = 0; i < LEN(routes); i++) {
        if (strcmp(routes[i].path, call->query.path) != 0)
            continue;
        if (allows(&routes[i], call->method)) {
            routes[i].serve(g, r, call);
        } else {
            g->stats.other++;
            request_fail(r, 405, routes[i].allow, "this path does not allow the method");
        }
        return;
    }
    if (g->strategy->route != NULL && g->strategy->route(g->state, r, call)) {
        g->stats.other++;
        return;
    }
    refuse_unknown(g, r);
}
