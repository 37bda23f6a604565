/* Random frames to the HTTP/2 session of a client: each stream has one end, memory is bounded, and
 * how the bytes are cut changes nothing.
 *
 * Input: the first byte chooses, the second says where the rest is cut. The rest are bytes of the
 * server as they are, or records of which frames are made: type, flags, stream, length, payload. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "http2/session.h"

#define STREAMS    6
#define MEMORY_MAX ((size_t)1 << 20)
#define AGAIN_MAX  40

enum { INPUT_FRAMES = 1, INPUT_NO_SETTINGS = 2 };

/* NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

struct play {
    struct h2_client client;
    struct h2_session session;
    struct h2_stream streams[STREAMS];
    bool is_open[STREAMS];
    bool is_live; /* answers at once, submits again, and cancels */
    unsigned again;
    uint64_t sums[STREAMS]; /* of the bytes of a body */
    size_t bytes;
};

static struct h2_request requests[3];

static void fail(const char *what)
{
    (void)fprintf(stderr, "http2_fuzz: %s\n", what);
    abort();
}

static void check(bool holds, const char *what)
{
    if (!holds)
        fail(what);
}

/* --- nghttp2's memory --- */

static void add(struct play *p, void *ptr)
{
    p->bytes += malloc_usable_size(ptr);
    check(p->bytes < MEMORY_MAX, "too much memory");
}

static void give_back(void *ptr, void *play)
{
    struct play *p = play;
    p->bytes -= ptr == NULL ? 0 : malloc_usable_size(ptr);
    free(ptr);
}

static void *take(size_t size, void *play)
{
    void *ptr = mem_grow(NULL, size, 1);
    add(play, ptr);
    return ptr;
}

static void *take_zeroed(size_t count, size_t size, void *play)
{
    void *ptr = mem_array(count, size);
    add(play, ptr);
    return ptr;
}

static void *resize(void *ptr, size_t size, void *play)
{
    struct play *p = play;
    p->bytes -= ptr == NULL ? 0 : malloc_usable_size(ptr);
    ptr = mem_grow(ptr, size, 1);
    add(p, ptr);
    return ptr;
}

/* --- the caller of the session --- */

static void submit(struct play *p, size_t i)
{
    check(!p->is_open[i], "a stream is submitted twice");
    p->is_open[i] = true;
    h2_session_submit(&p->session, &p->streams[i], &requests[i % LEN(requests)]);
}

static void on_end(void *ctx, struct h2_stream *stream)
{
    struct play *p = ctx;
    size_t i = (size_t)(stream - p->streams);
    check(i < STREAMS && p->is_open[i], "an end of a stream that has none");
    check(stream->end != H2_OPEN, "an end that is none");
    check((stream->why == NULL) == (stream->end == H2_WHOLE) || stream->end == H2_LOST,
          "an end without a reason");
    check(stream->end != H2_WHOLE || (stream->status >= 200 && stream->status <= 999),
          "a whole reply with a wrong status");
    p->is_open[i] = false;
    if (p->is_live && p->again > 0 && h2_session_room(&p->session) > 0) {
        p->again--;
        submit(p, i);
    }
}

static void on_body(void *ctx, struct h2_stream *stream, const char *bytes, size_t len)
{
    struct play *p = ctx;
    size_t i = (size_t)(stream - p->streams);
    check(p->is_open[i] && len > 0, "a body of no stream");
    for (size_t at = 0; at < len; at++)
        p->sums[i] = p->sums[i] * 31 + (uint8_t)bytes[at];
}

static const struct h2_events events = {.on_end = on_end, .on_body = on_body};

static void take_all(struct play *p)
{
    char buf[H2_TAKE_LEAST];
    size_t total = 0;
    for (;;) {
        size_t len = h2_session_take(&p->session, buf, sizeof buf, 2);
        if (len == 0)
            break;
        total += len;
        check(len <= sizeof buf && total < MEMORY_MAX, "too many bytes to write");
    }
}

static void check_sums(const struct play *p)
{
    uint32_t open = 0;
    for (size_t i = 0; i < STREAMS; i++)
        open += p->is_open[i];
    check(p->session.open == open, "another number of open streams");
    check(p->session.submitted == p->session.ended + open, "a stream is missing");
}

static void play_begin(struct play *p, bool is_live)
{
    struct err err;
    *p = (struct play){.is_live = is_live, .again = AGAIN_MAX};
    check(h2_client_init(&p->client, &events, &err) == 0, "no client");
    p->client.memory.functions = (nghttp2_mem){.mem_user_data = p,
                                               .malloc = take,
                                               .free = give_back,
                                               .calloc = take_zeroed,
                                               .realloc = resize};
    h2_session_open(&p->session, &p->client, p);
    p->session.is_settled = true; /* so that there is room for all before the first byte */
    p->session.max_streams = STREAMS;
    for (size_t i = 0; i < STREAMS; i++)
        submit(p, i);
    take_all(p);
}

static void play_end(struct play *p)
{
    take_all(p);
    check_sums(p);
    check(h2_session_blocked_ns(&p->session, 2) >= 0, "time went back");
    p->is_live = false;
}

/* Which is after the outcome was looked at. */
static void play_close(struct play *p)
{
    h2_session_drain(&p->session);
    check_sums(p);
    check(p->session.open == 0, "a stream has no end");
    h2_session_close(&p->session);
    check(p->bytes == 0, "memory was not given back");
    h2_client_fini(&p->client);
}

static size_t piece_len(uint32_t *random, size_t left, uint32_t cuts)
{
    if (cuts == 0)
        return left;
    *random = *random * 1664525U + 1013904223U;
    size_t len = cuts == 1 ? 1 : 1 + (*random >> 16) % (cuts % 61 + 2);
    return len < left ? len : left;
}

static void feed(struct play *p, const char *data, size_t len, uint32_t cuts)
{
    uint32_t random = cuts;
    for (size_t at = 0; at < len;) {
        size_t n = piece_len(&random, len - at, cuts);
        char *piece = mem_zalloc(n);
        memcpy(piece, data + at, n);
        (void)h2_session_feed(&p->session, piece, n, 1);
        free(piece);
        at += n;
        if (!p->is_live)
            continue;
        size_t i = random % STREAMS;
        if (random % 97 == 0 && p->is_open[i]) {
            h2_session_cancel(&p->session, &p->streams[i]);
            p->is_open[i] = false;
        }
        take_all(p);
        check_sums(p);
    }
}

/* --- the comparison --- */

/* nghttp2 counts a CONTINUATION again when it is cut; and behind a GOAWAY that ends all streams it
 * looks at what came in the same piece, but at no other. */
static bool may_differ(const struct h2_session *a, const struct h2_session *b)
{
    static const char frames[] = "a head in too many frames";
    return (a->why != NULL && b->why != NULL) || a->goaway.received || b->goaway.received ||
           (a->why != NULL && strcmp(a->why, frames) == 0) ||
           (b->why != NULL && strcmp(b->why, frames) == 0);
}

static void compare(const struct play *a, const struct play *b)
{
    if (may_differ(&a->session, &b->session))
        return;
    check(a->session.why == b->session.why, "another error, cut into pieces");
    for (size_t i = 0; i < STREAMS; i++) {
        const struct h2_stream *x = &a->streams[i];
        const struct h2_stream *y = &b->streams[i];
        check(a->is_open[i] == b->is_open[i] && x->end == y->end && x->why == y->why,
              "another end, cut into pieces");
        check(x->end != H2_WHOLE || (x->status == y->status && x->body_bytes == y->body_bytes &&
                                     x->wire_bytes == y->wire_bytes && a->sums[i] == b->sums[i]),
              "another reply, cut into pieces");
    }
}

static void check_cuts(const char *data, size_t len, uint32_t cuts)
{
    static const uint32_t always[] = {0, 1};
    struct play plays[3];
    for (size_t i = 0; i < LEN(plays); i++) {
        play_begin(&plays[i], false);
        feed(&plays[i], data, len, i < LEN(always) ? always[i] : cuts);
        play_end(&plays[i]);
    }
    compare(&plays[0], &plays[1]);
    compare(&plays[0], &plays[2]);
    for (size_t i = 0; i < LEN(plays); i++)
        play_close(&plays[i]);
}

static void check_live(const char *data, size_t len, uint32_t cuts)
{
    struct play p;
    play_begin(&p, true);
    feed(&p, data, len, cuts);
    play_end(&p);
    play_close(&p);
}

/* --- the input --- */

static void add_frame(struct buf *out, const uint8_t *record, const uint8_t *payload, size_t len)
{
    const uint8_t head[H2_FRAME_HEAD] = {0, 0, (uint8_t)len,  record[0] % 16, record[1], 0,
                                         0, 0, record[2] % 16};
    buf_add(out, head, sizeof head);
    buf_add(out, payload, len);
}

static void add_records(struct buf *out, const uint8_t *data, size_t len)
{
    while (len >= 4) {
        size_t payload_len = data[3] < len - 4 ? data[3] : len - 4;
        add_frame(out, data, data + 4, payload_len);
        data += 4 + payload_len;
        len -= 4 + payload_len;
    }
}

static void init_requests(void)
{
    static char post[4000] = "POST / HTTP/1.1\r\nHost: h\r\n\r\n";
    static const char get[] = "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n";
    static const char head[] = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";
    struct err err;
    if (requests[0].fields != NULL)
        return;
    memset(post + strlen(post), 'x', sizeof post - strlen(post));
    check(h2_request_init(&requests[0], get, sizeof get - 1, "http", &err) == 0 &&
              h2_request_init(&requests[1], post, sizeof post, "http", &err) == 0 &&
              h2_request_init(&requests[2], head, sizeof head - 1, "https", &err) == 0,
          "no requests");
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    static const uint8_t settings[H2_FRAME_HEAD] = {0, 0, 0, NGHTTP2_SETTINGS};
    if (size < 2)
        return 0;
    struct buf data;
    init_requests();
    buf_init(&data, 1 << 16);
    if ((input[0] & INPUT_NO_SETTINGS) == 0)
        buf_add(&data, settings, sizeof settings);
    if ((input[0] & INPUT_FRAMES) != 0)
        add_records(&data, input + 2, size - 2);
    else
        buf_add(&data, input + 2, size - 2);
    check_cuts(data.data, data.len, 2U + input[1]);
    check_live(data.data, data.len, 2U + input[1]);
    buf_fini(&data);
    return 0;
}
