/* curl_loop: libcurl's transfers on a libuv loop, without a thread and without polling.
 *
 * Shape   libcurl says which sockets it waits for and when it wants to be called; here these become
 *         poll handles and one timer. A transfer starts with curl_multi_add_handle(c->multi, ..),
 *         ends in on_done, and is out of the multi handle by then. on_done may start another.
 * Owner   curl_loop_open fills caller's storage, which must live until on_closed.
 * Errors  curl_loop_open: kind USAGE, with nothing left to close. What becomes of a transfer is
 *         on_done's CURLcode.
 * Source  libcurl's multi_socket interface, libcurl-multi(3).
 */
#ifndef TARGETS_COMPUTE_CURL_LOOP_H
#define TARGETS_COMPUTE_CURL_LOOP_H

#include <curl/curl.h>
#include <uv.h>

#include "base/err.h"

struct curl_loop {
    uv_loop_t *loop;
    CURLM *multi;
    uv_timer_t timer;
    int open_handles;
    void *ctx;
    void (*on_done)(void *ctx, CURL *easy, CURLcode how);
    void (*on_closed)(void *ctx);
};

/* loop, ctx, on_done and on_closed are set by the caller. */
int curl_loop_open(struct curl_loop *c, struct err *err);
/* Every transfer has ended or was removed. */
void curl_loop_close(struct curl_loop *c);

#endif
