/* Peers that do not speak HTTP/2, or not as they should: told in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "support/h2_bed.h"
#include "support/h2_frames.h"

/* --- no HTTP/2 --- */

static void another_protocol_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *why;
    } cases[] = {
#define CASE(text, words) {text, sizeof(text) - 1, words}
        CASE("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
             "it speaks HTTP/1.1, not HTTP/2"),
        CASE("HTTP/1.0 505 \r\n\r\n", "it speaks HTTP/1.1, not HTTP/2"),
        CASE("\x15\x03\x01\x00\x02\x02\x46 and more", "it speaks TLS; try https://"),
        CASE("\x15\x03\x03\x00\x02\x02\x46", "it speaks TLS; try https://"),
        CASE("\x16\x03\x03\x00\x7a\x02\x00\x00\x76", "it speaks TLS; try https://"),
        CASE("SSH-2.0-OpenSSH_9.2\r\n", "it does not speak HTTP/2"),
        CASE("\0\0\0\0\0\0\0\0\0\0\0\0", "it does not speak HTTP/2"),
        CASE("\xff\xff\xff\xff\xff\xff\xff\xff\xff", "it does not speak HTTP/2"),
        CASE("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "it does not speak HTTP/2"),
#undef CASE
    };
    static const size_t pieces[] = {0, 1, 4};
    for (size_t i = 0; i < LEN(cases) * LEN(pieces); i++) {
        struct h2_bed *b = h2_bed_new();
        buf_add(&b->in, cases[i / LEN(pieces)].bytes, cases[i / LEN(pieces)].len);
        (void)h2_bed_submit(b, NULL);
        h2_bed_take(b);
        assert_int_equal(b->sent.len > 24, 1);
        buf_clear(&b->sent);
        b->piece = pieces[i % LEN(pieces)];
        h2_bed_check_failed(b, cases[i / LEN(pieces)].why, H2_BED_SAID);
        h2_bed_free(b);
    }
}

/* --- frames that are wrong --- */

static void frame_length(struct buf *in, uint32_t len)
{
    char payload[20000] = {0};
    frame_add(in, NGHTTP2_PING, 0, 0, payload, len);
}

static void too_large(struct buf *in)
{
    frame_length(in, 16385);
}

static void short_ping(struct buf *in)
{
    frame_length(in, 7);
}

static void data_on_idle(struct buf *in)
{
    frame_data(in, 99, 0, "abc");
}

static void data_before_head(struct buf *in)
{
    frame_data(in, 1, NGHTTP2_FLAG_END_STREAM, "abc");
}

static void head_on_idle(struct buf *in)
{
    frame_ok(in, 99, 0);
}

static void head_on_stream_zero(struct buf *in)
{
    frame_ok(in, 0, 0);
}

static void reset_on_idle(struct buf *in)
{
    frame_number(in, NGHTTP2_RST_STREAM, 99, 0);
}

static void zero_increment(struct buf *in)
{
    frame_number(in, NGHTTP2_WINDOW_UPDATE, 0, 0);
}

static void window_overflow(struct buf *in)
{
    frame_number(in, NGHTTP2_WINDOW_UPDATE, 0, INT32_MAX);
}

static void window_setting(struct buf *in)
{
    frame_settings(in, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, UINT32_C(1) << 31);
}

static void push_setting(struct buf *in)
{
    frame_settings(in, NGHTTP2_SETTINGS_ENABLE_PUSH, 1);
}

static void lone_continuation(struct buf *in)
{
    frame_add(in, NGHTTP2_CONTINUATION, NGHTTP2_FLAG_END_HEADERS, 1, "", 0);
}

static void broken_head(struct buf *in)
{
    frame_add(in, NGHTTP2_HEADERS, 0, 1, "\x88", 1);
    frame_ok(in, 3, 0);
}

static void bad_compression(struct buf *in)
{
    struct buf block;
    buf_init(&block, 10);
    field_indexed(&block, 0xff); /* no such entry */
    field_indexed(&block, 0x00);
    frame_head(in, 1, NGHTTP2_FLAG_END_STREAM, &block);
    buf_fini(&block);
}

/* A dynamic table of a megabyte, where 4 KiB are allowed. */
static void large_table(struct buf *in)
{
    frame_add(in, NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 1, "\x3f\xe1\xff\x3f\x88", 5);
}

static void large_field(struct buf *in)
{
    struct buf block;
    buf_init(&block, BUF_TEXT_MAX);
    field_indexed(&block, FIELD_STATUS_200);
    field_long(&block, "a", 1048576);
    frame_add(in, NGHTTP2_HEADERS, 0, 1, block.data, 16384);
    buf_fini(&block);
}

static void growing_goaway(struct buf *in)
{
    frame_goaway(in, 1, NGHTTP2_NO_ERROR, "");
    frame_goaway(in, 3, NGHTTP2_NO_ERROR, "");
}

static void many_settings(struct buf *in)
{
    char payload[6 * 33] = {0};
    frame_add(in, NGHTTP2_SETTINGS, 0, 0, payload, sizeof payload);
}

static void push(struct buf *in)
{
    frame_add(in, NGHTTP2_PUSH_PROMISE, NGHTTP2_FLAG_END_HEADERS, 1, "\0\0\0\2\x82\x86\x84", 7);
}

static void many_pushes(struct buf *in)
{
    for (uint8_t i = 2; i < 200; i += 2) {
        char payload[] = "\0\0\0\0\x82\x86\x84";
        payload[3] = (char)i;
        frame_add(in, NGHTTP2_PUSH_PROMISE, NGHTTP2_FLAG_END_HEADERS, 1, payload, 7);
    }
}

static void wrong_frames_end_the_connection(void **state)
{
    (void)state;
    static const struct {
        void (*add)(struct buf *in);
        const char *why, *detail;
    } cases[] = {
        {too_large, "a frame of a wrong size", "too large frame size"},
        {short_ping, "a frame of a wrong size", ""},
        {data_on_idle, "frames that HTTP/2 does not allow", "DATA: stream in idle"},
        {data_before_head, "frames that HTTP/2 does not allow", "DATA: stream not opened"},
        {head_on_idle, "frames that HTTP/2 does not allow", "client received request"},
        {head_on_stream_zero, "frames that HTTP/2 does not allow", "stream_id == 0"},
        {reset_on_idle, "frames that HTTP/2 does not allow", "RST_STREAM: stream in idle"},
        {zero_increment, "frames that HTTP/2 does not allow", "window_size_increment == 0"},
        {window_overflow, "windows that were not kept to", ""},
        {window_setting, "windows that were not kept to", "too large"},
        {push_setting, "frames that HTTP/2 does not allow", "enable push"},
        {lone_continuation, "frames that HTTP/2 does not allow", "CONTINUATION: unexpected"},
        {broken_head, "frames that HTTP/2 does not allow", "non-CONTINUATION"},
        {bad_compression, "a head that cannot be decompressed", ""},
        {large_table, "a head that cannot be decompressed", ""},
        {large_field, "a head that cannot be decompressed", ""},
        {growing_goaway, "frames that HTTP/2 does not allow", "invalid last_stream_id"},
        {many_settings, "too many settings at a time", "too many"},
        {push, "a push, although push is off", ""},
        {many_pushes, "a push, although push is off", ""},
    };
    for (size_t i = 0; i < LEN(cases) * 2; i++) {
        struct h2_bed *b = h2_bed_settled(2);
        const char *detail = cases[i / 2].detail;
        print_message("%s (%s)\n", cases[i / 2].why, detail);
        b->piece = i % 2; /* whole, or byte by byte */
        cases[i / 2].add(&b->in);
        (void)h2_bed_feed_in(b);
        h2_bed_take(b);
        assert_non_null(strstr(b->session.detail, detail));
        h2_bed_check_failed(b, cases[i / 2].why, H2_BED_SAID);
        h2_bed_free(b);
    }
}

static void frames_that_mean_nothing_are_passed_over(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(1);
    struct buf *in = &b->in;
    for (unsigned type = 0x0a; type <= 0xff; type++)
        frame_add(in, (uint8_t)type, 0xff, type % 3, "payload", 7);
    frame_settings(in, 0xf000, 1);
    frame_add(in, NGHTTP2_PRIORITY, 0, 1, "\0\0\0\3\20", 5);
    frame_ok(in, 1, NGHTTP2_FLAG_END_STREAM);
    frame_data(in, 1, 0, "behind the end");
    frame_data(in, 1, NGHTTP2_FLAG_END_STREAM, "");
    frame_number(in, NGHTTP2_RST_STREAM, 1, NGHTTP2_NO_ERROR);
    frame_number(in, NGHTTP2_WINDOW_UPDATE, 1, 1);
    frame_ok(in, 1, NGHTTP2_FLAG_END_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
    h2_bed_check_alive(b);
    h2_bed_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_protocol_is_told),
        cmocka_unit_test(wrong_frames_end_the_connection),
        cmocka_unit_test(frames_that_mean_nothing_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
