#include "targets/work/work.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"

#define COUNT_LIMIT INT64_C(10000000000)
#define SLEEP_LIMIT (3600 * NS_PER_S)

/* How long a stop may go unnoticed: a third of a millisecond of counting, or 50 ms of sleep. */
#define COUNT_CHUNK INT64_C(1000000)
#define SLEEP_CHUNK (50 * NS_PER_MS)

const char *const work_kind_names[] = {"count", "sleep"};

int work_parse(const char *text, void *field, struct err *err)
{
    struct work *work = field;
    int64_t n = 0;
    const char *colon = strchr(text, ':');
    if (str_starts(text, "count:")) {
        if (units_parse_count(colon + 1, &n, err) < 0)
            return -1;
        *work = (struct work){.kind = WORK_COUNT, .n = n};
        return 0;
    }
    if (str_starts(text, "sleep:")) {
        if (units_parse_time(colon + 1, &n, err) < 0)
            return -1;
        *work = (struct work){.kind = WORK_SLEEP, .n = n};
        return 0;
    }
    return err_set(err, ERR_USAGE, "'%s' is not valid work; try count:20M or sleep:50ms", text);
}

int work_check(const struct work *work, const struct work *max, struct err *err)
{
    int64_t limit = work->kind == max->kind    ? max->n
                    : work->kind == WORK_COUNT ? COUNT_LIMIT
                                               : SLEEP_LIMIT;
    char asked[40];
    char most[40];
    if (work->n <= limit)
        return 0;
    if (work->kind == WORK_COUNT) {
        (void)units_format_count((double)work->n, asked, sizeof asked);
        (void)units_format_count((double)limit, most, sizeof most);
    } else {
        (void)units_format_time(work->n, asked, sizeof asked);
        (void)units_format_time(limit, most, sizeof most);
    }
    return err_set(err, ERR_USAGE, "a %s of %s is more than --max-work allows, %s",
                   work_kind_names[work->kind], asked, most);
}

struct work work_part(const struct work *whole, int64_t index, int64_t parts)
{
    int64_t share = index == 0 ? whole->n : 0;
    if (whole->kind == WORK_COUNT)
        share = whole->n / parts + (index < whole->n % parts ? 1 : 0);
    return (struct work){.kind = whole->kind, .n = share};
}

static int64_t run_count(int64_t n, const atomic_bool *stop)
{
    int64_t reached = 0;
    while (reached < n && !atomic_load_explicit(stop, memory_order_relaxed)) {
        int64_t left = n - reached;
        int64_t chunk = left < COUNT_CHUNK ? left : COUNT_CHUNK;
        int64_t i = 0;
        while (i < chunk) {
            i++;
            __asm__ volatile("" : "+r"(i));
        }
        reached += i;
    }
    return reached;
}

static int64_t run_sleep(int64_t ns, const atomic_bool *stop)
{
    int64_t began_ns = clock_now_ns();
    for (;;) {
        int64_t passed_ns = clock_now_ns() - began_ns;
        if (passed_ns >= ns)
            return ns;
        if (atomic_load_explicit(stop, memory_order_relaxed))
            return passed_ns;
        int64_t left_ns = ns - passed_ns;
        int64_t nap_ns = left_ns < SLEEP_CHUNK ? left_ns : SLEEP_CHUNK;
        struct timespec nap = {.tv_nsec = (long)nap_ns};
        (void)nanosleep(&nap, NULL); /* a signal may end it early: the loop checks the clock */
    }
}

int64_t work_run(const struct work *work, const atomic_bool *stop)
{
    return work->kind == WORK_COUNT ? run_count(work->n, stop) : run_sleep(work->n, stop);
}

void work_reply_body(const struct work *reached, struct buf *out)
{
    if (reached->kind == WORK_COUNT)
        buf_printf(out, "{\"count\":%lld}\n", (long long)reached->n);
    else
        buf_printf(out, "{\"slept_ms\":%.15g}\n", (double)reached->n / (double)NS_PER_MS);
}
