#include "load/board.h"

#include <math.h>
#include <stdlib.h>
#include <uv.h>

#include "base/mem.h"

/* A second that is not published yet: some worker has not posted it. */
struct pending {
    int posts;
    int64_t length_ns; /* sum over the posts */
    int64_t errors, non_2xx, bytes;
    struct hist *latency;
};

struct board {
    uv_mutex_t lock;
    int workers; /* that still post */
    struct pending *pending;
    size_t npending;
    struct second *seconds;
    size_t nseconds, taken;
    double at_s;
};

struct board *board_new(int workers)
{
    struct board *b = mem_zalloc(sizeof *b);
    (void)uv_mutex_init(&b->lock);
    b->workers = workers;
    return b;
}

void board_free(struct board *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < b->npending; i++)
        hist_free(b->pending[i].latency);
    free(b->pending);
    free(b->seconds);
    uv_mutex_destroy(&b->lock);
    free(b);
}

static struct pending *pending_at(struct board *b, size_t index)
{
    while (b->npending <= index) {
        b->pending = mem_grow(b->pending, b->npending + 1, sizeof *b->pending);
        b->pending[b->npending++] = (struct pending){.latency = hist_new_latency()};
    }
    return &b->pending[index];
}

/* The first pending second becomes a published one. */
static void publish(struct board *b)
{
    struct pending *p = &b->pending[0];
    double length_s = p->posts > 0 ? (double)p->length_ns / p->posts / 1e9 : 0;
    bool any = hist_count(p->latency) + hist_over(p->latency) > 0;
    b->at_s += length_s;
    b->seconds = mem_grow(b->seconds, b->nseconds + 1, sizeof *b->seconds);
    b->seconds[b->nseconds++] = (struct second){
        .at_s = b->at_s,
        .length_s = length_s,
        .requests = (int64_t)(hist_count(p->latency) + hist_over(p->latency)),
        .errors = p->errors,
        .non_2xx = p->non_2xx,
        .bytes = p->bytes,
        .p50_ns = any ? hist_percentile_ns(p->latency, 0.50) : MISSING,
        .p99_ns = any ? hist_percentile_ns(p->latency, 0.99) : MISSING,
        .max_ns = any ? hist_max_ns(p->latency) : MISSING,
        .server_cpu_cores = NAN,
        .server_rss_bytes = MISSING,
        .server_threads = MISSING,
        .server_switches = MISSING,
        .queue_backlog = MISSING,
        .jobs_completed = MISSING,
        .server_run_wait_s = NAN,
    };
    hist_free(p->latency);
    b->npending--;
    for (size_t i = 0; i < b->npending; i++)
        b->pending[i] = b->pending[i + 1];
}

static void publish_full(struct board *b)
{
    while (b->npending > 0 && b->pending[0].posts >= b->workers && b->pending[0].posts > 0)
        publish(b);
}

void board_post(struct board *b, size_t index, const struct board_post *post)
{
    uv_mutex_lock(&b->lock);
    /* If that second was already published without this worker, the post counts in the next. */
    size_t at = index > b->nseconds ? index - b->nseconds : 0;
    struct pending *p = pending_at(b, at);
    p->posts++;
    p->length_ns += post->length_ns;
    p->errors += post->errors;
    p->non_2xx += post->non_2xx;
    p->bytes += post->bytes;
    hist_take_delta(p->latency, post->latency, post->seen);
    publish_full(b);
    uv_mutex_unlock(&b->lock);
}

void board_leave(struct board *b)
{
    uv_mutex_lock(&b->lock);
    b->workers--;
    publish_full(b);
    uv_mutex_unlock(&b->lock);
}

bool board_take_next(struct board *b, struct second *out)
{
    uv_mutex_lock(&b->lock);
    bool any = b->taken < b->nseconds;
    if (any)
        *out = b->seconds[b->taken++];
    uv_mutex_unlock(&b->lock);
    return any;
}

struct second *board_finish(struct board *b, size_t *count)
{
    while (b->npending > 0)
        publish(b);
    struct second *seconds = b->seconds;
    *count = b->nseconds;
    b->seconds = NULL;
    b->nseconds = b->taken = 0;
    return seconds;
}
