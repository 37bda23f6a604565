/* Each way in which a stream or a connection ends, with frames written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "support/h2_bed.h"
#include "support/h2_frames.h"

static void a_reply_is_told_at_its_end(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(2);
    struct buf *in = &b->in;
    b->now_ns = 5;
    frame_ok(in, 3, 0);
    assert_int_equal(h2_bed_feed_in(b), 0);
    b->now_ns = 6;
    frame_data(in, 3, 0, "abc");
    frame_ok(in, 1, NGHTTP2_FLAG_END_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
    assert_int_equal(b->told_in_all, 1);
    b->now_ns = 7;
    frame_data(in, 3, NGHTTP2_FLAG_END_STREAM, "");
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 1, H2_WHOLE, 200, NULL);
    const struct h2_stream *stream = &b->streams[1].stream;
    assert_int_equal(stream->first_byte_ns, 5);
    assert_int_equal(stream->body_bytes, 3);
    assert_int_equal(stream->wire_bytes, 3 * H2_FRAME_HEAD + 1 + 3);
    assert_int_equal(b->streams[0].stream.first_byte_ns, 6);
    h2_bed_free(b);
}

static void padding_is_no_body(void **state)
{
    (void)state;
    static const char padded[] = "\003abc\0\0"; /* and the NUL that ends it */
    struct h2_bed *b = h2_bed_settled(1);
    struct buf *in = &b->in;
    frame_ok(in, 1, 0);
    frame_add(in, NGHTTP2_DATA, NGHTTP2_FLAG_PADDED | NGHTTP2_FLAG_END_STREAM, 1, padded,
              sizeof padded);
    b->piece = 1;
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
    assert_int_equal(b->streams[0].stream.body_bytes, 3);
    assert_true(b->streams[0].body_right);
    h2_bed_free(b);
}

static void resets_have_the_name_of_their_code(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        enum h2_end end;
        const char *why;
    } cases[] = {
        {NGHTTP2_NO_ERROR, H2_RESET, "NO_ERROR"},
        {NGHTTP2_INTERNAL_ERROR, H2_RESET, "INTERNAL_ERROR"},
        {NGHTTP2_REFUSED_STREAM, H2_REFUSED, "REFUSED_STREAM"},
        {NGHTTP2_ENHANCE_YOUR_CALM, H2_RESET, "ENHANCE_YOUR_CALM"},
        {NGHTTP2_HTTP_1_1_REQUIRED, H2_RESET, "HTTP_1_1_REQUIRED"},
        {0xdeadbeef, H2_RESET, "unknown"},
    };
    struct h2_bed *b = h2_bed_settled(LEN(cases) * 2);
    struct buf *in = &b->in;
    for (size_t i = 0; i < LEN(cases) * 2; i++) {
        uint32_t id = (uint32_t)(2 * i + 1);
        if (i % 2 == 1) { /* in the middle of a reply */
            frame_ok(in, id, 0);
            frame_data(in, id, 0, "abc");
        }
        frame_number(in, NGHTTP2_RST_STREAM, id, cases[i / 2].code);
    }
    assert_int_equal(h2_bed_feed_in(b), 0);
    for (size_t i = 0; i < LEN(cases) * 2; i++) {
        h2_bed_expect(b, i, cases[i / 2].end, 0, cases[i / 2].why);
        assert_int_equal(b->streams[i].stream.error_code, cases[i / 2].code);
    }
    assert_false(h2_session_is_over(&b->session));
    assert_true(h2_session_room(&b->session) > 0);
    h2_bed_free(b);
}

static void a_reset_behind_a_whole_reply_changes_nothing(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(1);
    struct buf *in = &b->in;
    frame_ok(in, 1, NGHTTP2_FLAG_END_STREAM);
    frame_number(in, NGHTTP2_RST_STREAM, 1, NGHTTP2_NO_ERROR);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
    h2_bed_free(b);
}

/* Those above the last are gone, the others get their replies, and there is no room for more. */
static void a_graceful_goaway_in_the_middle(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(6);
    struct buf *in = &b->in;
    frame_ok(in, 1, NGHTTP2_FLAG_END_STREAM);
    frame_ok(in, 7, 0);
    frame_goaway(in, 7, NGHTTP2_NO_ERROR, "");
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
    h2_bed_expect(b, 4, H2_GONE, 0, "NO_ERROR");
    h2_bed_expect(b, 5, H2_GONE, 0, "NO_ERROR");
    assert_int_equal(b->told_in_all, 3);
    assert_int_equal(h2_session_room(&b->session), 0);
    assert_false(h2_session_is_over(&b->session));
    frame_data(in, 7, NGHTTP2_FLAG_END_STREAM, "abc");
    frame_ok(in, 3, NGHTTP2_FLAG_END_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    assert_int_equal(b->told[H2_WHOLE], 3);
    assert_false(h2_session_is_over(&b->session));
    frame_number(in, NGHTTP2_RST_STREAM, 5, NGHTTP2_REFUSED_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 2, H2_REFUSED, 0, "REFUSED_STREAM");
    assert_true(h2_session_is_over(&b->session));
    assert_null(b->session.why);
    h2_bed_free(b);
}

static void a_goaway_may_name_an_error(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(2);
    struct buf *in = &b->in;
    frame_goaway(in, 0, NGHTTP2_ENHANCE_YOUR_CALM, "too\nmany \033[1mpings");
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_GONE, 0, "ENHANCE_YOUR_CALM");
    h2_bed_expect(b, 1, H2_GONE, 0, "ENHANCE_YOUR_CALM");
    const struct h2_goaway *goaway = &b->session.goaway;
    assert_true(goaway->received);
    assert_int_equal(goaway->code, NGHTTP2_ENHANCE_YOUR_CALM);
    assert_int_equal(goaway->last_id, 0);
    assert_string_equal(goaway->text, "too many ?[1mpings");
    assert_true(h2_session_is_over(&b->session));
    h2_bed_free(b);
}

/* The notice that it will, and then that it does: as Envoy, Go and nghttpd end a connection. */
static void a_goaway_may_come_in_two_steps(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(3);
    struct buf *in = &b->in;
    frame_goaway(in, INT32_MAX, NGHTTP2_NO_ERROR, "");
    assert_int_equal(h2_bed_feed_in(b), 0);
    assert_int_equal(b->told_in_all, 0);
    assert_int_equal(h2_session_room(&b->session), 0);
    frame_goaway(in, 3, NGHTTP2_NO_ERROR, "");
    frame_ok(in, 1, NGHTTP2_FLAG_END_STREAM);
    frame_ok(in, 3, NGHTTP2_FLAG_END_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    assert_int_equal(b->told[H2_WHOLE], 2);
    h2_bed_expect(b, 2, H2_GONE, 0, "NO_ERROR");
    assert_true(h2_session_is_over(&b->session));
    h2_bed_free(b);
}

/* Requests that were submitted and not taken are never sent then. */
static void a_goaway_before_requests_were_taken(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(1);
    struct buf *in = &b->in;
    assert_int_equal(h2_bed_fill(b, 3), 3);
    frame_goaway(in, 1, NGHTTP2_NO_ERROR, "");
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_take(b);
    for (size_t i = 1; i <= 3; i++)
        h2_bed_expect(b, i, H2_GONE, 0, "NO_ERROR");
    assert_int_equal(b->sent.len, 0);
    frame_ok(in, 1, NGHTTP2_FLAG_END_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
    assert_true(h2_session_is_over(&b->session));
    h2_bed_free(b);
}

static void a_text_of_the_peer_is_cut(void **state)
{
    (void)state;
    struct buf text;
    struct h2_bed *b = h2_bed_settled(1);
    struct buf *in = &b->in;
    buf_init(&text, 20000);
    buf_pad(&text, 'x', 16000);
    frame_goaway(in, 1, NGHTTP2_NO_ERROR, text.data);
    assert_int_equal(h2_bed_feed_in(b), 0);
    assert_int_equal(strlen(b->session.goaway.text), H2_TEXT_MAX - 1);
    buf_fini(&text);
    h2_bed_free(b);
}

/* The connection is lost: what is open is told once, in the order of sending. */
static void what_is_open_is_drained(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(5);
    struct buf *in = &b->in;
    frame_ok(in, 5, NGHTTP2_FLAG_END_STREAM);
    frame_ok(in, 7, 0);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_cancel(b, 0);
    b->again = 10; /* nothing can be submitted meanwhile */
    h2_session_drain(&b->session);
    assert_int_equal(b->told[H2_LOST], 3);
    assert_int_equal(b->told[H2_WHOLE], 1);
    assert_int_equal(b->streams[0].ends, 0);
    assert_int_equal(b->session.open, 0);
    assert_true(h2_session_is_over(&b->session));
    assert_int_equal(h2_bed_feed(b, "x", 1), -1);
    buf_clear(&b->sent);
    h2_bed_take(b);
    assert_int_equal(b->sent.len, 0);
    h2_bed_free(b);
}

/* The rest of the frame, and of the reply, is nobody's: not of the next request in the same place.
 */
static void a_stream_may_be_cancelled_within_a_frame(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(1);
    frame_ok(&b->in, 1, 0);
    frame_data(&b->in, 1, NGHTTP2_FLAG_END_STREAM, "abcdef");
    size_t whole = b->in.len;
    b->in.len -= 3;
    assert_int_equal(h2_bed_feed(b, b->in.data, b->in.len), 0);
    assert_int_equal(b->streams[0].stream.body_bytes, 3);
    h2_bed_cancel(b, 0);
    b->count = 0;
    (void)h2_bed_submit(b, NULL);
    assert_int_equal(h2_bed_feed(b, b->in.data + whole - 3, 3), 0);
    assert_int_equal(b->streams[0].stream.body_bytes, 0);
    h2_bed_take(b);
    buf_clear(&b->in);
    frame_ok(&b->in, 3, NGHTTP2_FLAG_END_STREAM);
    assert_int_equal(h2_bed_feed_in(b), 0);
    assert_int_equal(b->told[H2_WHOLE], 1);
    assert_int_equal(b->told_in_all, 1);
    h2_bed_free(b);
}

/* Requests that were submitted and not taken, on a connection that fails: lost, as the others. */
static void a_failure_before_requests_were_taken(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(1);
    assert_int_equal(h2_bed_fill(b, 2), 2);
    frame_number(&b->in, NGHTTP2_WINDOW_UPDATE, 0, 0);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_take(b);
    h2_session_drain(&b->session);
    for (size_t i = 0; i < 3; i++)
        h2_bed_expect(b, i, H2_LOST, 0, "frames that HTTP/2 does not allow");
    assert_int_equal(frames_count(&b->sent, NGHTTP2_HEADERS, 3), 0);
    h2_bed_free(b);
}

/* 2^30 requests are all that a connection can have. */
static void the_ids_may_be_used_up(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(1);
    struct buf *in = &b->in;
    b->session.submitted += H2_STREAMS_MAX - 3;
    b->session.ended += H2_STREAMS_MAX - 3;
    assert_int_equal(h2_session_room(&b->session), 2);
    assert_int_equal(h2_bed_fill(b, 10), 2);
    assert_int_equal(h2_session_room(&b->session), 0);
    h2_bed_take(b);
    for (uint32_t id = 1; id <= 5; id += 2) {
        assert_false(h2_session_is_over(&b->session));
        frame_ok(in, id, NGHTTP2_FLAG_END_STREAM);
        assert_int_equal(h2_bed_feed_in(b), 0);
    }
    assert_true(h2_session_is_over(&b->session));
    b->session.submitted -= H2_STREAMS_MAX - 3;
    b->session.ended -= H2_STREAMS_MAX - 3;
    h2_bed_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_is_told_at_its_end),
        cmocka_unit_test(padding_is_no_body),
        cmocka_unit_test(resets_have_the_name_of_their_code),
        cmocka_unit_test(a_reset_behind_a_whole_reply_changes_nothing),
        cmocka_unit_test(a_graceful_goaway_in_the_middle),
        cmocka_unit_test(a_goaway_may_name_an_error),
        cmocka_unit_test(a_goaway_may_come_in_two_steps),
        cmocka_unit_test(a_goaway_before_requests_were_taken),
        cmocka_unit_test(a_text_of_the_peer_is_cut),
        cmocka_unit_test(what_is_open_is_drained),
        cmocka_unit_test(a_stream_may_be_cancelled_within_a_frame),
        cmocka_unit_test(a_failure_before_requests_were_taken),
        cmocka_unit_test(the_ids_may_be_used_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
