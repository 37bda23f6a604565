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

static void serve_heavy(struct server *server, struct request *r, const struct message *message)
{
    struct err err;
    if (server->strategy->handle == NULL) {
        server_refuse(server, r, 404,
                      "this server takes no requests for work, only what its queue holds");
        return;
    }
    if (query_work(&message->query, message->body, message->body_len, server->env.options, &r->work,
                   &err) < 0) {
        server_refuse(server, r, 400, err.text);
        return;
    }
    r->kind = REQUEST_HEAVY;
    r->message = message;
    server->stats.begun++;
    server->strategy->handle(server->state, r);
}

static void serve_ping(struct server *server, struct request *r, const struct message *message)
{
    (void)message;
    server->stats.ping++;
    reply_text(r, "pong\n");
}

static void serve_healthz(struct server *server, struct request *r, const struct message *message)
{
    (void)message;
    server->stats.other++;
    reply_text(r, "ok\n");
}

static void serve_stats(struct server *server, struct request *r, const struct message *message)
{
    struct strategy_stats from = {0};
    enum stats_detail detail = query_has(&message->query, "brief=1") ? STATS_BRIEF : STATS_FULL;
    server->stats.other++;
    if (server->strategy->stats != NULL)
        server->strategy->stats(server->state, &from);
    json_t *json = stats_to_json(&server->stats, server->strategy->name, &from, detail);
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
    void (*serve)(struct server *server, struct request *r, const struct message *message);
} routes[] = {
    {"/heavy", METHODS_READ | (1U << HTTP_POST), "Allow: GET, HEAD, POST\r\n", serve_heavy},
    {"/ping", METHODS_READ, "Allow: GET, HEAD\r\n", serve_ping},
    {"/healthz", METHODS_READ, "Allow: GET, HEAD\r\n", serve_healthz},
    {"/stats", METHODS_READ, "Allow: GET, HEAD\r\n", serve_stats},
};

void server_refuse(struct server *server, struct request *r, int status, const char *why)
{
    server->stats.other++;
    request_fail(r, status, NULL, why);
}

static void refuse_unknown(struct server *server, struct request *r)
{
    char why[120];
    const char *more = server->strategy->route_path;
    (void)snprintf(why, sizeof why, "there are /heavy, /ping, /healthz%s%s and /stats",
                   more == NULL ? "" : ", ", more == NULL ? "" : more);
    server_refuse(server, r, 404, why);
}

static bool allows(const struct route *route, unsigned method)
{
    return method < 32 && (route->methods & (1U << method)) != 0;
}

void server_route(struct server *server, struct request *r, struct message *message)
{
    struct err err;
    if (query_split(message->target, message->target_len, &message->query, &err) < 0) {
        server_refuse(server, r, 400, err.text);
        return;
    }
    for (size_t i = 0; i < LEN(routes); i++) {
        if (strcmp(routes[i].path, message->query.path) != 0)
            continue;
        if (allows(&routes[i], message->method)) {
            routes[i].serve(server, r, message);
        } else {
            server->stats.other++;
            request_fail(r, 405, routes[i].allow, "this path does not allow the method");
        }
        return;
    }
    if (server->strategy->route != NULL && server->strategy->route(server->state, r, message)) {
        server->stats.other++;
        return;
    }
    refuse_unknown(server, r);
}
