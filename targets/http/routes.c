#include "targets/http/routes.h"

#include <http_parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "targets/http/request_internal.h"

#define METHODS_READ ((1U << HTTP_GET) | (1U << HTTP_HEAD))

static void reply_text(struct request *r, const char *type, const char *text)
{
    request_reply(
        r, &(struct reply){.status = 200, .type = type, .body = text, .body_len = strlen(text)});
}

static void refuse(const struct routes *routes, struct request *r, int status, const char *headers,
                   const char *why)
{
    routes->stats->other++;
    request_fail(r, status, headers, why);
}

static void serve_heavy(const struct routes *routes, struct request *r,
                        const struct message *message)
{
    struct err err;
    if (routes->strategy->head_refused != NULL && message->method == HTTP_HEAD) {
        refuse(routes, r, 405, "Allow: GET, POST\r\n", routes->strategy->head_refused);
        return;
    }
    if (routes->strategy->handle == NULL) {
        refuse(routes, r, 404, NULL,
               "this server takes no requests for work, only what its queue holds");
        return;
    }
    if (query_work(&message->query, message->body, message->body_len, routes->options, &r->work,
                   &err) < 0) {
        refuse(routes, r, 400, NULL, err.text);
        return;
    }
    r->kind = REQUEST_HEAVY;
    r->message = message;
    routes->stats->begun++;
    routes->strategy->handle(routes->state, r);
}

static void serve_ping(const struct routes *routes, struct request *r,
                       const struct message *message)
{
    (void)message;
    routes->stats->ping++;
    reply_text(r, "text/plain", "pong\n");
}

static void serve_healthz(const struct routes *routes, struct request *r,
                          const struct message *message)
{
    (void)message;
    routes->stats->other++;
    reply_text(r, "text/plain", "ok\n");
}

static void serve_stats(const struct routes *routes, struct request *r,
                        const struct message *message)
{
    const struct strategy *strategy = routes->strategy;
    struct strategy_stats from = {0};
    enum stats_detail detail = query_has(&message->query, "brief=1") ? STATS_BRIEF : STATS_FULL;
    routes->stats->other++;
    if (strategy->stats != NULL)
        strategy->stats(routes->state, &from);
    json_t *json = stats_to_json(routes->stats, strategy->name, &from, detail);
    char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(json);
    if (text == NULL)
        request_fail(r, 500, NULL, "the counters cannot be written");
    else
        reply_text(r, "application/json", text);
    free(text);
}

static const struct route {
    const char *path;
    unsigned methods;  /* a bit for each */
    const char *allow; /* the same, for the answer of 405 */
    void (*serve)(const struct routes *routes, struct request *r, const struct message *message);
} table[] = {
    {"/heavy", METHODS_READ | (1U << HTTP_POST), "Allow: GET, HEAD, POST\r\n", serve_heavy},
    {"/ping", METHODS_READ, "Allow: GET, HEAD\r\n", serve_ping},
    {"/healthz", METHODS_READ, "Allow: GET, HEAD\r\n", serve_healthz},
    {"/stats", METHODS_READ, "Allow: GET, HEAD\r\n", serve_stats},
};

static void refuse_unknown(const struct routes *routes, struct request *r)
{
    char why[120];
    const char *more = routes->strategy->route_path;
    (void)snprintf(why, sizeof why, "there are /heavy, /ping, /healthz%s%s and /stats",
                   more == NULL ? "" : ", ", more == NULL ? "" : more);
    refuse(routes, r, 404, NULL, why);
}

static bool allows(const struct route *route, unsigned method)
{
    return method < 32 && (route->methods & (1U << method)) != 0;
}

int routes_check(void *ctx, struct message *message, struct err *err)
{
    const struct routes *routes = ctx;
    if (message->query.path == NULL &&
        query_split(message->target, message->target_len, &message->query, err) < 0)
        return 400;
    return host_rule_check(&routes->rule, message, err) < 0 ? 403 : 0;
}

void routes_serve(void *ctx, struct request *r, struct message *message)
{
    const struct routes *routes = ctx;
    const struct strategy *strategy = routes->strategy;
    struct err err;
    int status = routes_check(ctx, message, &err);
    if (status != 0) {
        refuse(routes, r, status, NULL, err.text);
        return;
    }
    for (size_t i = 0; i < LEN(table); i++) {
        if (strcmp(table[i].path, message->query.path) != 0)
            continue;
        if (allows(&table[i], message->method))
            table[i].serve(routes, r, message);
        else
            refuse(routes, r, 405, table[i].allow, "this path does not allow the method");
        return;
    }
    r->any_size = true;
    if (strategy->route != NULL && strategy->route(routes->state, r, message))
        routes->stats->other++;
    else
        refuse_unknown(routes, r);
}
