/* curl_loop: libcurl's transfers on a libuv loop, without a thread and without polling.
 *
 * Shape   libcurl names the sockets that it waits for and when it must be called; here these become
 *         poll handles and one timer. A transfer starts with curl_multi_add_handle(c->multi, ..)
 *         and ends in on_done, already removed from the multi handle. on_done may start another.
 * Owner   curl_loop_open fills the caller's storage, which must live until on_closed.
 * Errors  curl_loop_open: kind USAGE, with nothing left to close. How a transfer ended is the
 *         CURLcode of on_done.
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

/* The caller has set loop, ctx, on_done and on_closed. */
int curl_loop_open(struct curl_loop *c, struct err *err);
/* After every transfer has ended or was removed. */
void curl_loop_close(struct curl_loop *c);

#endif
