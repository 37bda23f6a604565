#include "http2/client.h"

#include "http2/session_internal.h"

/* CONTINUATION frames of one head. nghttp2's own limit is 8, but it counts one each time that the
 * head of such a frame comes in another piece, too. Whatever they say, a head ends at 64 KiB. */
#define CONTINUATIONS_MAX 128

int h2_client_init(struct h2_client *c, const struct h2_events *events, struct err *err)
{
    *c = (struct h2_client){.events = events};
    h2_memory_init(&c->memory);
    if (nghttp2_session_callbacks_new(&c->callbacks) != 0 || nghttp2_option_new(&c->option) != 0)
        return err_set(err, ERR_USAGE, "out of memory for HTTP/2; use fewer threads with -w");
    h2_receive_callbacks(c->callbacks);
    h2_send_callbacks(c->callbacks);
    nghttp2_option_set_max_continuations(c->option, CONTINUATIONS_MAX);
    return 0;
}

void h2_client_fini(struct h2_client *c)
{
    nghttp2_session_callbacks_del(c->callbacks);
    nghttp2_option_del(c->option);
    h2_memory_fini(&c->memory);
}
