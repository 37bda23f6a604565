#include "targets/compute/client.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "targets/compute/curl_loop.h"

#define BODY_MAX_BYTES 4096 /* a result is far shorter */

struct slot {
    struct compute_client *owner;
    CURL *easy;
    bool busy;
    void *job;
    int64_t sent_ns;
    struct buf body;
    struct slot *next_idle;
};

struct compute_client {
    struct compute_client_events events;
    struct curl_loop curl;
    struct slot *slots, *idle;
    int64_t count;
};

static void end_exchange(struct slot *slot, struct exchange_end *end)
{
    struct compute_client *c = slot->owner;
    end->job = slot->job;
    end->sent_ns = slot->sent_ns;
    end->ended_ns = clock_now_ns();
    slot->busy = false;
    slot->next_idle = c->idle;
    c->idle = slot;
    c->events.on_end(c->events.ctx, end);
}

static void on_done(void *ctx, CURL *easy, CURLcode how)
{
    struct slot *slot = NULL;
    struct curl_header *timing = NULL;
    struct exchange_end end = {.how = EXCHANGE_LOST, .why = curl_easy_strerror(how)};
    (void)ctx;
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &slot);
    if (how == CURLE_OK) {
        end.how = EXCHANGE_ANSWERED;
        (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &end.status);
        if (curl_easy_header(easy, "Server-Timing", 0, CURLH_HEADER, -1, &timing) == CURLHE_OK)
            end.timing = timing->value;
    } else if (how == CURLE_OPERATION_TIMEDOUT) {
        end.how = EXCHANGE_TIMED_OUT;
    }
    /* Taken from the slot, whose next exchange may begin in on_end. */
    struct buf body = slot->body;
    buf_init(&slot->body, BODY_MAX_BYTES);
    end.body = body.data;
    end.body_len = body.len;
    end_exchange(slot, &end);
    buf_fini(&body);
}

void compute_client_cut(struct compute_client *c)
{
    for (int64_t i = 0; i < c->count; i++) {
        struct exchange_end end = {.how = EXCHANGE_LOST, .why = "given up"};
        if (!c->slots[i].busy)
            continue;
        (void)curl_multi_remove_handle(c->curl.multi, c->slots[i].easy);
        end_exchange(&c->slots[i], &end);
    }
}

bool compute_client_has_room(const struct compute_client *c)
{
    return c->idle != NULL;
}

void compute_client_send(struct compute_client *c, const char *url, int64_t timeout_ns, void *job)
{
    struct slot *slot = c->idle;
    c->idle = slot->next_idle;
    slot->busy = true;
    slot->job = job;
    slot->sent_ns = clock_now_ns();
    buf_clear(&slot->body);
    (void)curl_easy_setopt(slot->easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(slot->easy, CURLOPT_TIMEOUT_MS, (long)(timeout_ns / NS_PER_MS) + 1);
    (void)curl_multi_add_handle(c->curl.multi, slot->easy); /* fails only for wrong use */
}

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
    struct slot *slot = ctx;
    buf_add(&slot->body, bytes, size * count);
    return slot->body.overflow ? 0 : size * count;
}

/* ---- open and close ---- */

static void on_curl_closed(void *ctx)
{
    struct compute_client *c = ctx;
    struct compute_client_events events = c->events;
    free(c->slots);
    free(c);
    curl_global_cleanup();
    events.on_closed(events.ctx);
}

void compute_client_close(struct compute_client *c)
{
    for (int64_t i = 0; i < c->count; i++) {
        curl_easy_cleanup(c->slots[i].easy);
        buf_fini(&c->slots[i].body);
    }
    curl_loop_close(&c->curl);
}

static void open_slot(struct slot *slot, struct compute_client *c)
{
    slot->owner = c;
    slot->easy = curl_easy_init();
    buf_init(&slot->body, BODY_MAX_BYTES);
    (void)curl_easy_setopt(slot->easy, CURLOPT_PRIVATE, slot);
    (void)curl_easy_setopt(slot->easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(slot->easy, CURLOPT_WRITEDATA, slot);
    (void)curl_easy_setopt(slot->easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(slot->easy, CURLOPT_PROXY, ""); /* none, whatever the environment says */
    (void)curl_easy_setopt(slot->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    slot->next_idle = c->idle;
    c->idle = slot;
}

struct compute_client *compute_client_open(uv_loop_t *loop, int64_t slots,
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
    c->count = slots;
    c->slots = mem_array((size_t)slots, sizeof *c->slots);
    for (int64_t i = 0; i < slots; i++)
        open_slot(&c->slots[i], c);
    (void)curl_multi_setopt(c->curl.multi, CURLMOPT_MAXCONNECTS, (long)slots);
    return c;
}

/* The URL without its fragment, up to where a parameter is appended. */
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
