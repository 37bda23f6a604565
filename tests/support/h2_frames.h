/* h2_frames: frames of HTTP/2 written by hand, right and wrong ones.
 *
 * Shape   each adds to a buf: frame_* a frame, field_* a header to the block that a HEADERS frame
 *         carries. Types, flags and codes are nghttp2's.
 * Source  RFC 9113, 4.1 and 6; RFC 7541, 5.1 (numbers) and 6.2.2 (literals without indexing).
 */
#ifndef TESTS_H2_FRAMES_H
#define TESTS_H2_FRAMES_H

#include <stdint.h>

#include "base/buf.h"

/* In the static table of HPACK. */
#define FIELD_STATUS_200 0x88
#define FIELD_STATUS_204 0x89
#define FIELD_STATUS_304 0x8b

void frame_add(struct buf *out, uint8_t type, uint8_t flags, uint32_t id, const void *payload,
               size_t len);
/* The first frame of a server, with one setting or none (0). */
void frame_settings(struct buf *out, uint16_t id, uint32_t value);
/* HEADERS with :status 200; `flags` beside END_HEADERS. */
void frame_ok(struct buf *out, uint32_t id, uint8_t flags);
/* HEADERS with this block, likewise. */
void frame_head(struct buf *out, uint32_t id, uint8_t flags, const struct buf *block);
void frame_data(struct buf *out, uint32_t id, uint8_t flags, const char *text);
/* RST_STREAM, WINDOW_UPDATE and others of one number. */
void frame_number(struct buf *out, uint8_t type, uint32_t id, uint32_t number);
void frame_goaway(struct buf *out, uint32_t last_id, uint32_t code, const char *text);

/* How many frames of this type there are for this stream. */
size_t frames_count(const struct buf *in, uint8_t type, uint32_t id);

void field_indexed(struct buf *block, uint8_t byte);
void field_literal(struct buf *block, const char *name, const char *value);
/* A value of so many bytes. */
void field_long(struct buf *block, const char *name, size_t len);

#endif
