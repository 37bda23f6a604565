#include <string.h>

#include "http/response.h"
#include "http2/reason.h"
#include "http2/session_internal.h"

/* RFC 9113, 6.5.2: what a header counts for beside its name and value. */
#define HEADER_EXTRA 32

static struct h2_stream *find_stream(const struct h2_session *s, int32_t id)
{
    return nghttp2_session_get_stream_user_data(s->nghttp2, id);
}

/* The frames of one reply often follow each other: it is looked up for the first of them. */
static struct h2_stream *make_current(struct h2_session *s, int32_t id)
{
    if (id != s->current_id) {
        s->current = find_stream(s, id);
        s->current_id = id;
    }
    return s->current;
}

/* The head of each frame of the peer that nghttp2 does not ignore. */
static int on_begin_frame(nghttp2_session *nghttp2, const nghttp2_frame_hd *head, void *session)
{
    (void)nghttp2;
    struct h2_session *s = session;
    if (head->type == NGHTTP2_PUSH_PROMISE) {
        s->why = "a push, although push is off"; /* h2_session_feed ends the connection */
        s->current = NULL;
        s->current_id = 0;
        return 0;
    }
    if (head->type != NGHTTP2_DATA && head->type != NGHTTP2_HEADERS &&
        head->type != NGHTTP2_CONTINUATION)
        return 0;
    struct h2_stream *stream = make_current(s, head->stream_id);
    if (stream == NULL)
        return 0;
    if (stream->first_byte_ns == 0)
        stream->first_byte_ns = s->now_ns;
    stream->wire_bytes += H2_FRAME_HEAD + head->length;
    return 0;
}

/* No more headers of this stream are told, but all are decompressed, for the sake of the others. */
static int refuse_head(struct h2_session *s, struct h2_stream *stream, const char *why)
{
    h2_stream_abandon(s, stream);
    h2_stream_end(s, stream, H2_MALFORMED, why);
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

static void tell_header(const struct h2_session *s, struct h2_stream *stream,
                        const struct h2_header *header)
{
    const struct h2_events *events = s->client->events;
    if (events->on_header != NULL && stream->status >= 200 && !stream->has_head)
        events->on_header(s->ctx, stream, header);
}

/* NOLINTNEXTLINE(readability-function-size): nghttp2's signature */
static int on_header(nghttp2_session *nghttp2, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags,
                     void *session)
{
    static const char status[] = ":status";
    (void)nghttp2;
    (void)frame;
    (void)flags;
    struct h2_session *s = session;
    struct h2_stream *stream = s->current;
    if (stream == NULL)
        return 0;
    stream->head_bytes += (uint32_t)(name_len + value_len + HEADER_EXTRA);
    if (stream->head_bytes > RESPONSE_HEAD_MAX)
        return refuse_head(s, stream, "a head over 64 KiB");
    if (name_len != sizeof status - 1 || memcmp(name, status, name_len) != 0) {
        tell_header(s, stream,
                    &(struct h2_header){.name = (const char *)name,
                                        .value = (const char *)value,
                                        .name_len = name_len,
                                        .value_len = value_len});
        return 0;
    }
    /* nghttp2 has seen to it that these are three digits. */
    stream->status = (uint16_t)((value[0] - '0') * 100 + (value[1] - '0') * 10 + (value[2] - '0'));
    if (stream->status < 100)
        return refuse_head(s, stream, "a status that is not three digits from 100 up");
    return 0;
}

static int on_data(nghttp2_session *nghttp2, uint8_t flags, int32_t id, const uint8_t *bytes,
                   size_t len, void *session)
{
    (void)nghttp2;
    (void)flags;
    (void)id;
    struct h2_session *s = session;
    struct h2_stream *stream = s->current;
    if (stream == NULL)
        return 0;
    stream->body_bytes += len;
    if (s->client->events->on_body != NULL)
        s->client->events->on_body(s->ctx, stream, (const char *)bytes, len);
    return 0;
}

/* Of a body that is not sent to the end, the peer does not want the rest: it has answered. */
static void end_reply(struct h2_session *s, struct h2_stream *stream)
{
    if (stream->is_uploading)
        h2_stream_abandon(s, stream);
    else
        s->told_id = stream->id;
    h2_stream_end(s, stream, H2_WHOLE, NULL);
}

/* A whole HEADERS or DATA frame. */
static void on_reply_frame(struct h2_session *s, const nghttp2_frame *frame)
{
    struct h2_stream *stream = s->current;
    if (stream == NULL)
        return;
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
        end_reply(s, stream);
    else if (stream->status < 200)
        stream->status = 0; /* interim: the next head has another one */
    else
        stream->has_head = true;
}

static void on_reset(struct h2_session *s, const nghttp2_rst_stream *frame)
{
    struct h2_stream *stream = find_stream(s, frame->hd.stream_id);
    if (stream == NULL)
        return;
    s->told_id = stream->id;
    stream->error_code = frame->error_code;
    h2_stream_end(s, stream, frame->error_code == NGHTTP2_REFUSED_STREAM ? H2_REFUSED : H2_RESET,
                  nghttp2_http2_strerror(frame->error_code));
}

static void on_settings(struct h2_session *s, const nghttp2_settings *frame)
{
    if ((frame->hd.flags & NGHTTP2_FLAG_ACK) != 0)
        return;
    uint32_t limit =
        nghttp2_session_get_remote_settings(s->nghttp2, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    s->limit_changes += s->is_settled && limit != s->max_streams;
    s->max_streams = limit;
    s->is_settled = true;
}

/* The streams above the last one are closed by nghttp2 next. */
static void on_goaway(struct h2_session *s, const nghttp2_goaway *frame)
{
    struct h2_goaway *goaway = &s->goaway;
    goaway->received = true;
    goaway->last_id = frame->last_stream_id;
    goaway->code = frame->error_code;
    h2_text_copy(goaway->text, frame->opaque_data, frame->opaque_data_len);
}

static int on_frame(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *session)
{
    (void)nghttp2;
    struct h2_session *s = session;
    switch (frame->hd.type) {
    case NGHTTP2_DATA:
    case NGHTTP2_HEADERS:
        on_reply_frame(s, frame);
        break;
    case NGHTTP2_RST_STREAM:
        on_reset(s, &frame->rst_stream);
        break;
    case NGHTTP2_SETTINGS:
        on_settings(s, &frame->settings);
        break;
    case NGHTTP2_GOAWAY:
        on_goaway(s, &frame->goaway);
        break;
    default: /* nghttp2 does what is to be done */
        break;
    }
    return 0;
}

/* nghttp2 has reset the stream, or will end the connection: then send.c is told why. */
static int on_invalid_frame(nghttp2_session *nghttp2, const nghttp2_frame *frame, int error,
                            void *session)
{
    (void)nghttp2;
    struct h2_session *s = session;
    if (error != NGHTTP2_ERR_HTTP_HEADER && error != NGHTTP2_ERR_HTTP_MESSAGING &&
        error != NGHTTP2_ERR_FLOW_CONTROL)
        return 0;
    struct h2_stream *stream = find_stream(s, frame->hd.stream_id);
    if (stream == NULL) /* that of stream 0 is about the connection */
        return 0;
    bool is_last = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    h2_stream_detach(s, stream);
    h2_stream_end(s, stream, H2_MALFORMED,
                  h2_reason_frame(stream, error, is_last ? H2_FRAME_LAST : H2_FRAME_IN_BETWEEN));
    return 0;
}

/* After its end was told; because of a GOAWAY, the peer's or ours; or because nghttp2 reset it. */
static int on_close(nghttp2_session *nghttp2, int32_t id, uint32_t code, void *session)
{
    (void)nghttp2;
    struct h2_session *s = session;
    struct h2_stream *stream = id == s->told_id ? NULL : find_stream(s, id);
    if (stream == NULL)
        return 0;
    if (s->why != NULL)
        h2_stream_end(s, stream, H2_LOST, s->why);
    else if (s->goaway.received && code == NGHTTP2_REFUSED_STREAM)
        h2_stream_end(s, stream, H2_GONE, nghttp2_http2_strerror(s->goaway.code));
    else
        h2_stream_end(s, stream, H2_MALFORMED, h2_reason_closed(stream, code));
    return 0;
}

static int on_error(nghttp2_session *nghttp2, int error, const char *text, size_t len,
                    void *session)
{
    (void)nghttp2;
    struct h2_session *s = session;
    if (error == NGHTTP2_ERR_SETTINGS_EXPECTED)
        s->why = h2_reason_greeting(s->greeting, s->greeting_len);
    h2_text_copy(s->detail, (const uint8_t *)text, len);
    return 0;
}

void h2_receive_callbacks(nghttp2_session_callbacks *callbacks)
{
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, on_begin_frame);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, on_invalid_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_callbacks_set_error_callback2(callbacks, on_error);
}
