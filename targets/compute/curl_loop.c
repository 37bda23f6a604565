#include "targets/compute/curl_loop.h"

#include <stdlib.h>

#include "base/mem.h"

/* A socket that libcurl waits for. */
struct watch {
    uv_poll_t poll;
    struct curl_loop *owner;
    curl_socket_t fd;
};

static void report_done(struct curl_loop *c)
{
    int left = 0;
    for (CURLMsg *message = curl_multi_info_read(c->multi, &left); message != NULL;
         message = curl_multi_info_read(c->multi, &left)) {
        CURL *easy = message->easy_handle; /* the removal frees the message */
        CURLcode how = message->data.result;
        (void)curl_multi_remove_handle(c->multi, easy);
        c->on_done(c->ctx, easy, how);
    }
}

/* The return codes only report wrong use; failures are reported per transfer. */
static void act(struct curl_loop *c, curl_socket_t fd, int events)
{
    int running = 0;
    (void)curl_multi_socket_action(c->multi, fd, events, &running);
    report_done(c);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    const struct watch *w = poll->data;
    int happened = status < 0 ? CURL_CSELECT_ERR : 0;
    happened |= (events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0;
    happened |= (events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0;
    act(w->owner, w->fd, happened);
}

static void on_timer(uv_timer_t *timer)
{
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static void on_closed(struct curl_loop *c)
{
    if (--c->open_handles == 0)
        c->on_closed(c->ctx);
}

static void on_watch_closed(uv_handle_t *handle)
{
    struct watch *w = handle->data;
    struct curl_loop *c = w->owner;
    free(w);
    on_closed(c);
}

static void on_timer_closed(uv_handle_t *handle)
{
    on_closed(handle->data);
}

/* ---- callbacks of libcurl ---- */

static struct watch *watch_new(struct curl_loop *c, curl_socket_t fd)
{
    struct watch *w = mem_zalloc(sizeof *w);
    w->owner = c;
    w->fd = fd;
    if (uv_poll_init_socket(c->loop, &w->poll, fd) < 0) {
        free(w);
        return NULL;
    }
    w->poll.data = w;
    c->open_handles++;
    (void)curl_multi_assign(c->multi, fd, w);
    return w;
}

static int on_socket_wanted(CURL *easy, curl_socket_t fd, int what, void *ctx, void *of_socket)
{
    struct curl_loop *c = ctx;
    struct watch *w = of_socket;
    int events = 0;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (w != NULL)
            uv_close((uv_handle_t *)&w->poll, on_watch_closed);
        return 0;
    }
    if (w == NULL)
        w = watch_new(c, fd);
    events |= (what & CURL_POLL_IN) != 0 ? UV_READABLE : 0;
    events |= (what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0;
    return w != NULL && uv_poll_start(&w->poll, events, on_poll) == 0 ? 0 : -1;
}

static int on_timer_wanted(CURLM *multi, long ms, void *ctx)
{
    struct curl_loop *c = ctx;
    (void)multi;
    if (ms < 0)
        return uv_timer_stop(&c->timer);
    return uv_timer_start(&c->timer, on_timer, (uint64_t)ms, 0);
}

int curl_loop_open(struct curl_loop *c, struct err *err)
{
    c->multi = curl_multi_init();
    if (c->multi == NULL)
        return err_set(err, ERR_USAGE, "libcurl cannot start; free some memory");
    (void)uv_timer_init(c->loop, &c->timer);
    c->timer.data = c;
    c->open_handles = 1;
    (void)curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_socket_wanted);
    (void)curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
    (void)curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
    (void)curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
    return 0;
}

void curl_loop_close(struct curl_loop *c)
{
    (void)curl_multi_cleanup(c->multi); /* ends all watches */
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}
