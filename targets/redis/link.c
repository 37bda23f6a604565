#include "targets/redis/link.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/units.h"
#include "targets/redis/command.h"
#include "targets/redis/greeting.h"
#include "targets/redis/resolver.h"
#include "targets/redis/script.h"
#include "targets/redis/session.h"

#define PAUSE_FIRST_MS 50
#define PAUSE_MAX_MS   2000
#define STEADY_NS      NS_PER_S /* a connection that was up this long was good */
#define TELL_EVERY_NS  NS_PER_S

enum link_state { LINK_RESTS, LINK_RESOLVES, LINK_IS_CONNECTED, LINK_CLOSES };

struct link {
    struct link_events events;
    uv_loop_t *loop;
    enum link_state state; /* IS_CONNECTED: or connects, or sends the greeting */
    uv_timer_t timer;      /* for the rest, or for the connect limit */
    int open_parts;        /* not closed yet */
    char *client_name;
    struct script *scripts;
    size_t script_count;
    int64_t connect_limit_ns;

    struct session session;
    struct resolver resolver;
    bool was_tried;   /* the address, if it needs no look-up */
    int64_t pause_ms; /* the last one */
    int64_t up_since_ns, told_ns;
    struct rng rng;
};

static void on_timer(uv_timer_t *timer);

static void start_timer(struct link *l, int64_t ns)
{
    (void)uv_timer_start(&l->timer, on_timer, ns <= 0 ? 0 : (uint64_t)(ns / NS_PER_MS) + 1, 0);
}

/* --- down --- */

static void tell_down(struct link *l, enum session_state was)
{
    int64_t now_ns = clock_now_ns();
    if (was != SESSION_IS_UP && l->told_ns != 0 && now_ns - l->told_ns < TELL_EVERY_NS)
        return;
    l->told_ns = now_ns;
    l->events.on_down(l->events.ctx, l->session.why.text);
}

static void rest(struct link *l, enum session_state was)
{
    if (was == SESSION_IS_UP && clock_now_ns() - l->up_since_ns >= STEADY_NS)
        l->pause_ms = 0;
    l->pause_ms = l->pause_ms == 0 ? PAUSE_FIRST_MS : l->pause_ms * 2;
    if (l->pause_ms > PAUSE_MAX_MS)
        l->pause_ms = PAUSE_MAX_MS;
    l->state = LINK_RESTS;
    double part = (1 + rng_unit(&l->rng)) / 2;
    start_timer(l, (int64_t)((double)(l->pause_ms * NS_PER_MS) * part));
    tell_down(l, was);
}

/* --- connecting --- */

static bool is_numeric(const char *host)
{
    struct in6_addr ignored;
    return inet_pton(AF_INET, host, &ignored) == 1 || inet_pton(AF_INET6, host, &ignored) == 1;
}

static bool needs_look_up(const struct link *l)
{
    const char *host = l->session.url.host;
    return host != NULL && !is_numeric(host);
}

/* The next address to try before the next rest; false when there is none. `ip` is its memory. */
static bool next_address(struct link *l, struct wire_address *out, char ip[RESOLVER_IP_MAX])
{
    const struct redis_url *url = &l->session.url;
    bool is_name = needs_look_up(l);
    *out = (struct wire_address){is_name ? ip : url->host, url->port, url->path};
    if (is_name)
        return resolver_next(&l->resolver, ip);
    bool is_there = !l->was_tried;
    l->was_tried = true;
    return is_there;
}

static void connect_next(struct link *l)
{
    struct wire_address to;
    struct err err;
    char ip[RESOLVER_IP_MAX];
    while (next_address(l, &to, ip)) {
        if (session_connect(&l->session, &to, &err) == 0) {
            l->state = LINK_IS_CONNECTED;
            start_timer(l, l->connect_limit_ns);
            return;
        }
        session_set_reason(&l->session, err.text);
    }
    rest(l, SESSION_IS_DOWN);
}

static void part_closed(struct link *l)
{
    if (--l->open_parts > 0)
        return;
    struct link_events events = l->events;
    resolver_fini(&l->resolver);
    free(l->client_name);
    free(l->scripts);
    free(l);
    events.on_closed(events.ctx);
}

static void on_found(void *ctx, const char *problem)
{
    struct link *l = ctx;
    struct err why;
    if (l->state == LINK_RESOLVES && problem == NULL) {
        connect_next(l);
    } else if (l->state == LINK_RESOLVES) {
        (void)err_set(&why, ERR_USAGE, "the name cannot be looked up: %s", problem);
        session_set_reason(&l->session, why.text);
        rest(l, SESSION_IS_DOWN);
    }
    part_closed(l);
}

static void attempt(struct link *l)
{
    l->was_tried = false;
    if (!needs_look_up(l)) {
        connect_next(l);
        return;
    }
    l->state = LINK_RESOLVES;
    l->open_parts++;
    int failed = resolver_start(&l->resolver, l->loop, l->session.url.host);
    if (failed < 0)
        on_found(l, uv_strerror(failed));
}

static void on_timer(uv_timer_t *timer)
{
    struct link *l = timer->data;
    char time[40];
    struct err why;
    if (l->state == LINK_RESTS) {
        attempt(l);
    } else {
        (void)err_set(&why, ERR_USAGE, "no answer for %s",
                      units_format_time(l->connect_limit_ns, time, sizeof time));
        session_drop(&l->session, why.text);
    }
}

/* --- what the session reports --- */

static void on_connected(void *ctx)
{
    struct link *l = ctx;
    greeting_send(&l->session, l->client_name, l->scripts, l->script_count);
}

static void on_up(void *ctx)
{
    struct link *l = ctx;
    (void)uv_timer_stop(&l->timer);
    l->up_since_ns = clock_now_ns();
    l->events.on_up(l->events.ctx);
}

static void on_lost(void *ctx, enum session_state was)
{
    struct link *l = ctx;
    if (was == SESSION_CONNECTS)
        connect_next(l);
    else
        rest(l, was);
}

static void on_session_closed(void *ctx)
{
    part_closed(ctx);
}

/* --- requests --- */

int link_send(struct link *l, const struct link_request *request, struct err *err)
{
    struct session *s = &l->session;
    command_begin(&s->command, request->argc);
    session_add_words(s, request);
    if (session_check(s, err) < 0)
        return -1;
    struct pending_request r = session_pending_request(s, request);
    session_send(s, &r);
    return 0;
}

int link_send_script(struct link *l, size_t script, size_t keys, const struct link_request *request,
                     struct err *err)
{
    return script_send(&l->scripts[script], keys, request, err);
}

bool link_is_up(const struct link *l)
{
    return l->session.state == SESSION_IS_UP;
}

/* --- opening and closing --- */

static void on_timer_closed(uv_handle_t *handle)
{
    part_closed(handle->data);
}

static void copy_options(struct link *l, const struct link_options *options)
{
    int64_t connect_ns = options->connect_limit_ns;
    int64_t answer_ns = options->answer_limit_ns;
    l->connect_limit_ns = connect_ns == 0 ? LINK_LIMIT_NS : connect_ns;
    l->session.answer_limit_ns = answer_ns == 0 ? LINK_LIMIT_NS : answer_ns;
    l->client_name = mem_strdup_or_null(options->client_name);
    l->script_count = options->script_count;
    l->scripts = mem_array(l->script_count, sizeof *l->scripts);
    for (size_t i = 0; i < l->script_count; i++)
        l->scripts[i] = (struct script){.session = &l->session, .text = options->scripts[i]};
}

struct link *link_open(uv_loop_t *loop, const struct link_options *options,
                       const struct link_events *events, struct err *err)
{
    struct redis_url url;
    if (redis_url_parse(options->url, &url, err) < 0)
        return NULL;
    struct link *l = mem_zalloc(sizeof *l);
    const struct session_events of_session = {
        .ctx = l,
        .on_connected = on_connected,
        .on_up = on_up,
        .on_lost = on_lost,
        .on_refused = script_resend,
        .on_closed = on_session_closed,
    };
    session_init(&l->session, loop, &url, &of_session);
    copy_options(l, options);
    l->events = *events;
    l->loop = loop;
    l->resolver.ctx = l;
    l->resolver.on_found = on_found;
    l->open_parts = 2; /* the session and the timer */
    rng_init(&l->rng, (uint64_t)clock_now_ns() ^ (uint64_t)getpid());
    (void)uv_timer_init(loop, &l->timer);
    l->timer.data = l;
    start_timer(l, 0);
    return l;
}

void link_close(struct link *l)
{
    if (l->state == LINK_RESOLVES)
        resolver_cancel(&l->resolver);
    l->state = LINK_CLOSES;
    session_close(&l->session);
    uv_close((uv_handle_t *)&l->timer, on_timer_closed);
}
