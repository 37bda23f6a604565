#include "support/h2_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"

#define FIELDS_MAX 64

static struct h2_server_request *request_of(struct h2_server *s, int32_t id)
{
    size_t i = ((size_t)id - 1) / 2;
    assert_true(id > 0 && i < H2_BED_STREAMS);
    return &s->requests[i];
}

/* --- requests --- */

static int on_begin(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *server)
{
    (void)nghttp2;
    struct h2_server *s = server;
    struct h2_server_request *r = request_of(s, frame->hd.stream_id);
    buf_init(&r->head, BUF_TEXT_MAX);
    r->body_right = true;
    s->count++;
    s->open++;
    s->most = s->open > s->most ? s->open : s->most;
    return 0;
}

static int on_close(nghttp2_session *nghttp2, int32_t id, uint32_t code, void *server)
{
    (void)nghttp2;
    (void)id;
    (void)code;
    struct h2_server *s = server;
    s->open--;
    return 0;
}

/* NOLINTNEXTLINE(readability-function-size): nghttp2's signature */
static int on_header(nghttp2_session *nghttp2, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags,
                     void *server)
{
    (void)nghttp2;
    (void)flags;
    struct h2_server_request *r = request_of(server, frame->hd.stream_id);
    buf_add(&r->head, name, name_len);
    buf_puts(&r->head, ": ");
    buf_add(&r->head, value, value_len);
    buf_puts(&r->head, "\n");
    return 0;
}

static int on_data(nghttp2_session *nghttp2, uint8_t flags, int32_t id, const uint8_t *bytes,
                   size_t len, void *server)
{
    (void)nghttp2;
    (void)flags;
    struct h2_server_request *r = request_of(server, id);
    for (size_t i = 0; i < len; i++)
        r->body_right &= (char)bytes[i] == h2_bed_body(r->body_len + i);
    r->body_len += len;
    return 0;
}

static int on_frame(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *server)
{
    (void)nghttp2;
    struct h2_server *s = server;
    bool is_request = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (!is_request || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0)
        return 0;
    request_of(s, frame->hd.stream_id)->is_whole = true;
    if (s->answer != NULL)
        s->answer(s, frame->hd.stream_id);
    return 0;
}

/* The client must give no reason for that. */
static int on_invalid(nghttp2_session *nghttp2, const nghttp2_frame *frame, int error, void *server)
{
    (void)nghttp2;
    (void)frame;
    (void)server;
    fail_msg("the server was sent a wrong frame: %s", nghttp2_strerror(error));
    return 0;
}

/* --- replies --- */

/* NOLINTNEXTLINE(readability-function-size): nghttp2's signature */
static ssize_t read_body(nghttp2_session *nghttp2, int32_t id, uint8_t *buf, size_t len,
                         uint32_t *flags, nghttp2_data_source *source, void *server)
{
    (void)source;
    struct h2_server *s = server;
    struct h2_server_request *r = request_of(s, id);
    size_t left = s->reply.body_len - r->reply_sent;
    len = left < len ? left : len;
    for (size_t i = 0; i < len; i++)
        buf[i] = (uint8_t)h2_bed_body(r->reply_sent + i);
    r->reply_sent += len;
    if (r->reply_sent < s->reply.body_len)
        return (ssize_t)len;
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (s->reply.trailers != NULL) {
        nghttp2_nv trailer = {0};
        char *name = mem_strdup(s->reply.trailers);
        trailer.name = trailer.value = (uint8_t *)name;
        trailer.namelen = trailer.valuelen = strlen(name);
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        assert_int_equal(nghttp2_submit_trailer(nghttp2, id, &trailer, 1), 0);
        free(name);
    }
    return (ssize_t)len;
}

/* nghttp2 copies the fields when they are submitted. */
static nghttp2_nv field(struct str_list *texts, const char *name, const char *value)
{
    str_list_add(texts, name);
    str_list_add(texts, value);
    return (nghttp2_nv){.name = (uint8_t *)texts->items[texts->count - 2],
                        .value = (uint8_t *)texts->items[texts->count - 1],
                        .namelen = strlen(name),
                        .valuelen = strlen(value)};
}

void h2_server_answer(struct h2_server *s, int32_t id)
{
    const struct h2_server_reply *reply = &s->reply;
    struct str_list texts = {0};
    nghttp2_nv fields[FIELDS_MAX];
    size_t count = 0;
    if (reply->interim != NULL) {
        nghttp2_nv status = field(&texts, ":status", reply->interim);
        assert_int_equal(nghttp2_submit_headers(s->nghttp2, 0, id, NULL, &status, 1, NULL), 0);
    }
    fields[count++] = field(&texts, ":status", reply->status);
    for (size_t i = 0; i < reply->fields && count < FIELDS_MAX; i++)
        fields[count++] = field(&texts, reply->name, reply->value);
    nghttp2_data_provider body = {.read_callback = read_body};
    bool has_body = reply->body_len > 0 || reply->trailers != NULL;
    assert_int_equal(
        nghttp2_submit_response(s->nghttp2, id, fields, count, has_body ? &body : NULL), 0);
    str_list_fini(&texts);
}

/* --- life --- */

void h2_server_set(struct h2_server *s, int32_t setting, uint32_t value)
{
    nghttp2_settings_entry entry = {setting, value};
    assert_int_equal(
        nghttp2_submit_settings(s->nghttp2, NGHTTP2_FLAG_NONE, &entry, setting == 0 ? 0 : 1), 0);
}

struct h2_server *h2_server_new(struct h2_bed *bed, int32_t setting, uint32_t value)
{
    struct h2_server *s = mem_zalloc(sizeof *s);
    nghttp2_session_callbacks *callbacks = NULL;
    *s = (struct h2_server){.bed = bed, .answer = h2_server_answer, .reply = {.status = "200"}};
    assert_int_equal(nghttp2_session_callbacks_new(&callbacks), 0);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, on_invalid);
    assert_int_equal(nghttp2_session_server_new(&s->nghttp2, callbacks, s), 0);
    nghttp2_session_callbacks_del(callbacks);
    h2_server_set(s, setting, value);
    return s;
}

void h2_server_free(struct h2_server *s)
{
    nghttp2_session_del(s->nghttp2);
    for (size_t i = 0; i < H2_BED_STREAMS; i++)
        buf_fini(&s->requests[i].head);
    free(s);
}

/* Whether there were any bytes from the client. */
static bool read_requests(struct h2_server *s)
{
    struct buf *sent = &s->bed->sent;
    h2_bed_take(s->bed);
    bool any = sent->len > 0;
    ssize_t used = nghttp2_session_mem_recv(s->nghttp2, (const uint8_t *)sent->data, sent->len);
    assert_int_equal(used, sent->len);
    buf_clear(sent);
    return any;
}

bool h2_server_flush(struct h2_server *s)
{
    struct buf *out = &s->bed->in;
    const uint8_t *bytes = NULL;
    ssize_t len = nghttp2_session_mem_send(s->nghttp2, &bytes);
    while (len > 0) {
        buf_add(out, bytes, (size_t)len);
        len = nghttp2_session_mem_send(s->nghttp2, &bytes);
    }
    assert_int_equal(len, 0);
    bool any = out->len > 0;
    (void)h2_bed_feed_in(s->bed);
    return any;
}

void h2_server_pump(struct h2_server *s)
{
    bool busy = true;
    while (busy) {
        busy = read_requests(s);
        busy |= h2_server_flush(s);
    }
}
