#include "load/conn_internal.h"
#include "load/in_flight.h"
#include "load/visit.h"

/* Before the first byte of the reply of the oldest request. */
static void next_reply(struct conn *c)
{
    const struct source_entry *entry = c->slots[c->head].entry;
    response_init(&c->reply, source_reply_to(c->source, entry));
    if (c->matching != NULL)
        matching_reply(c->matching, source_rule(c->source, entry), &c->reply);
    c->reply_bytes = 0;
}

static struct slot *pop(struct conn *c)
{
    struct slot *s = &c->slots[c->head];
    c->head = c->head + 1 == c->most ? 0 : c->head + 1;
    close_slot(c, s);
    return s;
}

static void request_done(struct conn *c, int64_t now_ns)
{
    enum matching_verdict verdict = judge_reply(c->matching, c->reply.status);
    struct slot *s = pop(c);
    count_reply(c, s, verdict, c->reply.status, c->reply_bytes, now_ns);
    if (s->entry != NULL)
        visit_replied(c, s->entry, c->matching, now_ns);
}

static uint32_t slot_after(const struct conn *c, uint32_t n)
{
    uint32_t at = c->head + n;
    return at >= c->most ? at - c->most : at;
}

/* Of the requests that have no reply. */
static size_t open_bytes(const struct conn *c)
{
    size_t bytes = 0;
    if (c->visitor == NULL)
        return source_bytes(c->source, c->open);
    for (uint32_t i = 0; i < c->open; i++)
        bytes += c->slots[slot_after(c, i)].len;
    return bytes;
}

/* The reply came before its request was written to the end: the server does not want the rest, and
 * may never read it (RFC 9112, 9.5). */
static bool is_unwritten(const struct conn *c)
{
    return stream_unwritten(&c->stream) > open_bytes(c);
}

/* Counts the oldest request in `counter`. Those behind it are not at fault: they are dropped. */
static void fail_oldest(struct conn *c, int64_t *counter, int64_t now_ns)
{
    count_loss(c, pop(c), counter, now_ns);
    conn_lost(c, LOSS_DROPPED, now_ns);
}

/* Bytes beyond the last reply could be taken for the next one; an empty line is harmless (RFC 9112,
 * 2.2). Returns how many were used. */
static size_t feed_unasked(struct conn *c, const char *data, int64_t now_ns)
{
    if (*data == '\r' || *data == '\n')
        return 1;
    c->env->tally.counts.unasked++;
    conn_give_up(c, now_ns);
    return 0;
}

/* What follows a whole reply. */
static void end_reply(struct conn *c, int64_t now_ns)
{
    bool is_one_shot = source_is_one_shot(c->source, c->slots[c->head].entry);
    bool keep_alive = c->reply.keep_alive && !is_one_shot;
    request_done(c, now_ns);
    if (!keep_alive)
        conn_lost(c, LOSS_EOF, now_ns); /* requests pipelined behind it get no reply */
    else if (c->stream.is_writing && is_unwritten(c))
        conn_lost(c, LOSS_DROPPED, now_ns);
    else if (conn_is_used_up(c))
        conn_give_up(c, now_ns);
    else if (c->open > 0)
        next_reply(c);
}

static void misread(struct conn *c, int64_t now_ns)
{
    struct tally *t = &c->env->tally;
    int64_t before = t->counts.failed[LOSS_PARSE];
    const char *why = c->reply.why;
    fail_oldest(c, &t->counts.failed[LOSS_PARSE], now_ns);
    tally_reason(t, &(struct tally_reason){.kind = LOSS_PARSE,
                                           .why = why,
                                           .count = t->counts.failed[LOSS_PARSE] - before});
}

/* Returns how many bytes belong to the reply of the oldest request. */
static size_t feed_reply(struct conn *c, const char *data, size_t len, int64_t now_ns)
{
    size_t used = 0;
    enum response_state state = response_feed(&c->reply, data, len, &used);
    c->reply_bytes += used;
    if (state == RESPONSE_DONE) {
        end_reply(c, now_ns);
    } else if (state == RESPONSE_BAD) {
        misread(c, now_ns);
    } else {
        struct slot *s = &c->slots[c->head];
        if (s->first_byte_ns == 0)
            s->first_byte_ns = now_ns;
    }
    return used;
}

static void feed(struct conn *c, const char *data, size_t len, int64_t now_ns)
{
    while (len > 0 && c->state == CONN_OPEN) {
        size_t used =
            c->open > 0 ? feed_reply(c, data, len, now_ns) : feed_unasked(c, data, now_ns);
        data += used;
        len -= used;
    }
}

static void go_on(struct conn *c, int64_t now_ns)
{
    conn_check_quota(c->env, now_ns);
    if (c->open < c->most)
        conn_use_room(c, c->most - c->open, now_ns);
}

/* It may be the end of a reply, too. */
static void finish(struct conn *c, int64_t now_ns)
{
    if (c->open > 0 && response_eof(&c->reply) == RESPONSE_DONE)
        request_done(c, now_ns);
    conn_lost(c, LOSS_EOF, now_ns);
}

static void expire(struct slot *s, int64_t now_ns)
{
    fail_oldest(s->conn, &s->conn->env->tally.counts.timed_out, now_ns);
}

/* Opens up to n requests of a list, whose bytes are in visitor->out then. Returns how many. */
static uint32_t open_listed(struct conn *c, uint32_t n, int64_t due_ns, int64_t now_ns)
{
    struct buf *out = &c->visitor->out;
    uint32_t opened = 0;
    buf_clear(out);
    while (opened < n) {
        size_t before = out->len;
        struct slot *s = &c->slots[slot_after(c, c->open)];
        s->entry = visit_next(c, out, now_ns);
        if (s->entry == NULL)
            break;
        s->len = out->len - before;
        open_slot(c, s, due_ns, now_ns);
        opened++;
    }
    return opened;
}

static uv_buf_t open_texts(struct conn *c, uint32_t n, int64_t due_ns, int64_t now_ns)
{
    for (uint32_t i = 0; i < n; i++)
        open_slot(c, &c->slots[slot_after(c, c->open)], due_ns, now_ns);
    return source_take(c->source, n);
}

/* Writes n requests in one call. */
static void send_requests(struct conn *c, uint32_t n, int64_t due_ns, int64_t now_ns)
{
    bool is_first = c->open == 0;
    uv_buf_t buf;
    if (c->stream.is_writing || c->is_broken)
        return; /* go_on follows when that is written, unless a write failed */
    if (c->visitor == NULL) {
        buf = open_texts(c, n, due_ns, now_ns);
    } else {
        n = open_listed(c, n, due_ns, now_ns);
        buf = uv_buf_init(c->visitor->out.data, (unsigned)c->visitor->out.len);
    }
    if (n == 0)
        return;
    if (is_first)
        next_reply(c);
    int error = stream_write(&c->stream, buf.base, buf.len);
    count_sent(c, n, buf.len);
    if (error < 0)
        conn_write_failed(c, n, error, now_ns);
}

static void begin(struct conn *c)
{
    c->head = 0;
}

static void init(struct conn *c)
{
    c->most = (uint32_t)c->env->spec->pipelining;
    for (uint32_t i = 0; i < c->most; i++)
        c->slots[i] = (struct slot){.conn = c};
    c->matching = matching_new(c->env->room);
}

static void fini(struct conn *c)
{
    matching_free(c->matching);
}

static void nothing(struct conn *c)
{
    (void)c;
}

const struct protocol protocol_http1 = {
    .init = init,
    .fini = fini,
    .begin = begin,
    .send = send_requests,
    .feed = feed,
    .go_on = go_on,
    .finish = finish,
    .expire = expire,
    .pop = pop,
    .shut = nothing,
};
