#include "support/h2_frames.h"

#include <string.h>

#include <nghttp2/nghttp2.h>

static void add_number(struct buf *out, uint64_t number, unsigned bytes)
{
    for (unsigned i = bytes; i > 0; i--) {
        uint8_t byte = (uint8_t)(number >> (8 * (i - 1)));
        buf_add(out, &byte, 1);
    }
}

void frame_add(struct buf *out, uint8_t type, uint8_t flags, uint32_t id, const void *payload,
               size_t len)
{
    add_number(out, len, 3);
    add_number(out, type, 1);
    add_number(out, flags, 1);
    add_number(out, id, 4);
    buf_add(out, payload, len);
}

void frame_settings(struct buf *out, uint16_t id, uint32_t value)
{
    struct buf payload;
    buf_init(&payload, 16);
    if (id != 0) {
        add_number(&payload, id, 2);
        add_number(&payload, value, 4);
    }
    frame_add(out, NGHTTP2_SETTINGS, 0, 0, payload.data, payload.len);
    buf_fini(&payload);
}

void frame_head(struct buf *out, uint32_t id, uint8_t flags, const struct buf *block)
{
    frame_add(out, NGHTTP2_HEADERS, (uint8_t)(flags | NGHTTP2_FLAG_END_HEADERS), id, block->data,
              block->len);
}

void frame_ok(struct buf *out, uint32_t id, uint8_t flags)
{
    uint8_t status = FIELD_STATUS_200;
    frame_add(out, NGHTTP2_HEADERS, (uint8_t)(flags | NGHTTP2_FLAG_END_HEADERS), id, &status, 1);
}

void frame_data(struct buf *out, uint32_t id, uint8_t flags, const char *text)
{
    frame_add(out, NGHTTP2_DATA, flags, id, text, strlen(text));
}

void frame_number(struct buf *out, uint8_t type, uint32_t id, uint32_t number)
{
    struct buf payload;
    buf_init(&payload, 16);
    add_number(&payload, number, 4);
    frame_add(out, type, 0, id, payload.data, payload.len);
    buf_fini(&payload);
}

void frame_goaway(struct buf *out, uint32_t last_id, uint32_t code, const char *text)
{
    struct buf payload;
    buf_init(&payload, 1 << 14);
    add_number(&payload, last_id, 4);
    add_number(&payload, code, 4);
    buf_puts(&payload, text);
    frame_add(out, NGHTTP2_GOAWAY, 0, 0, payload.data, payload.len);
    buf_fini(&payload);
}

static uint32_t number_at(const struct buf *in, size_t at, unsigned bytes)
{
    uint32_t number = 0;
    for (unsigned i = 0; i < bytes; i++)
        number = number << 8 | (uint8_t)in->data[at + i];
    return number;
}

size_t frames_count(const struct buf *in, uint8_t type, uint32_t id)
{
    size_t count = 0;
    size_t at = 0;
    while (at + 9 <= in->len) {
        count += number_at(in, at + 3, 1) == type && number_at(in, at + 5, 4) == id;
        at += 9 + number_at(in, at, 3);
    }
    return count;
}

/* With a prefix of 7 bits. */
static void add_len(struct buf *block, size_t len)
{
    if (len < 127) {
        add_number(block, len, 1);
        return;
    }
    add_number(block, 127, 1);
    for (len -= 127; len >= 128; len /= 128)
        add_number(block, 128 + len % 128, 1);
    add_number(block, len, 1);
}

void field_indexed(struct buf *block, uint8_t byte)
{
    add_number(block, byte, 1);
}

void field_literal(struct buf *block, const char *name, const char *value)
{
    add_number(block, 0, 1);
    add_len(block, strlen(name));
    buf_puts(block, name);
    add_len(block, strlen(value));
    buf_puts(block, value);
}

void field_long(struct buf *block, const char *name, size_t len)
{
    add_number(block, 0, 1);
    add_len(block, strlen(name));
    buf_puts(block, name);
    add_len(block, len);
    buf_pad(block, 'v', len);
}
