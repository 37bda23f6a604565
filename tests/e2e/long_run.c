/* long_run RESULT TIMES: a result as if its run had gone on that many times as long, on stdout.
 *
 * The seconds of the run come again and again, each time in another order, with their latencies;
 * what is counted grows with them. For what a report of a long run is and costs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/hist_series.h"
#include "stat/hist_text.h"
#include "store/result_file.h"
#include "store/result_json.h"

static void shuffle(size_t *order, size_t count, struct rng *rng)
{
    for (size_t i = count; i > 1; i--) {
        size_t k = (size_t)(rng_next(rng) % i);
        size_t kept = order[i - 1];
        order[i - 1] = order[k];
        order[k] = kept;
    }
}

/* The latencies of one second, which are added to the end. */
static void add_latencies(const struct result *r, size_t second, struct hist *h,
                          struct hist_series *into)
{
    hist_reset(h);
    hist_series_sum(r->series_latency, second, 1, h);
    hist_series_add(into, h);
}

static void repeat_seconds(struct result *r, size_t times)
{
    struct rng rng;
    struct hist *h = hist_text_new();
    struct hist_series *series = hist_series_new();
    struct second *seconds = mem_array(r->nseconds * times, sizeof *seconds);
    size_t *order = mem_array(r->nseconds, sizeof *order);
    double at_s = 0;
    rng_init(&rng, 1);
    for (size_t i = 0; i < r->nseconds; i++)
        order[i] = i;
    for (size_t i = 0; i < r->nseconds * times; i++) {
        if (i % r->nseconds == 0)
            shuffle(order, r->nseconds, &rng);
        size_t from = order[i % r->nseconds];
        seconds[i] = r->seconds[from];
        at_s += seconds[i].length_s;
        seconds[i].at_s = at_s;
        add_latencies(r, from, h, series);
    }
    free(order);
    free(r->seconds);
    r->seconds = seconds;
    r->nseconds *= times;
    r->duration_s = at_s;
    hist_series_free(r->series_latency);
    r->series_latency = series;
    hist_free(h);
}

static void repeat_hist(struct hist *h, size_t times)
{
    if (h == NULL)
        return;
    struct hist *once = hist_copy(h);
    for (size_t i = 1; i < times; i++)
        hist_merge(h, once);
    hist_free(once);
}

static void repeat_counts(struct accounting *a, int64_t times)
{
    int64_t done = a->sent - a->in_flight_at_end;
    a->sent = done * times + a->in_flight_at_end;
    a->completed *= times;
    a->timed_out *= times;
    a->non_2xx *= times;
    a->mismatches *= times;
    a->bytes_received *= times;
    for (size_t i = 0; i < LEN(a->failed); i++)
        a->failed[i] *= times;
    for (size_t i = 0; i < LEN(a->statuses); i++)
        a->statuses[i] *= times;
}

static void repeat_cpu(struct process_cost *p, double times)
{
    p->cpu_user_s *= times;
    p->cpu_system_s *= times;
}

static void repeat(struct result *r, size_t times)
{
    repeat_seconds(r, times);
    repeat_hist(r->latency, times);
    repeat_hist(r->first_byte, times);
    repeat_hist(r->wait, times);
    repeat_hist(r->work, times);
    repeat_counts(&r->accounting, (int64_t)times);
    repeat_cpu(&r->server.total, (double)times);
    for (size_t i = 0; i < r->server.nprocesses; i++)
        repeat_cpu(&r->server.processes[i], (double)times);
    r->client.cpu_user_s *= (double)times;
    r->client.cpu_system_s *= (double)times;
    r->client.little_residual = NAN;
}

int main(int argc, char **argv)
{
    struct result r;
    struct buf out;
    struct err err;
    size_t times = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    if (times == 0) {
        (void)fprintf(stderr, "usage: long_run RESULT TIMES\n");
        return 2;
    }
    if (result_load(argv[1], &r, &err) < 0) {
        (void)fprintf(stderr, "long_run: %s\n", err.text);
        return 2;
    }
    if (r.series_latency == NULL || r.series_latency->step != 1) {
        (void)fprintf(stderr, "long_run: %s has no latencies of each second\n", argv[1]);
        return 2;
    }
    repeat(&r, times);
    buf_init(&out, RESULT_MAX_BYTES);
    result_write(&r, DOC_LINE, &out);
    size_t written = fwrite(out.data, 1, out.len, stdout);
    int code = written == out.len && fflush(stdout) == 0 ? 0 : 2;
    buf_fini(&out);
    result_fini(&r);
    return code;
}
