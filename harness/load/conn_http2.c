#include "load/conn_http2.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "http2/session.h"
#include "load/conn_internal.h"
#include "load/http2_requests.h"
#include "load/in_flight.h"
#include "load/visit.h"

struct http2_env {
    struct h2_client client;
    struct http2_requests requests;
};

struct request {
    struct slot slot; /* first, so that a deadline leads here */
    struct h2_stream stream;
    struct matching *matching; /* NULL: nothing is expected of any reply */
    struct h2_request made;    /* of an entry with placeholders, */
    struct buf text;           /* which were replaced here */
    struct request *next_free;
};

struct conn_http2 {
    struct h2_session session;
    struct request *requests, *free;
    int64_t fed_ns; /* when the server last sent something */
    bool is_open;
    bool awaits_room; /* since the deadline of `opening`: none is open, and none may be */
};

static struct request *request_of(struct h2_stream *stream)
{
    return (struct request *)(void *)((char *)stream - offsetof(struct request, stream));
}

/* --- the end of a request --- */

static void release(struct conn *c, struct request *r)
{
    close_slot(c, &r->slot);
    r->next_free = c->http2->free;
    c->http2->free = r;
}

static void count_lost(struct conn *c, struct request *r, enum loss_kind kind)
{
    struct tally *t = &c->env->tally;
    int64_t before = t->counts.failed[kind];
    count_loss(c, &r->slot, &t->counts.failed[kind], c->http2->fed_ns);
    if (r->stream.why != NULL)
        tally_reason(t, &(struct tally_reason){.kind = kind,
                                               .why = r->stream.why,
                                               .count = t->counts.failed[kind] - before});
}

/* What became of a request, which the session tells while it is fed. */
static void on_stream_end(void *ctx, struct h2_stream *stream)
{
    static const enum loss_kind kinds[] = {[H2_REFUSED] = LOSS_REFUSED,
                                           [H2_GONE] = LOSS_GOAWAY,
                                           [H2_RESET] = LOSS_STREAM,
                                           [H2_MALFORMED] = LOSS_PARSE,
                                           [H2_LOST] = LOSS_PARSE};
    struct conn *c = ctx;
    struct request *r = request_of(stream);
    int64_t now_ns = c->http2->fed_ns;
    release(c, r);
    if (stream->end != H2_WHOLE) {
        count_lost(c, r, kinds[stream->end]);
        return;
    }
    if (stream->first_byte_ns != now_ns)
        r->slot.first_byte_ns = stream->first_byte_ns;
    count_reply(c, &r->slot, judge_reply(r->matching, stream->status), stream->status,
                stream->wire_bytes, now_ns);
    if (r->slot.entry != NULL)
        visit_replied(c, r->slot.entry, r->matching, now_ns);
}

static void on_stream_body(void *ctx, struct h2_stream *stream, const char *bytes, size_t len)
{
    (void)ctx;
    struct matching *matching = request_of(stream)->matching;
    if (matching != NULL && matching->rule != NULL && matching->rule->wants_body)
        matching_body(matching, bytes, len);
}

static void on_stream_header(void *ctx, struct h2_stream *stream, const struct h2_header *header)
{
    (void)ctx;
    struct matching *matching = request_of(stream)->matching;
    if (matching != NULL && matching->rule != NULL && matching->rule->wants_headers)
        matching_header(matching, header->name, header->name_len, header->value, header->value_len);
}

static struct slot *pop(struct conn *c)
{
    struct h2_session *session = &c->http2->session;
    struct request *oldest = request_of(session->first);
    h2_session_cancel(session, &oldest->stream);
    release(c, oldest);
    return &oldest->slot;
}

/* --- writing --- */

/* All that the session has to say, as long as the socket takes it; the newest n requests are part
 * of that. */
static void flush(struct conn *c, uint32_t n, int64_t now_ns)
{
    char *plain = c->stream.env->plain;
    int error = 0;
    while (error == 0 && !c->stream.is_writing && !c->is_broken) {
        size_t len = h2_session_take(&c->http2->session, plain, TLS_PLAIN_BYTES, now_ns);
        if (len == 0)
            return;
        c->env->tally.counts.bytes_sent += (int64_t)len;
        error = stream_write_copy(&c->stream, plain, len);
    }
    if (error < 0)
        conn_write_failed(c, n, error, now_ns);
}

/* The next request of a list; NULL: there is none now. */
static const struct h2_request *next_listed(struct conn *c, struct request *r, int64_t now_ns)
{
    const struct http2_env *env = c->env->http2;
    struct err err;
    buf_clear(&r->text);
    const struct source_entry *entry = r->slot.entry = visit_next(c, &r->text, now_ns);
    if (entry == NULL)
        return NULL;
    if (entry->template.npieces == 0)
        return &env->requests.listed[c->source - c->env->sources][entry->index];
    if (h2_request_set(&r->made, r->text.data, r->text.len,
                       http2_requests_scheme(c->env->spec, c->number % c->env->spec->norigins),
                       &err) == 0)
        return &r->made;
    visit_refuse(c, entry, now_ns);
    return NULL;
}

/* False: there is none to be sent now. */
static bool submit(struct conn *c, int64_t due_ns, int64_t now_ns)
{
    struct conn_http2 *h = c->http2;
    struct request *r = h->free;
    const struct h2_request *request = &c->env->http2->requests.text;
    if (c->visitor != NULL)
        request = next_listed(c, r, now_ns);
    if (request == NULL)
        return false;
    h->free = r->next_free;
    if (r->matching != NULL)
        matching_begin(r->matching, source_rule(c->source, r->slot.entry));
    open_slot(c, &r->slot, due_ns, now_ns);
    h2_session_submit(&h->session, &r->stream, request);
    return true;
}

static void send_requests(struct conn *c, uint32_t n, int64_t due_ns, int64_t now_ns)
{
    uint32_t most = c->most - c->open;
    if (c->stream.is_writing || c->is_broken)
        return; /* go_on follows when that is written, unless a write failed */
    if (n > most)
        n = most;
    uint32_t submitted = 0;
    while (submitted < n && submit(c, due_ns, now_ns))
        submitted++;
    count_sent(c, submitted, 0); /* its bytes are counted when they are written */
    flush(c, submitted, now_ns);
}

/* --- the connection --- */

static void await_room(struct conn *c, bool awaits, int64_t now_ns)
{
    struct deadline *deadline = &c->opening.deadline; /* it is free once the connection is open */
    if (awaits == c->http2->awaits_room)
        return;
    c->http2->awaits_room = awaits;
    if (awaits)
        deadlines_add(&c->env->deadlines, deadline, now_ns);
    else
        deadlines_remove(deadline);
}

static void note_limit(struct conn *c)
{
    const struct h2_session *session = &c->http2->session;
    struct tally_http2 *t = &c->env->tally.http2;
    if (session->is_settled && session->max_streams < t->max_streams)
        t->max_streams = session->max_streams;
}

/* A server that allows no streams, and lets it at that, has nothing open that would time out. */
static void look_for_room(struct conn *c, int64_t now_ns)
{
    uint32_t room = h2_session_room(&c->http2->session);
    uint32_t size = (uint32_t)c->env->spec->pipelining;
    c->most = room < size - c->open ? c->open + room : size;
    await_room(c, c->most == 0, now_ns);
    note_limit(c);
}

static void fill(struct conn *c, int64_t now_ns)
{
    look_for_room(c, now_ns);
    conn_check_quota(c->env, now_ns);
    if (c->state == CONN_OPEN && c->open < c->most && !c->env->ending)
        conn_use_room(c, c->most - c->open, now_ns);
    if (c->state == CONN_OPEN)
        flush(c, 0, now_ns);
}

/* What the session leads to, after whatever may have changed it. A stream that nghttp2 resets, and
 * a connection that it ends, have their end when the server is told. */
static void go_on(struct conn *c, int64_t now_ns)
{
    const struct h2_session *session = &c->http2->session;
    uint64_t ended = session->ended + 1;
    while (c->state == CONN_OPEN && session->ended != ended) {
        ended = session->ended;
        fill(c, now_ns);
    }
    if (c->state == CONN_OPEN && conn_is_used_up(c))
        conn_give_up(c, now_ns);
    if (c->state != CONN_OPEN || !h2_session_is_over(session))
        return;
    conn_lose(c, 0, &(struct tally_reason){.kind = LOSS_PARSE, .why = session->why}, now_ns);
    conn_give_up(c, now_ns);
}

static void feed(struct conn *c, const char *bytes, size_t len, int64_t now_ns)
{
    c->http2->fed_ns = now_ns;
    (void)h2_session_feed(&c->http2->session, bytes, len, now_ns);
}

/* What the server said before its end may be the reason for it. */
static void finish(struct conn *c, int64_t now_ns)
{
    const char *why = c->http2->session.why;
    conn_lose(c, 0, &(struct tally_reason){.kind = why != NULL ? LOSS_PARSE : LOSS_EOF, .why = why},
              now_ns);
    conn_give_up(c, now_ns);
}

/* A stream alone is given up, unless the server has sent nothing since: then it is the connection
 * that does not answer. */
static void expire(struct slot *s, int64_t now_ns)
{
    struct conn *c = s->conn;
    struct request *r = (struct request *)s;
    bool is_silent = c->http2->fed_ns <= s->deadline.since_ns;
    if (s == &c->opening) {
        conn_give_up(c, now_ns); /* no request is open */
        return;
    }
    h2_session_cancel(&c->http2->session, &r->stream);
    release(c, r);
    count_loss(c, s, &c->env->tally.counts.timed_out, now_ns);
    if (is_silent)
        conn_lost(c, LOSS_DROPPED, now_ns);
    else
        go_on(c, now_ns);
}

static void begin(struct conn *c)
{
    struct conn_http2 *h = c->http2;
    h2_session_open(&h->session, &c->env->http2->client, c);
    h->is_open = true;
    h->fed_ns = 0;
    c->most = 1; /* until the server has said how many there may be */
}

static void shut(struct conn *c)
{
    struct conn_http2 *h = c->http2;
    struct tally_http2 *t = &c->env->tally.http2;
    if (!h->is_open)
        return;
    const struct h2_session *session = &h->session;
    await_room(c, false, 0);
    note_limit(c);
    t->limit_changes += session->limit_changes;
    t->goaways += session->goaway.received;
    t->blocked += (int64_t)session->blocked;
    t->blocked_ns += h2_session_blocked_ns(session, clock_now_ns());
    h->is_open = false;
    h2_session_close(&h->session);
}

static void init(struct conn *c)
{
    int count = c->env->spec->pipelining;
    c->http2 = mem_zalloc(sizeof *c->http2);
    c->http2->requests = mem_array((size_t)count, sizeof *c->http2->requests);
    for (int i = count; i-- > 0;) {
        struct request *r = &c->http2->requests[i];
        *r = (struct request){
            .slot.conn = c, .matching = matching_new(c->env->room), .next_free = c->http2->free};
        if (c->visitor != NULL)
            buf_init(&r->text, BUF_TEXT_MAX);
        c->http2->free = r;
    }
}

static void fini(struct conn *c)
{
    shut(c);
    for (int i = 0; i < c->env->spec->pipelining; i++) {
        matching_free(c->http2->requests[i].matching);
        h2_request_fini(&c->http2->requests[i].made);
        buf_fini(&c->http2->requests[i].text);
    }
    free(c->http2->requests);
    free(c->http2);
}

const struct protocol protocol_http2 = {
    .init = init,
    .fini = fini,
    .begin = begin,
    .send = send_requests,
    .feed = feed,
    .go_on = go_on,
    .finish = finish,
    .expire = expire,
    .pop = pop,
    .shut = shut,
};

/* --- what they share --- */

struct http2_env *http2_env_new(const struct load_spec *spec, struct err *err)
{
    static const struct h2_events discarding = {.on_end = on_stream_end};
    static const struct h2_events looking = {
        .on_end = on_stream_end, .on_header = on_stream_header, .on_body = on_stream_body};
    struct http2_env *env = mem_zalloc(sizeof *env);
    if (h2_client_init(&env->client, load_has_rules(spec) ? &looking : &discarding, err) < 0) {
        free(env);
        return NULL;
    }
    if (http2_requests_init(&env->requests, spec, err) < 0) {
        http2_env_free(env);
        return NULL;
    }
    return env;
}

void http2_env_free(struct http2_env *env)
{
    if (env == NULL)
        return;
    http2_requests_fini(&env->requests);
    h2_client_fini(&env->client);
    free(env);
}
