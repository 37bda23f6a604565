#include "http2/stream.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "http2/reason.h"
#include "http2/session_internal.h"

void h2_stream_begin(struct h2_session *s, struct h2_stream *stream,
                     const struct h2_request *request)
{
    *stream = (struct h2_stream){.request = request, .prev = s->last};
    if (s->last != NULL)
        s->last->next = stream;
    else
        s->first = stream;
    s->last = stream;
    s->open++;
    s->submitted++;
}

void h2_stream_leave(struct h2_session *s, struct h2_stream *stream)
{
    assert(s->open > 0 && stream->request != NULL); /* once only */
    if (stream->prev != NULL)
        stream->prev->next = stream->next;
    else
        s->first = stream->next;
    if (stream->next != NULL)
        stream->next->prev = stream->prev;
    else
        s->last = stream->prev;
    s->open--;
    s->ended++;
    if (stream->is_uploading)
        s->uploading--;
    stream->request = NULL;
    if (s->current == stream)
        s->current = NULL;
}

void h2_stream_end(struct h2_session *s, struct h2_stream *stream, enum h2_end end, const char *why)
{
    h2_stream_leave(s, stream);
    stream->end = (uint8_t)end;
    stream->why = why;
    s->client->events->on_end(s->ctx, stream);
}

void h2_stream_detach(struct h2_session *s, const struct h2_stream *stream)
{
    (void)nghttp2_session_set_stream_user_data(s->nghttp2, stream->id, NULL);
}

void h2_stream_abandon(struct h2_session *s, const struct h2_stream *stream)
{
    h2_stream_detach(s, stream);
    (void)nghttp2_submit_rst_stream(s->nghttp2, NGHTTP2_FLAG_NONE, stream->id, NGHTTP2_CANCEL);
}

void h2_session_die(struct h2_session *s, int error)
{
    s->is_dead = true;
    if (s->why == NULL)
        s->why = h2_reason_fatal(error);
}

void h2_text_copy(char text[H2_TEXT_MAX], const uint8_t *bytes, size_t len)
{
    if (len > H2_TEXT_MAX - 1)
        len = H2_TEXT_MAX - 1;
    if (len > 0)
        memcpy(text, bytes, len); /* bytes may be NULL without any */
    text[len] = '\0';
    str_make_printable(text, len);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n' || text[i] == '\t')
            text[i] = ' ';
    }
}
