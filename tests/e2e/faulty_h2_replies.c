#include "faulty_h2_replies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/h2_frames.h"

#define END          NGHTTP2_FLAG_END_STREAM
#define END_HEAD     NGHTTP2_FLAG_END_HEADERS
#define OK_BODY      "ok\n"
#define FIELD_BYTES  1000
#define EMPTY_FRAMES 100
#define BLOCK_MAX    ((size_t)4 << 20)
#define PIECE        16384 /* of a head, that every client takes */
#define SMALL_PIECE  1000
#define MANY_PIECES  300
#define LARGE_FIELDS 1000
#define HUGE_FIELD   100000
#define UNKNOWN_TYPE 0xfa

uint32_t h2_parameter(const struct h2_request_in *r, const char *key, uint32_t otherwise)
{
    const char *query = strchr(r->target, '?');
    const char *value = query == NULL ? NULL : strstr(query, key);
    return value == NULL ? otherwise : (uint32_t)strtoul(value + strlen(key), NULL, 10);
}

/* --- parts --- */

static void add_body(struct buf *out, const struct h2_request_in *r, uint32_t len)
{
    static const char bytes[PIECE];
    while (len > PIECE) {
        frame_add(out, NGHTTP2_DATA, 0, r->id, bytes, PIECE);
        len -= PIECE;
    }
    frame_add(out, NGHTTP2_DATA, END, r->id, bytes, len);
}

static void add_ok_body(struct buf *out, const struct h2_request_in *r)
{
    frame_data(out, r->id, END, OK_BODY);
}

/* HEADERS with a status and at most one field more. */
static void add_head(struct buf *out, uint32_t id, uint8_t flags, const char *const fields[][2])
{
    struct buf block;
    buf_init(&block, BLOCK_MAX);
    for (size_t i = 0; fields[i][0] != NULL; i++)
        field_literal(&block, fields[i][0], fields[i][1]);
    frame_head(out, id, flags, &block);
    buf_fini(&block);
}

/* HEADERS and CONTINUATION of at most so many bytes. */
static void add_pieces(struct buf *out, uint32_t id, const struct buf *block, size_t piece)
{
    for (size_t at = 0; at < block->len; at += piece) {
        size_t left = block->len - at;
        size_t len = left < piece ? left : piece;
        frame_add(out, at == 0 ? NGHTTP2_HEADERS : NGHTTP2_CONTINUATION, len == left ? END_HEAD : 0,
                  id, block->data + at, len);
    }
}

/* --- right --- */

void h2_reply_ok(struct buf *out, const struct h2_request_in *r)
{
    char status[16];
    uint32_t len = h2_parameter(r, "len=", UINT32_MAX);
    (void)snprintf(status, sizeof status, "%u", h2_parameter(r, "code=", 200) % 1000);
    const char *const fields[][2] = {{":status", status}, {NULL, NULL}};
    add_head(out, r->id, r->is_head ? END : 0, fields);
    if (r->is_head)
        return;
    if (len == UINT32_MAX)
        add_ok_body(out, r);
    else
        add_body(out, r, len);
}

void h2_reply_empty(struct buf *out, const struct h2_request_in *r)
{
    uint8_t status = FIELD_STATUS_204;
    frame_add(out, NGHTTP2_HEADERS, END_HEAD | END, r->id, &status, 1);
}

void h2_reply_trailers(struct buf *out, const struct h2_request_in *r)
{
    static const char *const trailers[][2] = {{"x-end", "1"}, {NULL, NULL}};
    frame_ok(out, r->id, 0);
    frame_data(out, r->id, 0, OK_BODY);
    add_head(out, r->id, END, trailers);
}

void h2_reply_interim(struct buf *out, const struct h2_request_in *r)
{
    static const char *const hints[][2] = {{":status", "103"}, {"link", "</a.css>"}, {NULL, NULL}};
    static const char *const go_on[][2] = {{":status", "100"}, {NULL, NULL}};
    add_head(out, r->id, 0, go_on);
    add_head(out, r->id, 0, hints);
    h2_reply_ok(out, r);
}

void h2_reply_padded(struct buf *out, const struct h2_request_in *r)
{
    static const char head[] = "\x03\x88\0\0\0"; /* 3 bytes of padding */
    static const char body[] = "\x05" OK_BODY "\0\0\0\0\0";
    frame_add(out, NGHTTP2_HEADERS, NGHTTP2_FLAG_PADDED | END_HEAD, r->id, head, sizeof head - 1);
    frame_add(out, NGHTTP2_DATA, NGHTTP2_FLAG_PADDED | END, r->id, body, sizeof body - 1);
}

void h2_reply_empty_data(struct buf *out, const struct h2_request_in *r)
{
    frame_ok(out, r->id, 0);
    for (int i = 0; i < EMPTY_FRAMES; i++)
        frame_data(out, r->id, 0, "");
    frame_data(out, r->id, 0, OK_BODY);
    frame_data(out, r->id, END, "");
}

void h2_reply_continued(struct buf *out, const struct h2_request_in *r)
{
    struct buf block;
    buf_init(&block, BLOCK_MAX);
    field_indexed(&block, FIELD_STATUS_200);
    for (int i = 0; i < 20; i++)
        field_long(&block, "x-long", FIELD_BYTES);
    add_pieces(out, r->id, &block, SMALL_PIECE);
    add_ok_body(out, r);
    buf_fini(&block);
}

/* The table becomes empty, then as large as it may be; a field enters it, and is taken from it. */
void h2_reply_tables(struct buf *out, const struct h2_request_in *r)
{
    static const char block[] = "\x20\x3f\xe1\x1f\x88\x40\x03x-a\x01"
                                "1\xbe";
    frame_add(out, NGHTTP2_HEADERS, END_HEAD, r->id, block, sizeof block - 1);
    add_ok_body(out, r);
}

void h2_reply_unknown(struct buf *out, const struct h2_request_in *r)
{
    frame_add(out, UNKNOWN_TYPE, 0xff, r->id, OK_BODY, 3);
    frame_ok(out, r->id, 0);
    frame_add(out, UNKNOWN_TYPE, 0xff, 0, OK_BODY, 3);
    add_ok_body(out, r);
}

/* RFC 9113, 8.1: the rest of the request is not wanted. */
void h2_reply_early(struct buf *out, const struct h2_request_in *r)
{
    static const char *const fields[][2] = {{":status", "413"}, {NULL, NULL}};
    add_head(out, r->id, END, fields);
    frame_number(out, NGHTTP2_RST_STREAM, r->id, NGHTTP2_NO_ERROR);
}

/* --- wrong for one stream --- */

void h2_reply_reset(struct buf *out, const struct h2_request_in *r)
{
    frame_number(out, NGHTTP2_RST_STREAM, r->id, h2_parameter(r, "code=", NGHTTP2_INTERNAL_ERROR));
}

void h2_reply_reset_body(struct buf *out, const struct h2_request_in *r)
{
    h2_reply_part(out, r);
    frame_number(out, NGHTTP2_RST_STREAM, r->id, NGHTTP2_INTERNAL_ERROR);
}

void h2_reply_part(struct buf *out, const struct h2_request_in *r)
{
    frame_ok(out, r->id, 0);
    frame_data(out, r->id, 0, "o");
}

void h2_reply_no_status(struct buf *out, const struct h2_request_in *r)
{
    static const char *const fields[][2] = {{"x-a", "1"}, {NULL, NULL}};
    add_head(out, r->id, END, fields);
}

void h2_reply_upper_case(struct buf *out, const struct h2_request_in *r)
{
    static const char *const fields[][2] = {{":status", "200"}, {"X-A", "1"}, {NULL, NULL}};
    add_head(out, r->id, 0, fields);
    add_ok_body(out, r);
}

void h2_reply_wrong_length(struct buf *out, const struct h2_request_in *r)
{
    static const char *const fields[][2] = {
        {":status", "200"}, {"content-length", "5"}, {NULL, NULL}};
    add_head(out, r->id, 0, fields);
    add_ok_body(out, r);
}

void h2_reply_only_interim(struct buf *out, const struct h2_request_in *r)
{
    static const char *const fields[][2] = {{":status", "103"}, {NULL, NULL}};
    add_head(out, r->id, END, fields);
}

void h2_reply_body_first(struct buf *out, const struct h2_request_in *r)
{
    add_ok_body(out, r);
}

void h2_reply_large_head(struct buf *out, const struct h2_request_in *r)
{
    struct buf block;
    buf_init(&block, BLOCK_MAX);
    field_indexed(&block, FIELD_STATUS_200);
    for (int i = 0; i < LARGE_FIELDS; i++)
        field_long(&block, "x-long", FIELD_BYTES);
    add_pieces(out, r->id, &block, PIECE);
    buf_fini(&block);
    add_ok_body(out, r);
}

/* --- wrong for the connection --- */

void h2_reply_huge_field(struct buf *out, const struct h2_request_in *r)
{
    struct buf block;
    buf_init(&block, BLOCK_MAX);
    field_indexed(&block, FIELD_STATUS_200);
    field_long(&block, "x-huge", HUGE_FIELD);
    add_pieces(out, r->id, &block, PIECE);
    buf_fini(&block);
}

void h2_reply_pieces(struct buf *out, const struct h2_request_in *r)
{
    uint8_t status = FIELD_STATUS_200;
    frame_add(out, NGHTTP2_HEADERS, 0, r->id, &status, 1);
    for (int i = 0; i < MANY_PIECES; i++)
        frame_add(out, NGHTTP2_CONTINUATION, 0, r->id, "", 0);
}

void h2_reply_bad_index(struct buf *out, const struct h2_request_in *r)
{
    frame_add(out, NGHTTP2_HEADERS, END_HEAD | END, r->id, "\x80", 1);
}

void h2_reply_push(struct buf *out, const struct h2_request_in *r)
{
    static const char promise[] = "\0\0\0\x02\x82\x84\x86\x41\x01h"; /* GET / http h, on stream 2 */
    frame_add(out, NGHTTP2_PUSH_PROMISE, END_HEAD, r->id, promise, sizeof promise - 1);
}

void h2_reply_huge_frame(struct buf *out, const struct h2_request_in *r)
{
    frame_ok(out, r->id, 0);
    buf_add(out, "\x10\0\0\0\0\0\0\0\1", 9); /* DATA of 1 MB */
    buf_pad(out, 'x', 1 << 20);
}

void h2_reply_short_ping(struct buf *out, const struct h2_request_in *r)
{
    (void)r;
    frame_add(out, NGHTTP2_PING, 0, 0, "1234567", 7);
}

void h2_reply_windows(struct buf *out, const struct h2_request_in *r)
{
    (void)r;
    frame_number(out, NGHTTP2_WINDOW_UPDATE, 0, INT32_MAX);
    frame_number(out, NGHTTP2_WINDOW_UPDATE, 0, INT32_MAX);
}

void h2_reply_half_frame(struct buf *out, const struct h2_request_in *r)
{
    h2_reply_part(out, r);
    buf_add(out, "\0\0\5\0\0\0", 6);
}

void h2_reply_garbage(struct buf *out, const struct h2_request_in *r)
{
    (void)r;
    buf_puts(out, "EHLO there\r\n220 what is this\r\n");
}

void h2_reply_http1(struct buf *out, const struct h2_request_in *r)
{
    (void)r;
    buf_puts(out, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
}

void h2_reply_tls_alert(struct buf *out, const struct h2_request_in *r)
{
    (void)r;
    buf_add(out, "\x15\x03\x03\x00\x02\x02\x46", 7);
}
