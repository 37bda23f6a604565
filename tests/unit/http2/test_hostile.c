/* Peers that send too much of something: told in words, with bounded memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/mem.h"
#include "support/h2_bed.h"
#include "support/h2_frames.h"

/* A block in HEADERS and as many CONTINUATIONs as it needs. */
static void frame_blocks(struct buf *in, uint32_t id, const struct buf *block)
{
    size_t len = block->len < 16384 ? block->len : 16384;
    frame_add(in, NGHTTP2_HEADERS, len == block->len ? NGHTTP2_FLAG_END_HEADERS : 0, id,
              block->data, len);
    for (size_t at = len; at < block->len; at += len) {
        len = block->len - at < 16384 ? block->len - at : 16384;
        bool is_last = at + len == block->len;
        frame_add(in, NGHTTP2_CONTINUATION, is_last ? NGHTTP2_FLAG_END_HEADERS : 0, id,
                  block->data + at, len);
    }
}

static void a_head_ends_at_its_limit(void **state)
{
    (void)state;
    static const struct {
        size_t fields, len;
        bool fits;
    } cases[] = {{1, 60000, true}, {64, 900, true}, {2, 32800, false}, {1000, 1000, false}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf block;
        struct h2_bed *b = h2_bed_settled(1);
        struct buf *in = &b->in;
        buf_init(&block, BUF_TEXT_MAX);
        field_indexed(&block, FIELD_STATUS_200);
        for (size_t n = 0; n < cases[i].fields; n++)
            field_long(&block, "a", cases[i].len);
        frame_blocks(in, 1, &block);
        frame_data(in, 1, NGHTTP2_FLAG_END_STREAM, "abc");
        assert_int_equal(h2_bed_feed_in(b), 0);
        if (cases[i].fits)
            h2_bed_expect(b, 0, H2_WHOLE, 200, NULL);
        else
            h2_bed_expect(b, 0, H2_MALFORMED, 0, "a head over 64 KiB");
        buf_fini(&block);
        h2_bed_check_alive(b);
        h2_bed_free(b);
    }
}

/* Also over interim replies and trailers. */
static void heads_are_added_up(void **state)
{
    (void)state;
    struct buf block;
    struct h2_bed *b = h2_bed_settled(2);
    struct buf *in = &b->in;
    buf_init(&block, BUF_TEXT_MAX);
    field_literal(&block, ":status", "103");
    for (int i = 0; i < 1600; i++)
        frame_head(in, 1, 0, &block);
    buf_clear(&block);
    field_long(&block, "a", 40000);
    field_long(&block, "b", 30000);
    frame_ok(in, 3, 0);
    frame_data(in, 3, 0, "abc");
    frame_blocks(in, 3, &block);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_MALFORMED, 0, "a head over 64 KiB");
    h2_bed_expect(b, 1, H2_MALFORMED, 0, "a head over 64 KiB");
    buf_fini(&block);
    h2_bed_check_alive(b);
    h2_bed_free(b);
}

static void endless_continuations(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(2);
    struct buf *in = &b->in;
    frame_add(in, NGHTTP2_HEADERS, 0, 1, "\x88", 1);
    for (int i = 0; i < 1000; i++)
        frame_add(in, NGHTTP2_CONTINUATION, 0, 1, "", 0);
    h2_bed_check_failed(b, "a head in too many frames", H2_BED_SILENT);
    h2_bed_free(b);
}

/* An entry of 4,000 bytes, and 60 MB of references to it. */
static void a_bomb_of_references(void **state)
{
    (void)state;
    struct buf block;
    struct h2_bed *b = h2_bed_settled(1);
    struct buf *in = &b->in;
    buf_init(&block, BUF_TEXT_MAX);
    field_indexed(&block, FIELD_STATUS_200);
    size_t at = block.len;
    field_long(&block, "a", 4000);
    block.data[at] = 0x40; /* with indexing */
    for (int i = 0; i < 15000; i++)
        field_indexed(&block, 0x80 + 62);
    frame_blocks(in, 1, &block);
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 0, H2_MALFORMED, 0, "a head over 64 KiB");
    buf_fini(&block);
    h2_bed_check_alive(b);
    h2_bed_free(b);
}

static void floods_that_must_be_answered(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        struct h2_bed *b = h2_bed_settled(2);
        struct buf *in = &b->in;
        for (int i = 0; i < 5000; i++) {
            if (kind == 0)
                frame_settings(in, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 10);
            else
                frame_add(in, NGHTTP2_PING, 0, 0, "12345678", 8);
        }
        h2_bed_check_failed(b, "a flood of PING or SETTINGS", H2_BED_SILENT);
        h2_bed_free(b);
    }
}

/* As long as the peer reads the answers, nothing piles up. */
static void many_pings_one_by_one(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(1);
    struct buf *in = &b->in;
    for (int i = 0; i < 20000; i++) {
        frame_add(in, NGHTTP2_PING, 0, 0, "12345678", 8);
        assert_int_equal(h2_bed_feed_in(b), 0);
        if (i % 100 == 0)
            h2_bed_take(b);
    }
    h2_bed_check_alive(b);
    h2_bed_free(b);
}

static void floods_that_need_no_answer(void **state)
{
    (void)state;
    static const uint32_t open[] = {0, 1, 3};
    struct h2_bed *b = h2_bed_settled(2);
    struct buf *in = &b->in;
    frame_ok(in, 1, 0);
    for (int i = 0; i < 5000; i++) {
        frame_number(in, NGHTTP2_WINDOW_UPDATE, open[i % 3], 1);
        frame_number(in, NGHTTP2_RST_STREAM, 3, NGHTTP2_NO_ERROR);
        frame_data(in, 1, 0, "");
        frame_data(in, 3, 0, "of a stream that is closed");
        frame_add(in, NGHTTP2_PRIORITY, 0, 1, "\0\0\0\3\20", 5);
        frame_add(in, 0xee, 0, 0, "unknown", 7);
    }
    assert_int_equal(h2_bed_feed_in(b), 0);
    h2_bed_expect(b, 1, H2_RESET, 0, "NO_ERROR");
    assert_int_equal(b->streams[0].ends, 0);
    h2_bed_check_alive(b);
    h2_bed_free(b);
}

static void an_endless_body(void **state)
{
    (void)state;
    struct h2_bed *b = h2_bed_settled(2);
    struct buf *in = &b->in;
    char *text = mem_zalloc(16001);
    for (size_t i = 0; i < 16000; i++)
        text[i] = h2_bed_body(i);
    frame_ok(in, 1, 0);
    for (int i = 0; i < 3000; i++) { /* 48 MB */
        frame_data(in, 1, 0, text);
        assert_int_equal(h2_bed_feed_in(b), 0);
    }
    assert_int_equal(b->streams[0].stream.body_bytes, 48000000);
    free(text);
    h2_bed_check_alive(b);
    h2_bed_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_ends_at_its_limit),     cmocka_unit_test(heads_are_added_up),
        cmocka_unit_test(endless_continuations),        cmocka_unit_test(a_bomb_of_references),
        cmocka_unit_test(floods_that_must_be_answered), cmocka_unit_test(many_pings_one_by_one),
        cmocka_unit_test(floods_that_need_no_answer),   cmocka_unit_test(an_endless_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
