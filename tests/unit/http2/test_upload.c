/* Bodies of requests, over windows of the peer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/h2_frames.h"
#include "support/h2_server.h"

#define MEGABYTE 1048576

/* A POST, and its text, with a body of so many bytes. */
struct post {
    struct h2_request request;
    struct buf text;
};

static void post_init(struct post *p, size_t body_len)
{
    char *body = mem_zalloc(body_len + 1);
    for (size_t i = 0; i < body_len; i++)
        body[i] = h2_bed_body(i);
    buf_init(&p->text, BUF_TEXT_MAX);
    buf_printf(&p->text, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n", body_len);
    buf_add(&p->text, body, body_len);
    h2_bed_request(&p->request, p->text.data, p->text.len);
    assert_int_equal(p->request.body_len, body_len);
    free(body);
}

static void post_fini(struct post *p)
{
    h2_request_fini(&p->request);
    buf_fini(&p->text);
}

static void check_seen(const struct h2_server *server, size_t number, size_t body_len)
{
    const struct h2_server_request *seen = &server->requests[number];
    assert_true(seen->is_whole);
    assert_true(seen->body_right);
    assert_int_equal(seen->body_len, body_len);
}

static void a_body_of_any_size_over_any_window(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,     1,     2,     100,    16383,   16384,
                                   16385, 65535, 65536, 100000, MEGABYTE};
    static const uint32_t windows[] = {1000, 16384, 65535, MEGABYTE};
    static const size_t takes[] = {H2_TAKE_LEAST, 16393, 20000, 65536};
    for (size_t w = 0; w < LEN(windows); w++) {
        struct h2_bed *b = h2_bed_new();
        struct h2_server *server =
            h2_server_new(b, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, windows[w]);
        h2_server_pump(server);
        b->take_size = takes[w];
        for (size_t i = 0; i < LEN(sizes); i++) {
            struct post p;
            post_init(&p, sizes[i]);
            size_t number = h2_bed_submit(b, &p.request);
            h2_server_pump(server);
            check_seen(server, number, sizes[i]);
            h2_bed_expect(b, number, H2_WHOLE, 200, NULL);
            post_fini(&p);
        }
        assert_int_equal(b->session.uploading, 0);
        h2_server_free(server);
        h2_bed_free(b);
    }
}

static void a_window_of_a_few_bytes(void **state)
{
    (void)state;
    struct post p;
    struct h2_bed *b = h2_bed_new();
    struct h2_server *server = h2_server_new(b, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 3);
    post_init(&p, 1000);
    h2_server_pump(server);
    b->piece = 1;
    (void)h2_bed_submit(b, &p.request);
    (void)h2_bed_submit(b, &p.request);
    h2_server_pump(server);
    check_seen(server, 0, 1000);
    check_seen(server, 1, 1000);
    assert_true(b->session.blocked > 300);
    post_fini(&p);
    h2_server_free(server);
    h2_bed_free(b);
}

static void many_bodies_at_a_time(void **state)
{
    (void)state;
    struct post p;
    struct h2_bed *b = h2_bed_new();
    struct h2_server *server = h2_server_new(b, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 5000);
    post_init(&p, 30000);
    h2_server_pump(server);
    for (int i = 0; i < 100; i++)
        (void)h2_bed_submit(b, &p.request);
    h2_server_pump(server);
    for (size_t i = 0; i < 100; i++) {
        check_seen(server, i, 30000);
        h2_bed_expect(b, i, H2_WHOLE, 200, NULL);
    }
    post_fini(&p);
    h2_server_free(server);
    h2_bed_free(b);
}

/* The buffer has room for a part of a body, for none of it, and for a part of a head. */
static void bytes_do_not_depend_on_the_buffer(void **state)
{
    (void)state;
    struct post p;
    post_init(&p, 50000);
    for (size_t size = H2_TAKE_LEAST; size < 2200; size += 7) {
        struct h2_bed *b = h2_bed_new();
        struct h2_server *server = h2_server_new(b, 0, 0);
        h2_server_pump(server);
        b->take_size = size;
        for (int i = 0; i < 3; i++)
            (void)h2_bed_submit(b, &p.request);
        h2_server_pump(server);
        for (size_t i = 0; i < 3; i++)
            check_seen(server, i, 50000);
        h2_server_free(server);
        h2_bed_free(b);
    }
    post_fini(&p);
}

/* A server that opens no window: how long the upload waits is counted, until it goes on. */
static void an_upload_that_waits_is_counted(void **state)
{
    (void)state;
    struct post p;
    struct h2_bed *b = h2_bed_new();
    struct buf *in = &b->in;
    post_init(&p, 100);
    frame_settings(in, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_take(b);
    assert_int_equal(b->session.blocked, 0);
    b->now_ns = 1000;
    (void)h2_bed_submit(b, &p.request);
    h2_bed_take(b);
    assert_int_equal(b->session.blocked, 1);
    assert_int_equal(h2_session_blocked_ns(&b->session, 1400), 400);
    b->now_ns = 2000;
    frame_number(in, NGHTTP2_WINDOW_UPDATE, 1, 60);
    assert_int_equal(h2_bed_feed_in(b), 0);
    buf_clear(&b->sent);
    h2_bed_take(b);
    assert_int_equal(b->sent.len, H2_FRAME_HEAD + 60);
    assert_int_equal(b->session.blocked, 2);
    assert_int_equal(h2_session_blocked_ns(&b->session, 2500), 1500);
    b->now_ns = 3000;
    frame_number(in, NGHTTP2_WINDOW_UPDATE, 1, 1000);
    assert_int_equal(h2_bed_feed_in(b), 0);
    buf_clear(&b->sent);
    h2_bed_take(b);
    assert_int_equal(b->sent.len, H2_FRAME_HEAD + 40);
    assert_int_equal(b->session.blocked, 2);
    assert_int_equal(h2_session_blocked_ns(&b->session, 9000), 2000);
    frame_ok(in, 1, NGHTTP2_FLAG_END_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
    post_fini(&p);
    h2_bed_free(b);
}

static void a_cancelled_upload_waits_no_more(void **state)
{
    (void)state;
    struct post p;
    struct h2_bed *b = h2_bed_new();
    struct h2_server *server = h2_server_new(b, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0);
    post_init(&p, 100);
    h2_server_pump(server);
    (void)h2_bed_submit(b, &p.request);
    h2_server_pump(server);
    b->now_ns = 501;
    h2_bed_cancel(b, 0);
    assert_int_equal(b->session.uploading, 0);
    h2_server_pump(server);
    assert_int_equal(server->open, 0);
    assert_int_equal(h2_session_blocked_ns(&b->session, 9000), 500);
    post_fini(&p);
    h2_server_free(server);
    h2_bed_free(b);
}

/* It is whole, and the server is not sent the rest, which it did not wait for. */
static void a_reply_before_the_end_of_an_upload(void **state)
{
    (void)state;
    struct post p;
    struct h2_bed *b = h2_bed_new();
    struct h2_server *server = h2_server_new(b, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1000);
    post_init(&p, 100000);
    server->reply = (struct h2_server_reply){.status = "413", .body_len = 10};
    h2_server_pump(server);
    (void)h2_bed_submit(b, &p.request);
    h2_bed_take(b);
    size_t len = b->sent.len;
    ssize_t used = nghttp2_session_mem_recv(server->nghttp2, (const uint8_t *)b->sent.data, len);
    assert_int_equal(used, len);
    buf_clear(&b->sent);
    h2_server_answer(server, 1);
    h2_server_pump(server);
    h2_bed_expect(b, 0, H2_WHOLE, 413, NULL);
    assert_false(server->requests[0].is_whole);
    assert_true(server->requests[0].body_len < 10000);
    assert_int_equal(server->open, 0);
    assert_int_equal(b->session.uploading, 0);
    (void)h2_bed_submit(b, NULL); /* the connection is as good as before */
    h2_server_pump(server);
    h2_bed_expect(b, 1, H2_WHOLE, 413, NULL);
    post_fini(&p);
    h2_server_free(server);
    h2_bed_free(b);
}

/* In the middle of an upload the server takes back what it allowed: its windows become negative. */
static void a_window_may_shrink(void **state)
{
    (void)state;
    struct post p;
    struct h2_bed *b = h2_bed_new();
    struct h2_server *server = h2_server_new(b, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 20000);
    post_init(&p, 200000);
    h2_server_pump(server);
    (void)h2_bed_submit(b, &p.request);
    h2_bed_take(b); /* all that the window allows */
    h2_server_set(server, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 500);
    h2_server_pump(server);
    check_seen(server, 0, 200000);
    h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
    post_fini(&p);
    h2_server_free(server);
    h2_bed_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_of_any_size_over_any_window),
        cmocka_unit_test(a_window_of_a_few_bytes),
        cmocka_unit_test(many_bodies_at_a_time),
        cmocka_unit_test(bytes_do_not_depend_on_the_buffer),
        cmocka_unit_test(an_upload_that_waits_is_counted),
        cmocka_unit_test(a_cancelled_upload_waits_no_more),
        cmocka_unit_test(a_reply_before_the_end_of_an_upload),
        cmocka_unit_test(a_window_may_shrink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
