#include "targets/compute/client.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "targets/compute/curl_loop.h"

#define BODY_MAX_BYTES 4096 /* a result is far shorter */

struct lane {
    struct compute_client *owner;
    CURL *easy;
    bool busy;
    void *job;
    int64_t sent_ns;
    struct buf body;
    struct lane *next_idle;
};

struct compute_client {
    struct compute_client_events events;
    struct curl_loop curl;
    struct lane *lanes, *idle;
    int64_t count;
};

static void end_exchange(struct lane *lane, struct exchange_end *end)
{
    struct compute_client *c = lane->owner;
    end->job = lane->job;
    end->sent_ns = lane->sent_ns;
    end->ended_ns = clock_now_ns();
    lane->busy = false;
    lane->next_idle = c->idle;
    c->idle = lane;
    c->events.on_end(c->events.ctx, end);
}

static void on_done(void *ctx, CURL *easy, CURLcode how)
{
    struct lane *lane = NULL;
    struct curl_header *timing = NULL;
    struct exchange_end end = {.how = EXCHANGE_LOST, .why = curl_easy_strerror(how)};
    (void)ctx;
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &lane);
    if (how == CURLE_OK) {
        end.how = EXCHANGE_ANSWERED;
        (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &end.status);
        if (curl_easy_header(easy, "Server-Timing", 0, CURLH_HEADER, -1, &timing) == CURLHE_OK)
            end.timing = timing->value;
    } else if (how == CURLE_OPERATION_TIMEDOUT) {
        end.how = EXCHANGE_TIMED_OUT;
    }
    /* The next exchange on this lane would write over it. */
    struct buf body = lane->body;
    buf_init(&lane->body, BODY_MAX_BYTES);
    end.body = body.data;
    end.body_len = body.len;
    end_exchange(lane, &end);
    buf_fini(&body);
}

void compute_client_cut(struct compute_client *c)
{
    for (int64_t i = 0; i < c->count; i++) {
        struct exchange_end end = {.how = EXCHANGE_LOST, .why = "given up"};
        if (!c->lanes[i].busy)
            continue;
        (void)curl_multi_remove_handle(c->curl.multi, c->lanes[i].easy);
        end_exchange(&c->lanes[i], &end);
    }
}

bool compute_client_has_room(const struct compute_client *c)
{
    return c->idle != NULL;
}

void compute_client_send(struct compute_client *c, const char *url, int64_t timeout_ns, void *job)
{
    struct lane *lane = c->idle;
    c->idle = lane->next_idle;
    lane->busy = true;
    lane->job = job;
    lane->sent_ns = clock_now_ns();
    buf_clear(&lane->body);
    (void)curl_easy_setopt(lane->easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(lane->easy, CURLOPT_TIMEOUT_MS, (long)(timeout_ns / NS_PER_MS) + 1);
    (void)curl_multi_add_handle(c->curl.multi, lane->easy); /* fails only for wrong use */
}

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
    struct lane *lane = ctx;
    buf_add(&lane->body, bytes, size * count);
    return lane->body.overflow ? 0 : size * count;
}

/* ---- opening and closing ---- */

static void on_curl_closed(void *ctx)
{
    struct compute_client *c = ctx;
    struct compute_client_events events = c->events;
    free(c->lanes);
    free(c);
    curl_global_cleanup();
    events.on_closed(events.ctx);
}

void compute_client_close(struct compute_client *c)
{
    for (int64_t i = 0; i < c->count; i++) {
        curl_easy_cleanup(c->lanes[i].easy);
        buf_fini(&c->lanes[i].body);
    }
    curl_loop_close(&c->curl);
}

static void lane_open(struct lane *lane, struct compute_client *c)
{
    lane->owner = c;
    lane->easy = curl_easy_init();
    buf_init(&lane->body, BODY_MAX_BYTES);
    (void)curl_easy_setopt(lane->easy, CURLOPT_PRIVATE, lane);
    (void)curl_easy_setopt(lane->easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(lane->easy, CURLOPT_WRITEDATA, lane);
    (void)curl_easy_setopt(lane->easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(lane->easy, CURLOPT_PROXY, ""); /* whatever the environment says */
    (void)curl_easy_setopt(lane->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    lane->next_idle = c->idle;
    c->idle = lane;
}

struct compute_client *compute_client_open(uv_loop_t *loop, int64_t lanes,
                                           const struct compute_client_events *events,
                                           struct err *err)
{
    struct compute_client *c = mem_zalloc(sizeof *c);
    c->events = *events;
    c->curl =
        (struct curl_loop){.loop = loop, .ctx = c, .on_done = on_done, .on_closed = on_curl_closed};
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || curl_loop_open(&c->curl, err) < 0) {
        free(c);
        (void)err_set(err, ERR_USAGE, "libcurl cannot start");
        return NULL;
    }
    c->count = lanes;
    c->lanes = mem_array((size_t)lanes, sizeof *c->lanes);
    for (int64_t i = 0; i < lanes; i++)
        lane_open(&c->lanes[i], c);
    (void)curl_multi_setopt(c->curl.multi, CURLMOPT_MAXCONNECTS, (long)lanes);
    return c;
}

/* The parts of a URL that matter here, joined again. */
static char *base_of(CURLU *parts)
{
    char *path = NULL;
    char *whole = NULL;
    if (curl_url_get(parts, CURLUPART_PATH, &path, 0) != CURLUE_OK)
        return NULL;
    if (strcmp(path, "/") == 0)
        (void)curl_url_set(parts, CURLUPART_PATH, "/heavy", 0);
    (void)curl_url_set(parts, CURLUPART_FRAGMENT, NULL, 0);
    curl_free(path);
    if (curl_url_get(parts, CURLUPART_URL, &whole, 0) != CURLUE_OK)
        return NULL;
    char *base = mem_printf("%s%c", whole, strchr(whole, '?') == NULL ? '?' : '&');
    curl_free(whole);
    return base;
}

char *compute_client_base(const char *url, struct err *err)
{
    char *base = NULL;
    char *scheme = NULL;
    CURLU *parts = curl_url();
    if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0))
        base = base_of(parts);
    if (base == NULL)
        (void)err_set(err, ERR_USAGE,
                      "--compute-url: '%s' is not a URL; try http://127.0.0.1:8081/heavy", url);
    curl_free(scheme);
    curl_url_cleanup(parts);
    return base;
}
