/* A client's session joined to a server session of nghttp2: requests as the server saw them,
 * replies as they were told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/h2_server.h"

/* Both ends, settled. */
static struct h2_server *join(struct h2_bed **bed, int32_t setting, uint32_t value)
{
    *bed = h2_bed_new();
    struct h2_server *server = h2_server_new(*bed, setting, value);
    h2_server_pump(server);
    assert_true((*bed)->session.is_settled);
    return server;
}

static void part(struct h2_server *server, struct h2_bed *bed)
{
    h2_server_free(server);
    h2_bed_free(bed);
}

static void the_server_sees_the_request(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"GET /a?b HTTP/1.1\r\nHost: h:1\r\nUser-Agent: x\r\n\r\n",
         ":method: GET\n:scheme: http\n:authority: h:1\n:path: /a?b\nuser-agent: x\n"},
        {"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n",
         ":method: HEAD\n:scheme: http\n:authority: h\n:path: /\n"},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nA: 1\r\nA: 2\r\n\r\nabc",
         ":method: POST\n:scheme: http\n:authority: h\n:path: /\ncontent-length: 3\na: 1\na: 2\n"},
        {"PUT / HTTP/1.1\r\nHost: h\r\n\r\nabcde",
         ":method: PUT\n:scheme: http\n:authority: h\n:path: /\n"},
        {"PURGE / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic YTpi\r\nTE: trailers\r\n\r\n",
         ":method: PURGE\n:scheme: http\n:authority: h\n:path: /\nauthorization: Basic YTpi\n"
         "te: trailers\n"},
        {"OPTIONS / HTTP/1.1\r\nHost: h\r\nCookie: a\r\n\r\n",
         ":method: OPTIONS\n:scheme: http\n:authority: h\n:path: /\ncookie: a\n"},
    };
    struct h2_bed *b = NULL;
    struct h2_server *server = join(&b, 0, 0);
    for (size_t i = 0; i < LEN(cases) * 2; i++) { /* the second time, HPACK knows them */
        const char *text = cases[i % LEN(cases)].text;
        struct h2_request r;
        h2_bed_request(&r, text, strlen(text));
        size_t number = h2_bed_submit(b, &r);
        h2_server_pump(server);
        const struct h2_server_request *seen = &server->requests[number];
        assert_true(seen->is_whole);
        assert_string_equal(seen->head.data, cases[i % LEN(cases)].want);
        assert_int_equal(seen->body_len, strlen(strstr(text, "\r\n\r\n")) - 4);
        assert_true(seen->body_right);
        h2_bed_expect(b, number, H2_WHOLE, 200, NULL);
        h2_request_fini(&r);
    }
    part(server, b);
}

/* A head that needs CONTINUATION. */
static void the_server_sees_a_large_head(void **state)
{
    (void)state;
    struct h2_bed *b = NULL;
    struct h2_server *server = join(&b, 0, 0);
    struct h2_request r;
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(&text, "GET / HTTP/1.1\r\nHost: h\r\n");
    for (int i = 0; i < 30; i++) {
        buf_printf(&text, "Large-%d: ", i);
        buf_pad(&text, (char)('!' + i), 2000); /* signs that Huffman makes longer */
        buf_puts(&text, "\r\n");
    }
    buf_puts(&text, "\r\n");
    h2_bed_request(&r, text.data, text.len);
    b->take_size = H2_TAKE_LEAST;
    (void)h2_bed_submit(b, &r);
    h2_server_pump(server);
    assert_true(server->requests[0].is_whole);
    assert_in_range(server->requests[0].head.len, 60000, 65000);
    h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
    h2_request_fini(&r);
    buf_fini(&text);
    part(server, b);
}

static const struct {
    struct h2_server_reply reply;
    unsigned status;
} replies[] = {
    {{.status = "200"}, 200},
    {{.status = "404", .name = "a", .value = "b", .fields = 3}, 404},
    {{.status = "200", .body_len = 5}, 200},
    {{.status = "500", .body_len = 100000}, 500},
    {{.status = "200", .interim = "103", .body_len = 40000}, 200},
    {{.status = "204", .interim = "100"}, 204},
    {{.status = "304"}, 304},
    {{.status = "200", .body_len = 7, .trailers = "checksum"}, 200},
    {{.status = "200", .trailers = "empty"}, 200},
    {{.status = "999", .interim = "102", .body_len = 20000, .trailers = "t"}, 999},
};

static void replies_are_told_however_they_are_cut(void **state)
{
    (void)state;
    static const size_t pieces[] = {0, 1, 2, 3, 7, 8, 9, 10, 64, 1000, 16384, 16393};
    for (size_t p = 0; p < LEN(pieces); p++) {
        struct h2_bed *b = NULL;
        struct h2_server *server = join(&b, 0, 0);
        b->piece = pieces[p];
        for (size_t i = 0; i < LEN(replies); i++) {
            b->now_ns = 1000 + (int64_t)i;
            server->reply = replies[i].reply;
            size_t number = h2_bed_submit(b, NULL);
            h2_server_pump(server);
            h2_bed_expect(b, number, H2_WHOLE, replies[i].status, NULL);
            const struct h2_bed_stream *stream = &b->streams[number];
            assert_int_equal(stream->stream.body_bytes, replies[i].reply.body_len);
            assert_int_equal(stream->body_len, replies[i].reply.body_len);
            assert_true(stream->body_right);
            assert_int_equal(stream->stream.first_byte_ns, b->now_ns);
            assert_true(stream->stream.wire_bytes > stream->body_len + H2_FRAME_HEAD);
        }
        assert_int_equal(b->told[H2_WHOLE], LEN(replies));
        part(server, b);
    }
}

/* 48 KB of head: HEADERS and two CONTINUATIONs. */
static void a_large_head_is_read_however_it_is_cut(void **state)
{
    (void)state;
    static const size_t pieces[] = {0, 1, 5, 4096};
    char *value = mem_zalloc(1001);
    memset(value, '~', 1000); /* which Huffman makes longer */
    for (size_t p = 0; p < LEN(pieces); p++) {
        struct h2_bed *b = NULL;
        struct h2_server *server = join(&b, 0, 0);
        b->piece = pieces[p];
        server->reply = (struct h2_server_reply){
            .status = "200", .name = "set-cookie", .value = value, .fields = 48, .body_len = 9};
        (void)h2_bed_submit(b, NULL);
        h2_server_pump(server);
        h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
        assert_true(b->streams[0].stream.wire_bytes > 48000);
        part(server, b);
    }
    free(value);
}

static void a_head_request_has_no_body(void **state)
{
    (void)state;
    static const char text[] = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";
    struct h2_bed *b = NULL;
    struct h2_server *server = join(&b, 0, 0);
    struct h2_request r;
    h2_bed_request(&r, text, sizeof text - 1);
    server->reply = (struct h2_server_reply){
        .status = "200", .name = "content-length", .value = "1000", .fields = 1};
    (void)h2_bed_submit(b, &r);
    h2_server_pump(server);
    h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
    assert_int_equal(b->streams[0].stream.body_bytes, 0);
    h2_request_fini(&r);
    part(server, b);
}

static void the_server_knows_our_limits(void **state)
{
    (void)state;
    static const struct {
        nghttp2_settings_id id;
        uint32_t value;
    } cases[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, (1 << 30) - 1},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, 65536},
        {NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, 4096},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    };
    struct h2_bed *b = NULL;
    struct h2_server *server = join(&b, 0, 0);
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(nghttp2_session_get_remote_settings(server->nghttp2, cases[i].id),
                         cases[i].value);
    assert_int_equal(nghttp2_session_get_remote_window_size(server->nghttp2), (1 << 30) - 1);
    part(server, b);
}

static void many_requests_are_one_write(void **state)
{
    (void)state;
    struct h2_bed *b = NULL;
    struct h2_server *server = join(&b, 0, 0);
    char bytes[65536];
    assert_int_equal(h2_bed_fill(b, 100), 100);
    size_t len = h2_session_take(&b->session, bytes, sizeof bytes, 2);
    assert_true(len > 900);
    assert_int_equal(h2_session_take(&b->session, bytes + len, sizeof bytes - len, 2), 0);
    buf_add(&b->sent, bytes, len);
    server->reply.body_len = 3000;
    h2_server_pump(server);
    assert_int_equal(server->most, 100);
    assert_int_equal(b->told[H2_WHOLE], 100);
    for (size_t i = 0; i < 100; i++)
        assert_true(b->streams[i].body_len == 3000 && b->streams[i].body_right);
    part(server, b);
}

static void there_is_room_for_one_until_the_peer_has_said_more(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_new();
    assert_int_equal(h2_session_room(&b->session), 1);
    assert_int_equal(h2_bed_fill(b, 100), 1);
    struct h2_server *server = h2_server_new(b, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 7);
    server->answer = NULL;
    h2_server_pump(server);
    assert_int_equal(b->session.max_streams, 7);
    assert_int_equal(h2_bed_fill(b, 100), 6);
    h2_server_pump(server);
    assert_int_equal(server->most, 7);
    part(server, b);
}

static void a_limit_may_change_in_the_middle(void **state)
{
    (void)state;
    struct h2_bed *b = NULL;
    struct h2_server *server = join(&b, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 10);
    server->answer = NULL;
    assert_int_equal(h2_bed_fill(b, 100), 10);
    h2_server_pump(server);
    h2_server_set(server, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 4);
    h2_server_pump(server);
    assert_int_equal(b->session.limit_changes, 1);
    assert_int_equal(h2_session_room(&b->session), 0);
    for (int32_t id = 1; id <= 13; id += 2) /* three stay open */
        h2_server_answer(server, id);
    h2_server_pump(server);
    assert_int_equal(b->told[H2_WHOLE], 7);
    assert_int_equal(h2_bed_fill(b, 100), 1);
    h2_server_pump(server);
    h2_server_set(server, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0);
    h2_server_pump(server);
    assert_int_equal(h2_session_room(&b->session), 0);
    h2_server_set(server, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 50);
    h2_server_pump(server);
    assert_int_equal(b->session.limit_changes, 3);
    assert_int_equal(h2_bed_fill(b, 100), 46);
    server->answer = h2_server_answer;
    h2_server_pump(server);
    assert_int_equal(b->told[H2_WHOLE], 7 + 46);
    for (int32_t id = 15; id <= 21; id += 2)
        h2_server_answer(server, id);
    h2_server_pump(server);
    assert_int_equal(b->told[H2_WHOLE], 57);
    assert_int_equal(b->session.open, 0);
    part(server, b);
}

/* The limit falls when requests are submitted and not yet taken. They wait, and are sent. */
static void requests_above_a_new_limit_wait(void **state)
{
    (void)state;
    struct h2_bed *b = NULL;
    struct h2_server *server = join(&b, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 10);
    assert_int_equal(h2_bed_fill(b, 10), 10);
    h2_server_set(server, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 2);
    assert_true(h2_server_flush(server));
    h2_bed_cancel(b, 9); /* one that waits */
    h2_server_pump(server);
    assert_int_equal(server->most, 2);
    assert_int_equal(server->count, 9);
    assert_int_equal(b->told[H2_WHOLE], 9);
    part(server, b);
}

static void a_cancelled_stream_disturbs_no_other(void **state)
{
    (void)state;
    struct h2_bed *b = NULL;
    struct h2_server *server = join(&b, 0, 0);
    server->answer = NULL;
    assert_int_equal(h2_bed_fill(b, 3), 3);
    h2_server_pump(server);
    h2_bed_cancel(b, 1);
    h2_bed_cancel(b, 0);
    assert_int_equal(b->session.open, 1);
    server->reply.body_len = 50000;
    for (int32_t id = 1; id <= 5; id += 2)
        h2_server_answer(server, id);
    assert_true(h2_server_flush(server)); /* before it knows */
    h2_server_pump(server);
    assert_int_equal(b->told_in_all, 1);
    h2_bed_expect(b, 2, H2_WHOLE, 200, NULL);
    assert_int_equal(b->streams[2].body_len, 50000);
    assert_int_equal(server->open, 0);
    part(server, b);
}

static void an_ended_stream_may_be_submitted_at_once(void **state)
{
    (void)state;
    struct h2_bed *b = NULL;
    struct h2_server *server = join(&b, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 5);
    b->again = 200;
    assert_int_equal(h2_bed_fill(b, 100), 5);
    h2_server_pump(server);
    assert_int_equal(b->told[H2_WHOLE], 205);
    assert_int_equal(server->count, 205);
    assert_int_equal(server->most, 5);
    assert_true(h2_bed_fill(b, 5) == 5);
    h2_server_pump(server);
    part(server, b);
}

static void a_warm_session_makes_no_malloc(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_new();
    h2_bed_use_memory(b);
    struct h2_server *server = h2_server_new(b, 0, 0);
    server->reply = (struct h2_server_reply){
        .status = "200", .name = "etag", .value = "abcdefgh", .fields = 9, .body_len = 100};
    h2_server_pump(server);
    b->again = 50;
    (void)h2_bed_fill(b, 10);
    h2_server_pump(server);
    uint64_t mallocs = b->client.memory.mallocs;
    b->again = 150;
    (void)h2_bed_fill(b, 10);
    h2_server_pump(server);
    assert_int_equal(b->told[H2_WHOLE], 220);
    assert_int_equal(b->client.memory.mallocs, mallocs);
    part(server, b);
}

static void a_ping_is_answered(void **state)
{
    (void)state;
    struct h2_bed *b = NULL;
    struct h2_server *server = join(&b, 0, 0);
    static const uint8_t data[8] = "pingpong";
    assert_int_equal(nghttp2_submit_ping(server->nghttp2, NGHTTP2_FLAG_NONE, data), 0);
    const uint8_t *bytes = NULL;
    ssize_t len = nghttp2_session_mem_send(server->nghttp2, &bytes);
    assert_int_equal(len, H2_FRAME_HEAD + 8);
    buf_clear(&b->sent);
    assert_int_equal(h2_bed_feed(b, (const char *)bytes, (size_t)len), 0);
    h2_bed_take(b);
    assert_int_equal(b->sent.len, H2_FRAME_HEAD + 8);
    assert_int_equal(b->sent.data[4], NGHTTP2_FLAG_ACK);
    assert_memory_equal(b->sent.data + H2_FRAME_HEAD, data, 8);
    part(server, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_sees_the_request),
        cmocka_unit_test(the_server_sees_a_large_head),
        cmocka_unit_test(replies_are_told_however_they_are_cut),
        cmocka_unit_test(a_large_head_is_read_however_it_is_cut),
        cmocka_unit_test(a_head_request_has_no_body),
        cmocka_unit_test(the_server_knows_our_limits),
        cmocka_unit_test(many_requests_are_one_write),
        cmocka_unit_test(there_is_room_for_one_until_the_peer_has_said_more),
        cmocka_unit_test(a_limit_may_change_in_the_middle),
        cmocka_unit_test(requests_above_a_new_limit_wait),
        cmocka_unit_test(a_cancelled_stream_disturbs_no_other),
        cmocka_unit_test(an_ended_stream_may_be_submitted_at_once),
        cmocka_unit_test(a_warm_session_makes_no_malloc),
        cmocka_unit_test(a_ping_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
