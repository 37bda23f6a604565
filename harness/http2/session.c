#include "http2/session.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "http/response.h"
#include "http2/reason.h"
#include "http2/session_internal.h"

/* h2load's, of a stream and of the connection. */
#define WINDOW_BYTES ((1 << 30) - 1)

#define ALERT_BYTES       7     /* of TLS, with its head; also of "HTTP/1." */
#define FRAME_BYTES_FIRST 16384 /* RFC 9113, 4.2 */

void h2_session_open(struct h2_session *s, struct h2_client *client, void *ctx)
{
    static const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW_BYTES},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, RESPONSE_HEAD_MAX},
        {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    };
    *s = (struct h2_session){.client = client, .ctx = ctx};
    /* They fail only for want of memory, and the memory does not return then. */
    int failed = nghttp2_session_client_new3(&s->nghttp2, client->callbacks, s, client->option,
                                             &client->memory.functions);
    if (failed == 0)
        failed = nghttp2_submit_settings(s->nghttp2, NGHTTP2_FLAG_NONE, settings, LEN(settings));
    if (failed == 0)
        failed =
            nghttp2_session_set_local_window_size(s->nghttp2, NGHTTP2_FLAG_NONE, 0, WINDOW_BYTES);
    if (failed != 0)
        h2_session_die(s, failed);
}

void h2_session_drain(struct h2_session *s)
{
    s->is_dead = true;
    while (s->first != NULL)
        h2_stream_end(s, s->first, H2_LOST, s->why);
}

void h2_session_close(struct h2_session *s)
{
    s->is_dead = true;
    nghttp2_session_del(s->nghttp2);
    s->nghttp2 = NULL;
}

uint32_t h2_session_room(const struct h2_session *s)
{
    /* nghttp2 may have ended the connection, which becomes known with its GOAWAY. */
    if (s->is_dead || s->why != NULL || nghttp2_session_check_request_allowed(s->nghttp2) == 0)
        return 0;
    uint64_t ids = H2_STREAMS_MAX - s->submitted;
    uint32_t limit = s->is_settled ? s->max_streams : 1;
    uint32_t room = limit > s->open ? limit - s->open : 0;
    return room < ids ? room : (uint32_t)ids;
}

void h2_session_submit(struct h2_session *s, struct h2_stream *stream,
                       const struct h2_request *request)
{
    assert(h2_session_room(s) > 0);
    nghttp2_data_provider body = {.source.ptr = stream, .read_callback = h2_send_body};
    h2_stream_begin(s, stream, request);
    int32_t id = nghttp2_submit_request(s->nghttp2, NULL, request->fields, request->nfields,
                                        request->body_len > 0 ? &body : NULL, stream);
    if (id < 0)
        h2_session_die(s, id);
    stream->id = id < 0 ? 0 : id;
}

void h2_session_cancel(struct h2_session *s, struct h2_stream *stream)
{
    if (!s->is_dead)
        h2_stream_abandon(s, stream);
    h2_stream_leave(s, stream);
}

static void keep_greeting(struct h2_session *s, const char *bytes, size_t len)
{
    size_t room = sizeof s->greeting - s->greeting_len;
    if (len > room)
        len = room;
    if (len > 0)
        memcpy(s->greeting + s->greeting_len, bytes, len);
    s->greeting_len += len;
}

/* Its first frame is larger than the first one may be, so it is none. nghttp2 says so once it has
 * the whole head of a frame; an alert of TLS is shorter, and may be all that comes. */
static bool is_foreign(const struct h2_session *s)
{
    uint32_t len = (uint32_t)s->greeting[0] << 16 | (uint32_t)s->greeting[1] << 8 | s->greeting[2];
    return !s->is_settled && s->greeting_len >= ALERT_BYTES && len > FRAME_BYTES_FIRST;
}

int h2_session_feed(struct h2_session *s, const char *bytes, size_t len, int64_t now_ns)
{
    if (s->is_dead || s->why != NULL)
        return -1;
    s->now_ns = now_ns;
    if (s->greeting_len < sizeof s->greeting)
        keep_greeting(s, bytes, len);
    ssize_t used = nghttp2_session_mem_recv(s->nghttp2, (const uint8_t *)bytes, len);
    if (used >= 0 && s->why == NULL && is_foreign(s))
        s->why = h2_reason_greeting(s->greeting, s->greeting_len);
    if (used < 0)
        h2_session_die(s, (int)used);
    else if (s->why != NULL) /* nghttp2 may not know it yet */
        (void)nghttp2_session_terminate_session(s->nghttp2, NGHTTP2_PROTOCOL_ERROR);
    return s->why == NULL ? 0 : -1;
}

bool h2_session_is_over(const struct h2_session *s)
{
    bool takes_no_more = s->goaway.received || s->submitted == H2_STREAMS_MAX;
    return s->is_dead || s->why != NULL || (takes_no_more && s->open == 0);
}

int64_t h2_session_blocked_ns(const struct h2_session *s, int64_t now_ns)
{
    return s->blocked_ns + (s->blocked_since_ns != 0 ? now_ns - s->blocked_since_ns : 0);
}
