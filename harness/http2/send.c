#include <assert.h>
#include <string.h>

#include "http2/reason.h"
#include "http2/session_internal.h"

/* Which is in the buffer of the caller now, or will be before nghttp2 is called again. */
static int on_sent(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *session)
{
    struct h2_session *s = session;
    struct h2_stream *stream = NULL;
    if (frame->hd.type == NGHTTP2_HEADERS && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0)
        stream = nghttp2_session_get_stream_user_data(nghttp2, frame->hd.stream_id);
    if (stream != NULL) {
        stream->is_uploading = true;
        s->uploading++;
    }
    /* nghttp2 only ends a connection because of what it read. */
    if (frame->hd.type == NGHTTP2_GOAWAY) {
        h2_text_copy(s->detail, frame->goaway.opaque_data, frame->goaway.opaque_data_len);
        s->why = s->why != NULL ? s->why : h2_reason_goaway(frame->goaway.error_code);
    }
    return 0;
}

/* How much of a body the next DATA frame has: all that is left, or what the buffer has room for
 * unless that is so little that it is full. */
/* NOLINTNEXTLINE(readability-function-size): nghttp2's signature */
ssize_t h2_send_body(nghttp2_session *nghttp2, int32_t id, uint8_t *buf, size_t len,
                     uint32_t *flags, nghttp2_data_source *source, void *session)
{
    (void)nghttp2;
    (void)id;
    (void)buf;
    struct h2_session *s = session;
    const struct h2_stream *stream = source->ptr;
    size_t left = stream->request->body_len - stream->sent;
    size_t bytes = left < len ? left : len;
    if (s->out_room < H2_FRAME_HEAD + bytes) {
        if (s->out_room < H2_TAKE_LEAST) {
            s->is_paused = true;
            return NGHTTP2_ERR_PAUSE;
        }
        bytes = s->out_room - H2_FRAME_HEAD;
    }
    *flags = NGHTTP2_DATA_FLAG_NO_COPY;
    if (bytes == left)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)bytes;
}

static void put(struct h2_session *s, const void *bytes, size_t len)
{
    memcpy(s->out, bytes, len);
    s->out += len;
    s->out_room -= len;
}

/* One DATA frame, from the body to the buffer. nghttp2 has no copy in between. */
static int on_send_data(nghttp2_session *nghttp2, nghttp2_frame *frame, const uint8_t *head,
                        size_t len, nghttp2_data_source *source, void *session)
{
    (void)nghttp2;
    (void)frame;
    struct h2_session *s = session;
    struct h2_stream *stream = source->ptr;
    put(s, head, H2_FRAME_HEAD);
    put(s, stream->request->body + stream->sent, len);
    stream->sent += len;
    s->has_moved = true;
    if (stream->sent == stream->request->body_len) {
        stream->is_uploading = false;
        s->uploading--;
    }
    return 0;
}

void h2_send_callbacks(nghttp2_session_callbacks *callbacks)
{
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_sent);
    nghttp2_session_callbacks_set_send_data_callback(callbacks, on_send_data);
}

/* What is left of the last frame, as much as fits. */
static void put_rest(struct h2_session *s)
{
    size_t len = s->rest_len < s->out_room ? s->rest_len : s->out_room;
    if (len == 0)
        return;
    put(s, s->rest, len);
    s->rest += len;
    s->rest_len -= len;
}

/* Writes frames to the buffer until it is full, or there are none. */
static void put_frames(struct h2_session *s)
{
    put_rest(s);
    while (s->rest_len == 0 && !s->is_paused) {
        ssize_t len = nghttp2_session_mem_send(s->nghttp2, &s->rest);
        if (len < 0)
            h2_session_die(s, (int)len);
        if (len <= 0)
            return;
        s->rest_len = (size_t)len;
        put_rest(s);
    }
}

/* Nothing but the peer's window keeps a body from being sent. */
static void note_blocked(struct h2_session *s)
{
    bool is_blocked = s->uploading > 0 && s->rest_len == 0 && !s->is_paused;
    if (s->blocked_since_ns != 0 && (s->has_moved || s->uploading == 0)) {
        s->blocked_ns += s->now_ns - s->blocked_since_ns;
        s->blocked_since_ns = 0;
    }
    if (is_blocked && s->blocked_since_ns == 0) {
        s->blocked_since_ns = s->now_ns;
        s->blocked++;
    }
}

size_t h2_session_take(struct h2_session *s, char *buf, size_t size, int64_t now_ns)
{
    assert(size >= H2_TAKE_LEAST);
    if (s->is_dead)
        return 0;
    s->now_ns = now_ns;
    s->out = buf;
    s->out_room = size;
    s->is_paused = s->has_moved = false;
    put_frames(s);
    note_blocked(s);
    return size - s->out_room;
}
