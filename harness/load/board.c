#include "load/board.h"

#include <math.h>
#include <stdlib.h>
#include <uv.h>

#include "base/mem.h"
#include "model/second.h"

/* A second that is not published yet: some worker has not posted it. */
struct pending {
    int whole;               /* posts that are not the last of their worker */
    int64_t whole_ns;        /* sum of their lengths */
    int64_t longest_last_ns; /* of the others */
    int64_t requests, errors, non_2xx, bytes;
    bool is_open_loop;
    int64_t due, sent, late;
    struct faults faults;
    double busiest_worker; /* in cores */
    struct second_detail *detail;
};

struct board {
    uv_mutex_t lock;
    size_t *nposted; /* seconds of each worker; SIZE_MAX: it has left */
    int workers;
    struct pending *pending;
    size_t npending;
    struct second *seconds;
    struct second_detail **details; /* of each of the seconds; NULL once it was taken */
    size_t nseconds, taken;
    struct second_detail *last_taken;
    double at_s;
    struct hist_series *series; /* of the taken seconds; without the lock, only board_take_next and
                                   board_finish touch it */
};

static struct second_detail *detail_new(void)
{
    struct second_detail *d = mem_zalloc(sizeof *d);
    d->latency = hist_new_latency();
    return d;
}

static void detail_free(struct second_detail *d)
{
    if (d != NULL)
        hist_free(d->latency);
    free(d);
}

struct board *board_new(int workers)
{
    struct board *b = mem_zalloc(sizeof *b);
    (void)uv_mutex_init(&b->lock);
    b->workers = workers;
    b->nposted = mem_array((size_t)workers, sizeof *b->nposted);
    b->series = hist_series_new();
    return b;
}

void board_free(struct board *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < b->npending; i++)
        detail_free(b->pending[i].detail);
    for (size_t i = b->taken; i < b->nseconds; i++)
        detail_free(b->details[i]);
    detail_free(b->last_taken);
    hist_series_free(b->series);
    free(b->details);
    free(b->pending);
    free(b->nposted);
    free(b->seconds);
    uv_mutex_destroy(&b->lock);
    free(b);
}

static struct pending *pending_at(struct board *b, size_t index)
{
    index -= b->nseconds;
    while (b->npending <= index) {
        b->pending = mem_grow(b->pending, b->npending + 1, sizeof *b->pending);
        b->pending[b->npending++] = (struct pending){.busiest_worker = NAN, .detail = detail_new()};
    }
    return &b->pending[index];
}

/* The first pending second becomes a published one. Its histogram is kept for the thread that takes
 * the second: encoding it here would hold up a worker. */
static void publish(struct board *b)
{
    struct pending *p = &b->pending[0];
    double length_ns = p->whole > 0 ? (double)p->whole_ns / p->whole : (double)p->longest_last_ns;
    double length_s = length_ns / 1e9;
    const struct hist *latency = p->detail->latency;
    b->at_s += length_s;
    b->details = mem_grow(b->details, b->nseconds + 1, sizeof(struct second_detail *));
    b->details[b->nseconds] = p->detail;
    b->seconds = mem_grow(b->seconds, b->nseconds + 1, sizeof *b->seconds);
    struct second *s = &b->seconds[b->nseconds++];
    second_init(s);
    s->at_s = b->at_s;
    s->length_s = length_s;
    s->requests = p->requests;
    s->errors = p->errors;
    s->non_2xx = p->non_2xx;
    s->bytes = p->bytes;
    s->faults = p->faults;
    s->busiest_worker = p->busiest_worker;
    if (p->is_open_loop) {
        s->due = p->due;
        s->sent = p->sent;
        s->late = p->late;
    }
    if (hist_count(latency) + hist_over(latency) > 0) {
        s->p50_ns = hist_percentile_ns(latency, 0.50);
        s->p99_ns = hist_percentile_ns(latency, 0.99);
        s->max_ns = hist_max_ns(latency);
    }
    b->npending--;
    for (size_t i = 0; i < b->npending; i++)
        b->pending[i] = b->pending[i + 1];
}

/* How many seconds have been posted by all workers that have not left. */
static size_t count_full(const struct board *b)
{
    size_t full = b->nseconds + b->npending;
    for (int i = 0; i < b->workers; i++)
        full = b->nposted[i] < full ? b->nposted[i] : full;
    return full;
}

static void publish_full(struct board *b)
{
    for (size_t full = count_full(b); b->nseconds < full;)
        publish(b);
}

static void take_statuses(struct second_detail *d, const struct board_post *post)
{
    for (size_t i = 0; i < LEN(d->statuses) && post->statuses != NULL; i++) {
        d->statuses[i] += post->statuses[i] - post->statuses_seen[i];
        post->statuses_seen[i] = post->statuses[i];
    }
}

void board_post(struct board *b, int worker, const struct board_post *post)
{
    uv_mutex_lock(&b->lock);
    struct pending *p = pending_at(b, b->nposted[worker]++);
    if (post->is_last) {
        p->longest_last_ns =
            post->length_ns > p->longest_last_ns ? post->length_ns : p->longest_last_ns;
    } else {
        p->whole++;
        p->whole_ns += post->length_ns;
    }
    p->requests += post->requests;
    p->errors += post->errors;
    p->non_2xx += post->non_2xx;
    p->bytes += post->bytes;
    p->is_open_loop = post->is_open_loop;
    p->due += post->due;
    p->sent += post->sent;
    p->late += post->late;
    faults_add(&p->faults, &post->faults);
    if (post->length_ns > 0) /* fmax ignores a NAN */
        p->busiest_worker = fmax(p->busiest_worker, post->cpu_s * 1e9 / (double)post->length_ns);
    hist_take_delta(p->detail->latency, post->latency, post->seen);
    take_statuses(p->detail, post);
    publish_full(b);
    uv_mutex_unlock(&b->lock);
}

void board_leave(struct board *b, int worker)
{
    uv_mutex_lock(&b->lock);
    b->nposted[worker] = SIZE_MAX;
    publish_full(b);
    uv_mutex_unlock(&b->lock);
}

/* The histogram of a second that is taken goes into the series. */
static void take_detail(struct board *b, struct second_detail *detail)
{
    hist_series_add(b->series, detail->latency);
    detail_free(b->last_taken);
    b->last_taken = detail;
}

bool board_take_next(struct board *b, struct second *out)
{
    struct second_detail *detail = NULL;
    uv_mutex_lock(&b->lock);
    bool any = b->taken < b->nseconds;
    if (any) {
        detail = b->details[b->taken];
        b->details[b->taken] = NULL;
        *out = b->seconds[b->taken++];
    }
    uv_mutex_unlock(&b->lock);
    if (any) {
        take_detail(b, detail);
        out->detail = detail;
    }
    return any;
}

struct second *board_finish(struct board *b, size_t *count)
{
    while (b->npending > 0)
        publish(b);
    while (b->taken < b->nseconds)
        take_detail(b, b->details[b->taken++]);
    struct second *seconds = b->seconds;
    *count = b->nseconds;
    b->seconds = NULL;
    b->nseconds = b->taken = 0;
    return seconds;
}

struct hist_series *board_take_series(struct board *b)
{
    struct hist_series *series = b->series;
    b->series = NULL;
    return series;
}
