/* bare_call: what the work of one heavy request costs when nothing is around it.
 *
 *     bare_call WORK TIME        as: bare_call count:20M 1s
 *
 * Every usable core runs the work again and again for TIME, all at once: a core that shares its
 * caches, its power or its execution units with a neighbour is slower than one alone, and servers
 * run with all of them busy. Prints one line of JSON: calls, threads, and the CPU time a call in
 * milliseconds, the mean over all. It is the best that any server of this machine could do.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <uv.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/units.h"
#include "targets/work/work.h"

struct core {
    pthread_t thread;
    const struct work *work;
    int64_t end_ns;
    int64_t calls, cpu_ns;
};

static int64_t thread_cpu_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* cannot fail for oneself */
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void *run(void *arg)
{
    struct core *core = arg;
    atomic_bool never = false;
    int64_t began_ns = thread_cpu_ns();
    while (clock_now_ns() < core->end_ns) {
        (void)work_run(core->work, &never);
        core->calls++;
    }
    core->cpu_ns = thread_cpu_ns() - began_ns;
    return NULL;
}

static int measure(const struct work *work, int64_t time_ns, struct err *err)
{
    unsigned cores = uv_available_parallelism();
    struct core *all = mem_array(cores, sizeof *all);
    int64_t calls = 0;
    int64_t cpu_ns = 0;
    unsigned started = 0;
    for (; started < cores; started++) {
        all[started] = (struct core){.work = work, .end_ns = clock_now_ns() + time_ns};
        if (pthread_create(&all[started].thread, NULL, run, &all[started]) != 0)
            break;
    }
    for (unsigned i = 0; i < started; i++) {
        (void)pthread_join(all[i].thread, NULL);
        calls += all[i].calls;
        cpu_ns += all[i].cpu_ns;
    }
    free(all);
    if (started < cores)
        return err_set(err, ERR_USAGE, "only %u of %u threads could be started", started, cores);
    (void)printf("{\"threads\":%u,\"calls\":%" PRId64 ",\"cpu_per_call_ms\":%.6f}\n", cores, calls,
                 (double)cpu_ns / (double)calls / (double)NS_PER_MS);
    return 0;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct work work;
    int64_t time_ns = 0;
    int failed = argc == 3 ? work_parse(argv[1], &work, &err) : -1;
    if (argc != 3)
        (void)err_set(&err, ERR_USAGE, "usage: bare_call WORK TIME, as bare_call count:20M 1s");
    if (failed == 0)
        failed = units_parse_time(argv[2], &time_ns, &err);
    if (failed == 0 && time_ns <= 0)
        failed = err_set(&err, ERR_USAGE, "TIME must be more than 0");
    if (failed == 0)
        failed = measure(&work, time_ns, &err);
    if (failed < 0)
        (void)fprintf(stderr, "bare_call: %s\n", err.text);
    return failed < 0 ? 2 : 0;
}
