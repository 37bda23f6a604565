#include "cli/connection_opts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "http/request.h"
#include "http/url.h"

static int parse_connect_rate(const char *text, void *field, struct err *err)
{
    double *rate = field;
    if (units_parse_rate(text, rate, err) == 0 && *rate >= PLAN_RATE_MIN_RPS &&
        *rate <= PLAN_RATE_MAX_RPS)
        return 0;
    return err_set(err, ERR_USAGE,
                   "'%.40s' is not a rate of new connections; give 0.01 to 10M per second, such as "
                   "100",
                   text);
}

static const char *const on_off[] = {"on", "off", NULL};
static const char *const addresses[] = {"first", "all", NULL};

#define AT(field) offsetof(struct plan, field)
/* clang-format off */
const struct opt run_connection_opts[] = {
    {.name = "reconnect-rate", .letter = 'D', .type = OPT_COUNT, .at = AT(reconnect_after), .min = 1, .max = 1e15, .aliases = "reconnectRate",
     .arg = "N", .help = "Close each connection after N responses, and open it again; what is pipelined on it is answered first."},
    {.name = "keepalive", .type = OPT_CHOICE, .at = AT(keepalive), .choices = on_off,
     .arg = "on|off", .def = "on", .help = "off sends 'Connection: close' and opens a connection for each request."},
    {.name = "connect-rate", .type = OPT_CUSTOM, .at = AT(connect_rps), .parse = parse_connect_rate, .aliases = "connectRate",
     .arg = "N", .help = "Open at most N new connections per second, evenly spaced."},
    {.name = "addresses", .type = OPT_CHOICE, .at = AT(addresses), .choices = addresses, .arg = "first|all", .def = "first",
     .help = "Connect to the first address of a name that accepts, or to all that do, in turn."},
    {.name = "ipv4", .letter = '4', .type = OPT_FLAG, .at = AT(ipv4_only), .help = "Use only the IPv4 addresses of a name."},
    {.name = "ipv6", .letter = '6', .type = OPT_FLAG, .at = AT(ipv6_only), .help = "Use only the IPv6 addresses of a name."},
    {.name = "connect-to", .type = OPT_TEXT, .at = AT(connect_to), .aliases = "connectTo", .arg = "HOST:PORT",
     .help = "Connect there instead of to the host of the URL, which still gives Host, path and certificate name."},
    {.type = OPT_END},
};
/* clang-format on */

static int check_place(const struct plan *plan, struct err *err)
{
    struct url url;
    if (plan->connect_to == NULL)
        return 0;
    char *text = mem_printf("http://%s", plan->connect_to);
    int failed = url_parse(text, &url, err);
    bool is_place = failed == 0 && url.userinfo == NULL && strcmp(url.path, "/") == 0 &&
                    strpbrk(plan->connect_to, "/?#") == NULL && strrchr(text + 7, ':') != NULL;
    free(text);
    if (failed == 0)
        url_fini(&url);
    if (!is_place)
        return err_set(err, ERR_USAGE,
                       "--connect-to '%.60s' is not HOST:PORT; try 127.0.0.1:8080 or [::1]:8080",
                       plan->connect_to);
    return 0;
}

/* What ends a connection with each request, as its user would name it; NULL: nothing does. */
static const char *what_closes(const struct plan *plan)
{
    if (!plan_keeps_alive(plan))
        return "--keepalive off";
    bool closes = request_closes(&plan->headers);
    for (size_t i = 0; i < plan->requests.count; i++)
        closes |= request_closes(&plan->requests.items[i].headers);
    return closes ? "'Connection: close'" : NULL;
}

static int check_kept(const struct plan *plan, struct err *err)
{
    const char *what = what_closes(plan);
    if (what == NULL)
        return 0;
    if (plan->http2 && plan_keeps_alive(plan))
        return err_set(err, ERR_USAGE,
                       "--http2 with 'Connection: close': HTTP/2 has no such header; leave one of "
                       "them out");
    if (plan->pipelining > 1)
        return err_set(err, ERR_USAGE,
                       "-p %lld with %s: each request ends its connection; use -p 1",
                       (long long)plan->pipelining, what);
    if (plan->reconnect_after > 0)
        return err_set(err, ERR_USAGE,
                       "-D/--reconnect-rate %lld with %s: each request ends its connection; leave "
                       "one of them out",
                       (long long)plan->reconnect_after, what);
    return 0;
}

int connection_opts_check(const struct plan *plan, struct err *err)
{
    if (plan->ipv4_only && plan->ipv6_only)
        return err_set(err, ERR_USAGE,
                       "-4 and -6 leave no address; give one of them, or neither for both kinds");
    return check_kept(plan, err) < 0 ? -1 : check_place(plan, err);
}

/* The option that says where to connect to; NULL: none was given. */
static const char *place_of(const struct plan *plan)
{
    if (plan->connect_to != NULL)
        return "--connect-to";
    if (plan->ipv4_only || plan->ipv6_only)
        return plan->ipv4_only ? "-4/--ipv4" : "-6/--ipv6";
    return plan_uses_all_addresses(plan) ? "--addresses all" : NULL;
}

int connection_opts_check_target(const struct plan *plan, struct err *err)
{
    const char *place = place_of(plan);
    if (place == NULL)
        return 0;
    if (plan->url == NULL)
        return err_set(err, ERR_USAGE,
                       "%s is for a URL; bench connects to a server that it starts itself", place);
    if (plan->socket_path != NULL)
        return err_set(err, ERR_USAGE,
                       "%s beside -S/--socket-path: the socket is where bench connects to; leave "
                       "one of them out",
                       place);
    if (plan->proxy != NULL && plan->connect_to != NULL)
        return err_set(err, ERR_USAGE,
                       "--connect-to beside --proxy: the proxy is where bench connects to; leave "
                       "one of them out");
    return 0;
}

void connection_opts_fit(struct plan *plan, const struct opt_given *given)
{
    int64_t most = plan->connections;
    bool is_free = opt_given_text(given, "connections") == NULL && !plan_is_open_loop(plan);
    if (plan->amount > 0 && plan->amount < most && is_free)
        plan->connections = plan->amount;
}
