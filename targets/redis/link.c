#include "targets/redis/link.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/units.h"
#include "targets/redis/command.h"
#include "targets/redis/session.h"

#define PAUSE_FIRST_MS    50
#define PAUSE_MAX_MS      2000
#define STEADY_NS         NS_PER_S /* up for so long, it was no false start */
#define TELL_EVERY_NS     NS_PER_S
#define LATE_MS           1                   /* a whole turn of the loop */
#define COMMAND_MAX_BYTES ((size_t)512 << 20) /* Redis' own limit of a string */
#define COMMAND_KEPT      ((size_t)1 << 20)

static void on_timer(uv_timer_t *timer);

static void start_timer(struct link *l, int64_t ns)
{
    if (ns == LINK_NO_LIMIT)
        (void)uv_timer_stop(&l->timer);
    else
        (void)uv_timer_start(&l->timer, on_timer, ns <= 0 ? 0 : (uint64_t)(ns / NS_PER_MS) + 1, 0);
}

static void keep_reason(struct link *l, const char *reason)
{
    (void)err_set(&l->why, ERR_USAGE, "%s: %s", l->url.shown, reason);
}

/* --- questions --- */

static void watch_oldest(struct link *l)
{
    const struct question *q = questions_oldest(&l->questions);
    l->timer_due_ns = q == NULL ? NEVER_NS : q->due_ns;
    start_timer(l, l->timer_due_ns == NEVER_NS ? LINK_NO_LIMIT : l->timer_due_ns - clock_now_ns());
}

void link_send(struct link *l, struct question *q)
{
    questions_push(&l->questions, q, clock_now_ns());
    wire_send(l->wire, l->command.data, l->command.len);
    if (l->state == LINK_IS_UP && q->due_ns < l->timer_due_ns)
        watch_oldest(l);
    if (l->command.size > COMMAND_KEPT) {
        buf_fini(&l->command);
        buf_init(&l->command, COMMAND_MAX_BYTES);
    }
}

int link_check(const struct link *l, struct err *err)
{
    if (l->state != LINK_IS_UP)
        return err_set(err, ERR_USAGE, "%s", l->why.text);
    if (l->command.overflow)
        return err_set(err, ERR_USAGE, "%s: a command has at most %zu bytes", l->url.shown,
                       COMMAND_MAX_BYTES);
    return 0;
}

void link_add_words(struct link *l, const struct link_question *q)
{
    for (size_t i = 0; i < q->argc; i++)
        command_add(&l->command, q->argv[i],
                    q->argvlen == NULL ? strlen(q->argv[i]) : q->argvlen[i]);
}

int link_ask(struct link *l, const struct link_question *q, struct err *err)
{
    struct question asked = {
        .limit_ns = q->limit_ns == 0 ? l->answer_limit_ns : q->limit_ns,
        .done = q->done,
        .ctx = q->ctx,
    };
    command_begin(&l->command, q->argc);
    link_add_words(l, q);
    if (link_check(l, err) < 0)
        return -1;
    link_send(l, &asked);
    return 0;
}

static void fail_questions(struct link *l, size_t unwritten)
{
    struct questions lost = l->questions;
    const struct err why = l->why;
    struct err unknown;
    l->questions = (struct questions){.last_number = lost.last_number};
    (void)err_set(&unknown, why.kind, "%s; whether it was done is not known", why.text);
    while (lost.count > 0) {
        struct question q = questions_pop(&lost);
        bool was_sent = lost.count >= unwritten;
        free(q.command);
        q.done(q.ctx, &(struct link_answer){.end = was_sent ? LINK_UNKNOWN : LINK_NOT_SENT,
                                            .text = was_sent ? unknown.text : why.text});
    }
    questions_fini(&lost);
}

static void on_reply(void *ctx, const redisReply *reply)
{
    struct link *l = ctx;
    struct question q = questions_pop(&l->questions);
    struct link_answer answer = {.end = LINK_ANSWERED, .reply = reply};
    char words[WORDS_MAX];
    l->is_late = false;
    if (q.script != NULL && script_sent_again(&q, reply))
        return;
    if (reply->type == REDIS_REPLY_ERROR) {
        greeting_words(l, reply->str, words, sizeof words);
        answer = (struct link_answer){.end = LINK_REFUSED, .text = words};
    }
    free(q.command);
    q.done(q.ctx, &answer);
}

/* --- down --- */

static void tell_down(struct link *l, enum link_state before)
{
    int64_t now_ns = clock_now_ns();
    if (before != LINK_IS_UP && l->told_ns != 0 && now_ns - l->told_ns < TELL_EVERY_NS)
        return;
    l->told_ns = now_ns;
    l->events.on_down(l->events.ctx, l->why.text);
}

static void rest(struct link *l)
{
    enum link_state before = l->state;
    if (before == LINK_IS_UP && clock_now_ns() - l->up_since_ns >= STEADY_NS)
        l->pause_ms = 0;
    l->pause_ms = l->pause_ms == 0 ? PAUSE_FIRST_MS : l->pause_ms * 2;
    if (l->pause_ms > PAUSE_MAX_MS)
        l->pause_ms = PAUSE_MAX_MS;
    l->state = LINK_RESTS;
    double part = (1 + rng_unit(&l->rng)) / 2;
    start_timer(l, (int64_t)((double)(l->pause_ms * NS_PER_MS) * part));
    tell_down(l, before);
}

/* --- connecting --- */

static void on_connected(void *ctx)
{
    struct link *l = ctx;
    l->state = LINK_GREETS;
    greeting_send(l);
}

void link_came_up(struct link *l)
{
    l->state = LINK_IS_UP;
    l->up_since_ns = clock_now_ns();
    l->is_late = false;
    watch_oldest(l);
    l->events.on_up(l->events.ctx);
}

static bool is_numeric(const char *host)
{
    struct in6_addr ignored;
    return inet_pton(AF_INET, host, &ignored) == 1 || inet_pton(AF_INET6, host, &ignored) == 1;
}

static bool needs_look_up(const struct link *l)
{
    return l->url.host != NULL && !is_numeric(l->url.host);
}

/* What is still to be tried before the next rest. `ip` is the memory for it. */
static bool next_address(struct link *l, struct wire_address *out, char ip[RESOLVER_IP_MAX])
{
    bool is_name = needs_look_up(l);
    *out = (struct wire_address){is_name ? ip : l->url.host, l->url.port, l->url.path};
    if (is_name)
        return resolver_next(&l->resolver, ip);
    bool is_there = !l->was_tried;
    l->was_tried = true;
    return is_there;
}

static void on_wire_lost(void *ctx, const char *reason);
static void on_wire_closed(void *ctx);

static void connect_next(struct link *l)
{
    const struct wire_events events = {l, on_connected, on_reply, on_wire_lost, on_wire_closed};
    struct wire_address to;
    struct err err;
    char ip[RESOLVER_IP_MAX];
    while (next_address(l, &to, ip)) {
        l->wire = wire_open(l->loop, &to, &events, &err);
        if (l->wire != NULL) {
            l->open_parts++;
            l->state = LINK_CONNECTS;
            start_timer(l, l->connect_limit_ns);
            return;
        }
        keep_reason(l, err.text);
    }
    rest(l);
}

static void lost(struct link *l, const char *reason, size_t unwritten)
{
    keep_reason(l, reason);
    if (l->state == LINK_CONNECTS) {
        connect_next(l);
        return;
    }
    rest(l);
    fail_questions(l, unwritten);
}

static void on_wire_lost(void *ctx, const char *reason)
{
    struct link *l = ctx;
    size_t unwritten = wire_unwritten(l->wire);
    char words[WORDS_MAX];
    l->wire = NULL;
    greeting_words(l, reason, words, sizeof words);
    lost(l, words, unwritten);
}

void link_drop(struct link *l, const char *reason)
{
    size_t unwritten = wire_unwritten(l->wire);
    wire_close(l->wire);
    l->wire = NULL;
    lost(l, reason, unwritten);
}

static void part_closed(struct link *l)
{
    if (--l->open_parts > 0)
        return;
    struct link_events events = l->events;
    fail_questions(l, l->unwritten);
    resolver_fini(&l->resolver);
    redis_url_fini(&l->url);
    buf_fini(&l->command);
    free(l->client_name);
    free(l->scripts);
    free(l);
    events.on_closed(events.ctx);
}

static void on_wire_closed(void *ctx)
{
    part_closed(ctx);
}

static void on_found(void *ctx, const char *problem)
{
    struct link *l = ctx;
    struct err why;
    if (l->state == LINK_RESOLVES && problem == NULL) {
        connect_next(l);
    } else if (l->state == LINK_RESOLVES) {
        (void)err_set(&why, ERR_USAGE, "the name cannot be looked up: %s", problem);
        keep_reason(l, why.text);
        rest(l);
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
    int failed = resolver_start(&l->resolver, l->loop, l->url.host);
    if (failed < 0)
        on_found(l, uv_strerror(failed));
}

/* --- time --- */

static void drop_late(struct link *l, int64_t waited_ns)
{
    char time[40];
    struct err why;
    (void)err_set(&why, ERR_USAGE, "no answer for %s",
                  units_format_time(waited_ns, time, sizeof time));
    link_drop(l, why.text);
}

/* The answer may be there, and only this program be late: timers come before what was received. */
static void check_oldest(struct link *l)
{
    const struct question *q = questions_oldest(&l->questions);
    if (q == NULL || q->due_ns > clock_now_ns()) {
        watch_oldest(l);
    } else if (!l->is_late) {
        l->is_late = true;
        start_timer(l, LATE_MS * NS_PER_MS);
    } else {
        drop_late(l, clock_now_ns() - q->asked_ns);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct link *l = timer->data;
    if (l->state == LINK_RESTS)
        attempt(l);
    else if (l->state == LINK_IS_UP)
        check_oldest(l);
    else
        drop_late(l, l->connect_limit_ns);
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
    l->answer_limit_ns = answer_ns == 0 ? LINK_LIMIT_NS : answer_ns;
    l->client_name = mem_strdup_or_null(options->client_name);
    l->script_count = options->script_count;
    l->scripts = mem_array(l->script_count, sizeof *l->scripts);
    for (size_t i = 0; i < l->script_count; i++)
        l->scripts[i] = (struct script){.owner = l, .text = options->scripts[i]};
}

struct link *link_open(uv_loop_t *loop, const struct link_options *options,
                       const struct link_events *events, struct err *err)
{
    struct link *l = mem_zalloc(sizeof *l);
    if (redis_url_parse(options->url, &l->url, err) < 0) {
        free(l);
        return NULL;
    }
    copy_options(l, options);
    l->events = *events;
    l->loop = loop;
    l->resolver.ctx = l;
    l->resolver.on_found = on_found;
    l->timer_due_ns = NEVER_NS;
    l->open_parts = 1;
    buf_init(&l->command, COMMAND_MAX_BYTES);
    rng_init(&l->rng, (uint64_t)clock_now_ns() ^ (uint64_t)getpid());
    keep_reason(l, "not connected yet");
    (void)uv_timer_init(loop, &l->timer);
    l->timer.data = l;
    start_timer(l, 0);
    return l;
}

bool link_is_up(const struct link *l)
{
    return l->state == LINK_IS_UP;
}

void link_close(struct link *l)
{
    if (l->state == LINK_RESOLVES)
        resolver_cancel(&l->resolver);
    l->state = LINK_CLOSES;
    keep_reason(l, "the link was closed");
    if (l->wire != NULL) {
        l->unwritten = wire_unwritten(l->wire);
        wire_close(l->wire);
        l->wire = NULL;
    }
    uv_close((uv_handle_t *)&l->timer, on_timer_closed);
}
