#include "targets/redis/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/units.h"
#include "targets/redis/command.h"

#define LATE_NS           NS_PER_MS           /* a whole turn of the loop */
#define COMMAND_MAX_BYTES ((size_t)512 << 20) /* Redis' own limit of a string */
#define COMMAND_KEPT      ((size_t)1 << 20)
#define HIDDEN            "***"

/* --- what is said --- */

void session_set_reason(struct session *s, const char *reason)
{
    (void)err_set(&s->why, ERR_USAGE, "%s: %s", s->url.shown, reason);
}

/* Cuts the server's words and makes them safe to print, without the password: a server or a proxy
 * that does not know AUTH repeats what it was sent. */
static void show_words(const struct session *s, const char *words, char *out, size_t size)
{
    const char *secret = s->state == SESSION_GREETS ? s->url.password : NULL;
    size_t len = secret == NULL ? 0 : strlen(secret);
    struct buf shown;
    buf_init(&shown, BUF_TEXT_MAX);
    for (const char *hit = len == 0 ? NULL : strstr(words, secret); hit != NULL;
         hit = strstr(words, secret)) {
        buf_add(&shown, words, (size_t)(hit - words));
        buf_puts(&shown, HIDDEN);
        words = hit + len;
    }
    buf_puts(&shown, words);
    (void)snprintf(out, size, "%s", shown.data);
    str_make_printable(out, strlen(out));
    buf_fini(&shown);
}

/* --- sending --- */

static void on_timer(uv_timer_t *timer);

static void start_timer(struct session *s, int64_t ns)
{
    (void)uv_timer_start(&s->timer, on_timer, ns <= 0 ? 0 : (uint64_t)(ns / NS_PER_MS) + 1, 0);
}

static void watch_oldest(struct session *s)
{
    const struct pending_request *r = pending_oldest(&s->pending);
    s->timer_due_ns = r == NULL ? NEVER_NS : r->due_ns;
    if (s->timer_due_ns == NEVER_NS)
        (void)uv_timer_stop(&s->timer);
    else
        start_timer(s, s->timer_due_ns - clock_now_ns());
}

int session_check(const struct session *s, struct err *err)
{
    if (s->state != SESSION_IS_UP)
        return err_set(err, ERR_USAGE, "%s", s->why.text);
    if (s->command.overflow)
        return err_set(err, ERR_USAGE, "%s: a command has at most %zu bytes", s->url.shown,
                       COMMAND_MAX_BYTES);
    return 0;
}

void session_add_words(struct session *s, const struct link_request *request)
{
    for (size_t i = 0; i < request->argc; i++)
        command_add(&s->command, request->argv[i],
                    request->argvlen == NULL ? strlen(request->argv[i]) : request->argvlen[i]);
}

struct pending_request session_pending_request(const struct session *s,
                                               const struct link_request *request)
{
    return (struct pending_request){
        .limit_ns = request->limit_ns == 0 ? s->answer_limit_ns : request->limit_ns,
        .done = request->done,
        .ctx = request->ctx,
    };
}

void session_send(struct session *s, struct pending_request *r)
{
    pending_push(&s->pending, r, clock_now_ns());
    wire_send(s->wire, s->command.data, s->command.len);
    if (s->state == SESSION_IS_UP && r->due_ns < s->timer_due_ns)
        watch_oldest(s);
    if (s->command.size > COMMAND_KEPT) {
        buf_fini(&s->command);
        buf_init(&s->command, COMMAND_MAX_BYTES);
    }
}

/* --- answers --- */

static void on_reply(void *ctx, const redisReply *reply)
{
    struct session *s = ctx;
    struct pending_request r = pending_pop(&s->pending);
    struct link_answer answer = {.end = LINK_ANSWERED, .reply = reply};
    char words[SESSION_WORDS_MAX];
    s->is_late = false;
    if (reply->type == REDIS_REPLY_ERROR) {
        if (r.script != NULL && s->events.on_refused(&r, reply))
            return;
        show_words(s, reply->str, words, sizeof words);
        answer = (struct link_answer){.end = LINK_REFUSED, .text = words};
    }
    free(r.command);
    r.done(r.ctx, &answer);
}

static void answer_as_lost(struct session *s, size_t unwritten)
{
    struct pending lost = s->pending;
    const struct err why = s->why;
    struct err unknown;
    s->pending = (struct pending){.last_number = lost.last_number};
    (void)err_set(&unknown, why.kind, "%s; whether it was done is not known", why.text);
    while (lost.count > 0) {
        struct pending_request r = pending_pop(&lost);
        bool was_sent = lost.count >= unwritten;
        free(r.command);
        r.done(r.ctx, &(struct link_answer){.end = was_sent ? LINK_UNKNOWN : LINK_NOT_SENT,
                                            .text = was_sent ? unknown.text : why.text});
    }
    pending_fini(&lost);
}

/* --- the connection --- */

static void part_closed(struct session *s)
{
    if (--s->open_parts > 0)
        return;
    answer_as_lost(s, s->unwritten);
    redis_url_fini(&s->url);
    buf_fini(&s->command);
    s->events.on_closed(s->events.ctx);
}

static void lost(struct session *s, const char *reason, size_t unwritten)
{
    enum session_state was = s->state;
    s->state = SESSION_IS_DOWN;
    s->wire = NULL;
    (void)uv_timer_stop(&s->timer);
    session_set_reason(s, reason);
    s->events.on_lost(s->events.ctx, was);
    if (was != SESSION_CONNECTS) /* nothing was pending, and on_lost may have connected again */
        answer_as_lost(s, unwritten);
}

static void on_wire_connected(void *ctx)
{
    struct session *s = ctx;
    s->state = SESSION_GREETS;
    s->events.on_connected(s->events.ctx);
}

static void on_wire_lost(void *ctx, const char *reason)
{
    struct session *s = ctx;
    char words[SESSION_WORDS_MAX];
    show_words(s, reason, words, sizeof words);
    lost(s, words, wire_unwritten(s->wire));
}

static void on_wire_closed(void *ctx)
{
    part_closed(ctx);
}

int session_connect(struct session *s, const struct wire_address *to, struct err *err)
{
    const struct wire_events events = {s, on_wire_connected, on_reply, on_wire_lost,
                                       on_wire_closed};
    s->wire = wire_open(s->timer.loop, to, &events, err);
    if (s->wire == NULL)
        return -1;
    s->open_parts++;
    s->state = SESSION_CONNECTS;
    return 0;
}

void session_come_up(struct session *s)
{
    s->state = SESSION_IS_UP;
    s->is_late = false;
    watch_oldest(s);
    s->events.on_up(s->events.ctx);
}

void session_drop(struct session *s, const char *reason)
{
    size_t unwritten = wire_unwritten(s->wire);
    wire_close(s->wire);
    lost(s, reason, unwritten);
}

void session_drop_if_refused(struct session *s, const char *what, const struct link_answer *answer)
{
    struct err why;
    if (answer->end != LINK_REFUSED)
        return; /* if the connection was lost, on_lost has reported that */
    (void)err_set(&why, ERR_USAGE, "%s was refused: %s", what, answer->text);
    session_drop(s, why.text);
}

/* --- time --- */

/* A loop runs its timers before it reads. So when it is this program that is late, the answer may
 * have arrived already: a request that is due has one more turn. */
static void on_timer(uv_timer_t *timer)
{
    struct session *s = timer->data;
    const struct pending_request *r = pending_oldest(&s->pending);
    int64_t now_ns = clock_now_ns();
    char time[40];
    struct err why;
    if (r == NULL || r->due_ns > now_ns) {
        watch_oldest(s);
    } else if (!s->is_late) {
        s->is_late = true;
        start_timer(s, LATE_NS);
    } else {
        (void)err_set(&why, ERR_USAGE, "no answer for %s",
                      units_format_time(now_ns - r->sent_ns, time, sizeof time));
        session_drop(s, why.text);
    }
}

/* --- opening and closing --- */

static void on_timer_closed(uv_handle_t *handle)
{
    part_closed(handle->data);
}

void session_init(struct session *s, uv_loop_t *loop, const struct redis_url *url,
                  const struct session_events *events)
{
    *s = (struct session){.events = *events,
                          .url = *url,
                          .answer_limit_ns = LINK_LIMIT_NS,
                          .timer_due_ns = NEVER_NS,
                          .open_parts = 1};
    buf_init(&s->command, COMMAND_MAX_BYTES);
    session_set_reason(s, "not connected yet");
    (void)uv_timer_init(loop, &s->timer);
    s->timer.data = s;
}

void session_close(struct session *s)
{
    s->state = SESSION_IS_DOWN;
    session_set_reason(s, "the link was closed");
    if (s->wire != NULL) {
        s->unwritten = wire_unwritten(s->wire);
        wire_close(s->wire);
        s->wire = NULL;
    }
    uv_close((uv_handle_t *)&s->timer, on_timer_closed);
}
