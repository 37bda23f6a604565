#include "support/h2_bed.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/h2_frames.h"

static const char get_text[] = "GET /path HTTP/1.1\r\nHost: h\r\nUser-Agent: bench\r\n\r\n";

/* --- memory that is counted --- */

static void count(struct h2_bed *b, void *ptr)
{
    b->bytes += malloc_usable_size(ptr);
    b->most = b->bytes > b->most ? b->bytes : b->most;
}

static void bed_give_back(void *ptr, void *bed)
{
    struct h2_bed *b = bed;
    if (ptr != NULL)
        b->bytes -= malloc_usable_size(ptr);
    free(ptr);
}

static void *bed_take(size_t size, void *bed)
{
    void *ptr = malloc(size > 0 ? size : 1);
    assert_non_null(ptr);
    count(bed, ptr);
    return ptr;
}

static void *bed_take_zeroed(size_t number, size_t size, void *bed)
{
    void *ptr = mem_array(number, size);
    count(bed, ptr);
    return ptr;
}

static void *bed_resize(void *ptr, size_t size, void *bed)
{
    struct h2_bed *b = bed;
    if (ptr != NULL)
        b->bytes -= malloc_usable_size(ptr);
    void *larger = mem_grow(ptr, size, 1);
    count(b, larger);
    return larger;
}

/* --- what is told --- */

static void begin(struct h2_bed *b, struct h2_bed_stream *stream, const struct h2_request *request)
{
    stream->submits++;
    stream->body_len = 0;
    stream->body_right = true;
    h2_session_submit(&b->session, &stream->stream, request);
}

static void on_end(void *ctx, struct h2_stream *ended)
{
    struct h2_bed *b = ctx;
    struct h2_bed_stream *stream = (struct h2_bed_stream *)ended;
    stream->ends++;
    assert_int_equal(stream->ends, stream->submits);
    assert_int_not_equal(ended->end, H2_OPEN);
    if (ended->end != H2_LOST)
        assert_int_equal(ended->end == H2_WHOLE, ended->why == NULL);
    b->told[ended->end]++;
    b->told_in_all++;
    if (b->again > 0 && h2_session_room(&b->session) > 0) {
        b->again--;
        begin(b, stream, &b->get);
    }
}

static void on_body(void *ctx, struct h2_stream *of, const char *bytes, size_t len)
{
    (void)ctx;
    struct h2_bed_stream *stream = (struct h2_bed_stream *)of;
    assert_true(len > 0);
    for (size_t i = 0; i < len; i++)
        stream->body_right &= bytes[i] == h2_bed_body(stream->body_len + i);
    stream->body_len += len;
    assert_int_equal(stream->body_len, of->body_bytes);
}

static const struct h2_events events = {.on_end = on_end, .on_body = on_body};

/* --- for the test --- */

struct h2_bed *h2_bed_new(void)
{
    struct h2_bed *b = mem_zalloc(sizeof *b);
    struct err err;
    assert_int_equal(h2_client_init(&b->client, &events, &err), 0);
    b->client.memory.functions = (nghttp2_mem){.mem_user_data = b,
                                               .malloc = bed_take,
                                               .free = bed_give_back,
                                               .calloc = bed_take_zeroed,
                                               .realloc = bed_resize};
    h2_bed_request(&b->get, get_text, sizeof get_text - 1);
    b->now_ns = 1;
    b->take_size = 65536;
    buf_init(&b->in, BUF_TEXT_MAX);
    buf_init(&b->sent, BUF_TEXT_MAX);
    h2_session_open(&b->session, &b->client, b);
    return b;
}

void h2_bed_use_memory(struct h2_bed *b)
{
    h2_session_close(&b->session);
    h2_memory_init(&b->client.memory);
    h2_session_open(&b->session, &b->client, b);
}

void h2_bed_free(struct h2_bed *b)
{
    struct h2_session *s = &b->session;
    assert_int_equal(s->submitted, s->ended + s->open);
    b->again = 0;
    h2_session_drain(s);
    assert_int_equal(s->open, 0);
    assert_null(s->first);
    assert_int_equal(s->submitted, s->ended);
    assert_int_equal(s->ended, b->told_in_all + b->cancelled);
    h2_session_close(s);
    assert_int_equal(b->bytes, 0);
    assert_int_equal(b->client.memory.bytes, 0);
    h2_client_fini(&b->client);
    h2_request_fini(&b->get);
    buf_fini(&b->in);
    buf_fini(&b->sent);
    free(b);
}

void h2_bed_request(struct h2_request *r, const char *text, size_t len)
{
    struct err err;
    assert_int_equal(h2_request_init(r, text, len, "http", &err), 0);
}

size_t h2_bed_submit(struct h2_bed *b, const struct h2_request *request)
{
    assert_true(b->count < H2_BED_STREAMS);
    begin(b, &b->streams[b->count], request == NULL ? &b->get : request);
    return b->count++;
}

size_t h2_bed_fill(struct h2_bed *b, size_t most)
{
    size_t filled = 0;
    while (filled < most && h2_session_room(&b->session) > 0) {
        (void)h2_bed_submit(b, NULL);
        filled++;
    }
    return filled;
}

void h2_bed_cancel(struct h2_bed *b, size_t number)
{
    h2_session_cancel(&b->session, &b->streams[number].stream);
    b->streams[number].submits--; /* as if it had never been */
    b->cancelled++;
}

int h2_bed_feed(struct h2_bed *b, const char *bytes, size_t len)
{
    int result = 0;
    size_t step = b->piece == 0 ? len : b->piece;
    for (size_t at = 0; at < len; at += step) {
        size_t n = len - at < step ? len - at : step;
        char *piece = mem_zalloc(n);
        memcpy(piece, bytes + at, n);
        result = h2_session_feed(&b->session, piece, n, b->now_ns);
        free(piece);
    }
    return result;
}

int h2_bed_feed_in(struct h2_bed *b)
{
    assert_false(b->in.overflow);
    int result = h2_bed_feed(b, b->in.data, b->in.len);
    buf_clear(&b->in);
    return result;
}

struct h2_bed *h2_bed_settled(size_t requests)
{
    struct h2_bed *b = h2_bed_new();
    frame_settings(&b->in, 0, 0);
    frame_add(&b->in, NGHTTP2_SETTINGS, NGHTTP2_FLAG_ACK, 0, "", 0);
    assert_int_equal(h2_bed_feed_in(b), 0);
    assert_int_equal(h2_bed_fill(b, requests), requests);
    h2_bed_take(b);
    buf_clear(&b->sent);
    return b;
}

void h2_bed_take(struct h2_bed *b)
{
    char *to = mem_zalloc(b->take_size);
    size_t len = 0;
    do {
        len = h2_session_take(&b->session, to, b->take_size, b->now_ns);
        assert_true(len <= b->take_size);
        buf_add(&b->sent, to, len);
    } while (len > 0);
    free(to);
    assert_false(b->sent.overflow);
}

void h2_bed_expect(const struct h2_bed *b, size_t number, enum h2_end end, unsigned status,
                   const char *why)
{
    const struct h2_bed_stream *stream = &b->streams[number];
    assert_int_equal(stream->ends, 1);
    assert_int_equal(stream->stream.end, end);
    if (end == H2_WHOLE)
        assert_int_equal(stream->stream.status, status);
    if (why == NULL)
        assert_null(stream->stream.why);
    else
        assert_string_equal(stream->stream.why, why);
}

void h2_bed_check_alive(struct h2_bed *b)
{
    size_t number = h2_bed_submit(b, NULL);
    h2_bed_take(b);
    frame_ok(&b->in, (uint32_t)b->streams[number].stream.id, NGHTTP2_FLAG_END_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, number, H2_WHOLE, 200, NULL);
    assert_int_equal(frames_count(&b->sent, NGHTTP2_GOAWAY, 0), 0);
    assert_true(b->most < H2_BED_MEMORY_MAX);
}

void h2_bed_check_failed(struct h2_bed *b, const char *why, enum h2_farewell farewell)
{
    struct h2_session *s = &b->session;
    (void)h2_bed_feed_in(b);
    assert_int_equal(h2_session_room(s), 0); /* before the peer is told */
    h2_bed_take(b);
    assert_non_null(s->why);
    assert_string_equal(s->why, why);
    assert_true(h2_session_is_over(s));
    assert_int_equal(h2_session_room(s), 0);
    assert_int_equal(frames_count(&b->sent, NGHTTP2_GOAWAY, 0), farewell == H2_BED_SAID);
    assert_int_equal(h2_bed_feed(b, "more", 4), -1);
    unsigned lost = b->told[H2_LOST] + s->open;
    h2_session_drain(s);
    assert_int_equal(b->told[H2_LOST], lost);
    for (size_t i = 0; i < b->count; i++) {
        const struct h2_stream *stream = &b->streams[i].stream;
        assert_true(stream->end != H2_LOST || stream->why == s->why);
    }
    assert_true(b->most < H2_BED_MEMORY_MAX);
}
