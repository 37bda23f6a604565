/* Replies that cannot be used. The stream is reset and told why; the connection goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "support/h2_bed.h"
#include "support/h2_frames.h"

#define END_STREAM NGHTTP2_FLAG_END_STREAM

struct field {
    const char *name, *value;
};

/* HEADERS of up to three fields, for stream 1. */
static void head(struct buf *in, uint8_t flags, const struct field *fields)
{
    struct buf block;
    buf_init(&block, BUF_TEXT_MAX);
    for (size_t i = 0; i < 3 && fields[i].name != NULL; i++)
        field_literal(&block, fields[i].name, fields[i].value);
    frame_head(in, 1, flags, &block);
    buf_fini(&block);
}

#define HEAD_WITH(in, flags, ...) head(in, flags, (const struct field[3]){__VA_ARGS__})

/* Stream 1 is malformed in b->in; stream 3 gets its reply behind it. */
static void check(struct h2_bed *b, const char *why)
{
    struct buf *in = &b->in;
    frame_ok(in, 3, END_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_take(b);
    h2_bed_expect(b, 0, H2_MALFORMED, 0, why);
    h2_bed_expect(b, 1, H2_WHOLE, 200, NULL);
    assert_int_equal(frames_count(&b->sent, NGHTTP2_RST_STREAM, 1), 1);
    assert_int_equal(frames_count(&b->sent, NGHTTP2_GOAWAY, 0), 0);
    assert_false(h2_session_is_over(&b->session));
    (void)h2_bed_submit(b, NULL);
    h2_bed_take(b);
    frame_data(in, 1, END_STREAM, "too late");
    frame_ok(in, 5, END_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 2, H2_WHOLE, 200, NULL);
}

static void check_cut(const struct buf *in, const char *why)
{
    static const size_t pieces[] = {0, 1, 9};
    for (size_t i = 0; i < LEN(pieces); i++) {
        struct h2_bed *b = h2_bed_settled(2);
        buf_add(&b->in, in->data, in->len);
        b->piece = pieces[i];
        check(b, why);
        h2_bed_free(b);
    }
}

static void a_head_that_is_wrong(void **state)
{
    (void)state;
    static const char header[] = "a header that HTTP/2 does not allow";
    static const char no_status[] = "a head without a status";
    static const char digits[] = "a status that is not three digits from 100 up";
    static const struct {
        struct field fields[3];
        const char *why;
    } cases[] = {
        {{{"a", "b"}}, no_status},
        {{{":status", "20"}}, header},
        {{{":status", "2000"}}, header},
        {{{":status", "2x0"}}, header},
        {{{":status", ""}}, header},
        {{{":status", "099"}}, digits},
        {{{":status", "000"}}, digits},
        {{{":status", "101"}}, header},
        {{{":status", "200"}, {":status", "200"}}, header},
        {{{"a", "b"}, {":status", "200"}}, header},
        {{{":status", "200"}, {":path", "/"}}, header},
        {{{":status", "200"}, {"Upper", "b"}}, header},
        {{{":status", "200"}, {"sp ace", "b"}}, header},
        {{{":status", "200"}, {"", "b"}}, header},
        {{{":status", "200"}, {"a", "line\nbreak"}}, header},
        {{{":status", "200"}, {"connection", "close"}}, header},
        {{{":status", "200"}, {"transfer-encoding", "chunked"}}, header},
        {{{":status", "200"}, {"content-length", "x"}}, header},
        {{{":status", "200"}, {"content-length", "-1"}}, header},
        {{{":status", "200"}, {"content-length", "0"}, {"content-length", "0"}}, header},
        {{{":status", "204"}, {"content-length", "5"}}, header},
        {{{":status", "200"}, {"content-length", "5"}}, "a body unlike its content-length"},
        {{{":status", "100"}}, "an interim reply that ends the stream"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf in;
        print_message("%s: %s\n", cases[i].fields[0].name, cases[i].fields[0].value);
        buf_init(&in, BUF_TEXT_MAX);
        head(&in, END_STREAM, cases[i].fields);
        check_cut(&in, cases[i].why);
        buf_fini(&in);
    }
}

static void a_body_that_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *status, *length, *body, *why;
    } cases[] = {
        {"200", "5", "abc", "a body unlike its content-length"},
        {"200", "5", "abcdef", "a body unlike its content-length"},
        {"200", "0", "a", "a body unlike its content-length"},
        {"204", NULL, "a", "a body where none belongs"},
        {"304", "5", "abcde", "a body where none belongs"},
        {"103", NULL, "a", "a body before its head"},
        {"100", NULL, "", "a body before its head"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf in;
        print_message("%s %s\n", cases[i].status, cases[i].body);
        buf_init(&in, BUF_TEXT_MAX);
        HEAD_WITH(&in, 0, {":status", cases[i].status},
                  {cases[i].length == NULL ? NULL : "content-length", cases[i].length});
        frame_data(&in, 1, END_STREAM, cases[i].body);
        check_cut(&in, cases[i].why);
        buf_fini(&in);
    }
}

static void trailers_that_are_wrong(void **state)
{
    (void)state;
    struct buf in;
    buf_init(&in, BUF_TEXT_MAX);
    frame_ok(&in, 1, 0);
    frame_data(&in, 1, 0, "abc");
    HEAD_WITH(&in, 0, {"a", "b"});
    check_cut(&in, "trailers that do not end the reply");
    buf_clear(&in);
    frame_ok(&in, 1, 0);
    frame_data(&in, 1, 0, "abc");
    HEAD_WITH(&in, END_STREAM, {":status", "200"});
    check_cut(&in, "a header that HTTP/2 does not allow");
    buf_fini(&in);
}

static void a_body_behind_head(void **state)
{
    (void)state;
    static const char text[] = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";
    struct h2_request r;
    struct h2_bed *b = h2_bed_settled(0);
    h2_bed_request(&r, text, sizeof text - 1);
    (void)h2_bed_submit(b, &r);
    (void)h2_bed_submit(b, NULL);
    h2_bed_take(b);
    HEAD_WITH(&b->in, 0, {":status", "200"}, {"content-length", "3"});
    frame_data(&b->in, 1, END_STREAM, "abc");
    check(b, "a body where none belongs");
    h2_bed_free(b);
    h2_request_fini(&r);
}

static void a_window_that_is_wrong(void **state)
{
    (void)state;
    struct buf in;
    buf_init(&in, BUF_TEXT_MAX);
    frame_number(&in, NGHTTP2_WINDOW_UPDATE, 1, INT32_MAX);
    check_cut(&in, "a window of more than 2^31 - 1 bytes");
    buf_clear(&in);
    frame_number(&in, NGHTTP2_WINDOW_UPDATE, 1, INT32_MAX - 65535);
    frame_settings(&in, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 65536);
    check_cut(&in, "windows that were not kept to");
    buf_fini(&in);
}

static void nghttp2_says_which_header_it_is(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(1);
    HEAD_WITH(&b->in, END_STREAM, {":status", "200"}, {"upgrade", "h2c"});
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_MALFORMED, 0, "a header that HTTP/2 does not allow");
    assert_non_null(strstr(b->session.detail, "name: [upgrade], value: [h2c]"));
    h2_bed_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_that_is_wrong),
        cmocka_unit_test(a_body_that_is_wrong),
        cmocka_unit_test(trailers_that_are_wrong),
        cmocka_unit_test(a_body_behind_head),
        cmocka_unit_test(a_window_that_is_wrong),
        cmocka_unit_test(nghttp2_says_which_header_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
