#include "selftest/bench_selftest.h"

#include <math.h>

#include "base/clock.h"
#include "base/fds.h"
#include "base/mem.h"
#include "base/signals.h"
#include "proc/cores.h"
#include "proc/folder.h"
#include "proc/self.h"
#include "selftest/delay_run.h"
#include "selftest/figures.h"
#include "selftest/machine_floor.h"

#define SEED 1

#define FLOOR_GAP_NS (2 * NS_PER_MS)
#define FLOOR_FULL   600 /* rounds */
#define FLOOR_QUICK  300

#define FILES 1200 /* of the connections, and some */

/* Between two requests: then it is sure which of them the freeze meets. */
#define FREEZE_OFFSET_NS (5 * NS_PER_MS)

/* A server and its load. full_ns and quick_ns are how long it lasts. With is_all as many requests
 * are sent as are due in that time, and all are waited for. */
struct selftest_case {
    const char *text;
    struct delay_load load;
    int64_t full_ns, quick_ns; /* 0: it is left out */
    bool is_all;
    int64_t freeze_full_ns, freeze_quick_ns;
    figures_fn *figures;
};

/* clang-format off */
static const struct selftest_case cases[] = {
    {.text = "1,000 requests per second",
     .load = {.delay = "constant:1ms", .rate_rps = 1000, .connections = 100, .beside_gap_ns = NS_PER_MS},
     .full_ns = 6 * NS_PER_S, .quick_ns = 2 * NS_PER_S, .figures = figures_of_slip},
    {.text = "20,000 requests per second",
     .load = {.delay = "constant:0", .rate_rps = 20000, .connections = 200, .beside_gap_ns = NS_PER_MS},
     .full_ns = 5 * NS_PER_S, .figures = figures_of_fast_slip},
    {.text = "500 requests per second",
     .load = {.delay = "constant:1ms", .rate_rps = 500, .connections = 100, .is_wired = true},
     .full_ns = 20 * NS_PER_S, .quick_ns = 1500 * NS_PER_MS, .figures = figures_of_spacing},
    {.text = "a 50 ms server",
     .load = {.delay = "constant:50ms", .rate_rps = 10, .connections = 20},
     .full_ns = 4550 * NS_PER_MS, .quick_ns = 1550 * NS_PER_MS, .figures = figures_of_constant},
    {.text = "a server that freezes",
     .load = {.delay = "constant:20ms", .rate_rps = 100, .connections = 300},
     .full_ns = 10 * NS_PER_S, .quick_ns = 2500 * NS_PER_MS, .is_all = true,
     .freeze_full_ns = 2 * NS_PER_S, .freeze_quick_ns = 500 * NS_PER_MS, .figures = figures_of_freeze},
    {.text = "lognormal service times",
     .load = {.delay = "lognormal:40ms,0.5", .rate_rps = 200, .connections = 200},
     .full_ns = 7 * NS_PER_S, .quick_ns = 1500 * NS_PER_MS, .is_all = true, .figures = figures_of_lognormal},
    {.text = "a queue with one server",
     .load = {.delay = "exponential:4ms", .servers = 1, .rate_rps = 125, .is_poisson = true, .connections = 200},
     .full_ns = 7 * NS_PER_S, .quick_ns = 1500 * NS_PER_MS, .is_all = true, .figures = figures_of_queue},
};
/* clang-format on */

/* What is spent on it, so that others' use of the cores can be told. */
struct account {
    struct cores_time from, to;
    double own_s;     /* of bench, at the start */
    double servers_s; /* of the delay servers */
    int64_t began_ns;
};

static double own_cpu_s(void)
{
    double user_s = 0;
    double system_s = 0;
    proc_self_cpu(&user_s, &system_s);
    return user_s + system_s;
}

static void account_open(struct account *a)
{
    *a = (struct account){.began_ns = clock_now_ns(), .own_s = own_cpu_s()};
    (void)cores_read(&a->from);
}

static void account_close(struct account *a, struct selftest *out)
{
    struct machine machine;
    (void)cores_read(&a->to);
    cores_used(&a->from, &a->to, own_cpu_s() - a->own_s + a->servers_s, &machine);
    out->others = machine.other_cpu_cores + machine.stolen_cores;
    out->length_s = (double)(clock_now_ns() - a->began_ns) / (double)NS_PER_S;
}

static int64_t length_ns(const struct selftest_case *c, bool is_quick)
{
    return is_quick ? c->quick_ns : c->full_ns;
}

static struct delay_load load_of(const struct selftest_case *c, bool is_quick)
{
    struct delay_load load = c->load;
    int64_t ns = length_ns(c, is_quick);
    load.seed = SEED;
    if (c->is_all)
        load.amount = llrint(load.rate_rps * (double)ns / (double)NS_PER_S);
    else
        load.duration_ns = ns;
    load.freeze_ns = is_quick ? c->freeze_quick_ns : c->freeze_full_ns;
    load.freeze_after_ns = load.freeze_ns + FREEZE_OFFSET_NS;
    return load;
}

static int run_case(const struct selftest_case *c, struct figures *f, struct account *account,
                    int *out_signal, struct err *err)
{
    struct delay_run run;
    const struct delay_load load = load_of(c, f->selftest->is_quick);
    struct folder *folder = folder_make(FOLDER_RUN, err);
    if (folder == NULL)
        return -1;
    int failed = delay_run(&load, folder_path(folder), &run, out_signal, err);
    folder_remove(folder);
    if (failed < 0)
        return err_wrap(err, "%s", c->text);
    account->servers_s += run.server_cpu_s;
    c->figures(f, &load, &run);
    delay_run_fini(&run);
    return 0;
}

static size_t count_cases(bool is_quick)
{
    size_t count = 0;
    for (size_t i = 0; i < LEN(cases); i++)
        count += length_ns(&cases[i], is_quick) > 0;
    return count;
}

/* One that came while none was watched for. */
static int check_signals(const struct signals *signals, int *out_signal, struct err *err)
{
    *out_signal = signals_take(signals);
    return *out_signal == 0 ? 0 : err_set(err, ERR_INTERRUPTED, "interrupted");
}

static int run_cases(struct figures *f, const struct selftest_view *view, struct account *account,
                     int *out_signal, struct err *err)
{
    bool is_quick = f->selftest->is_quick;
    size_t count = count_cases(is_quick);
    size_t index = 0;
    for (size_t i = 0; i < LEN(cases); i++) {
        if (length_ns(&cases[i], is_quick) == 0)
            continue;
        view->on_case(view->ctx, cases[i].text, index++, count);
        if (run_case(&cases[i], f, account, out_signal, err) < 0)
            return -1;
    }
    return 0;
}

static int measure(struct selftest *out, const struct selftest_view *view,
                   const struct signals *signals, int *out_signal, struct err *err)
{
    struct machine_floor floor;
    struct account account;
    struct figures f = {.selftest = out, .floor = &floor};
    account_open(&account);
    if (machine_floor_measure(out->is_quick ? FLOOR_QUICK : FLOOR_FULL, FLOOR_GAP_NS, &floor, err) <
        0)
        return -1;
    figures_of_machine(&f);
    figures_of_poisson(&f, SEED);
    int failed = check_signals(signals, out_signal, err);
    if (failed == 0)
        failed = run_cases(&f, view, &account, out_signal, err);
    if (failed == 0)
        failed = check_signals(signals, out_signal, err);
    account_close(&account, out);
    machine_floor_fini(&floor);
    return failed;
}

/* Signals are held back where no run watches for them, so that its folder is always removed. */
int bench_selftest(struct selftest *out, const struct selftest_view *view, int *out_signal,
                   struct err *err)
{
    struct signals signals;
    *out_signal = 0;
    if (fds_reserve(FILES, NULL, err) < 0)
        return -1;
    out->cores = cores_allowed();
    signals_hold(&signals);
    int failed = measure(out, view, &signals, out_signal, err);
    signals_release(&signals);
    return failed;
}
