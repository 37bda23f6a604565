#include "cases/live_cases.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "report/live/session.h"
#include "report/live/trial.h"

/* --- seconds --- */

/* One of a healthy run against a server that bench started. */
static struct second second_of(size_t number)
{
    int64_t wave = (int64_t)(number * 37 % 100);
    return (struct second){.at_s = (double)number + 1,
                           .length_s = 1,
                           .requests = 11000 + 25 * wave,
                           .bytes = 1800000 + 2000 * wave,
                           .due = MISSING,
                           .sent = MISSING,
                           .late = MISSING,
                           .p50_ns = 800 * NS_PER_US + 1000 * wave,
                           .p99_ns = 2 * NS_PER_MS + 60000 * wave,
                           .max_ns = 12 * NS_PER_MS,
                           .server_cpu_cores = 1.52,
                           .server_rss_bytes = 27900000,
                           .server_threads = 12,
                           .queue_backlog = MISSING,
                           .busiest_worker = 0.43};
}

static struct second foreign_second(size_t number)
{
    struct second s = second_of(number);
    s.server_cpu_cores = NAN;
    s.server_rss_bytes = s.server_threads = MISSING;
    return s;
}

/* From the fourth second on nothing is answered. */
static struct second stalled_second(size_t number)
{
    struct second s = second_of(number);
    if (number < 3)
        return s;
    s.requests = s.bytes = 0;
    s.p50_ns = s.p99_ns = s.max_ns = MISSING;
    s.server_cpu_cores = 0;
    return s;
}

static struct second failing_second(size_t number)
{
    struct second s = second_of(number);
    s.errors = 1360;
    s.non_2xx = 12;
    s.faults = (struct faults){.timed_out = 116, .connect_failed = 3};
    s.faults.failed[LOSS_RESET] = 1234;
    s.faults.failed[LOSS_EOF] = 10;
    return s;
}

/* An open loop that the generator does not keep up with; the jobs wait in a queue. */
static struct second late_second(size_t number)
{
    struct second s = second_of(number);
    s.due = 20000;
    s.sent = s.due - 200;
    s.late = 9000;
    s.busiest_worker = 0.97;
    s.queue_backlog = 8000 * ((int64_t)number + 1);
    return s;
}

static struct second punctual_second(size_t number)
{
    struct second s = foreign_second(number);
    s.due = s.sent = 20000;
    s.late = 3;
    return s;
}

static struct second huge_second(size_t number)
{
    struct second s = failing_second(number);
    s.requests = s.bytes = s.errors = s.non_2xx = INT64_MAX / 100;
    s.p50_ns = s.p99_ns = s.max_ns = 3600 * NS_PER_S;
    s.faults.timed_out = INT64_MAX / 100;
    s.server_cpu_cores = 1024;
    s.server_rss_bytes = s.server_threads = s.queue_backlog = INT64_MAX / 2;
    return s;
}

/* Of three hosts the third one was lost. */
static struct second hosts_second(size_t number)
{
    struct second s = punctual_second(number);
    s.busiest_worker = NAN;
    s.hosts = number < 5 ? 3 : 2;
    return s;
}

static struct second tiny_second(size_t number)
{
    struct second s = foreign_second(number);
    s.length_s = 3e-9;
    s.requests = 1;
    s.bytes = 0;
    s.p50_ns = s.p99_ns = s.max_ns = 1;
    s.busiest_worker = 0;
    return s;
}

static struct second equal_second(size_t number)
{
    (void)number;
    return foreign_second(0);
}

typedef struct second second_fn(size_t number);

/* By whom the load of this case is made. */
static const struct plan *plan_of(const char *name)
{
    static const struct plan hosts = {.hosts = {.text = "a,b,c", .count = 3, .slots = 3}};
    static const struct plan shares = {.hosts = {.text = "a,b:3", .count = 2, .slots = 4}};
    static const struct plan here;
    if (str_starts(name, "hosts"))
        return &hosts;
    return str_starts(name, "shares") ? &shares : &here;
}

static struct history history_of(second_fn *make, size_t count, const char *name)
{
    struct history h;
    history_init(&h, plan_of(name));
    for (size_t i = 0; i < count; i++) {
        const struct second s = make(i);
        history_add(&h, &s);
    }
    return h;
}

/* --- trials --- */

/* NOLINTNEXTLINE(misc-misleading-bidirectional): the mark is what is tested */
static const char hostile_name[] = "\033[2J\r\n\x9b"
                                   "31m\xe2\x80\xae"
                                   "evil ::error::";

static const struct trial_place in_comparison = {
    .arm = "threads", .number = 2, .count = 15, .round = 1, .rounds = 3, .left_ns = 138 * NS_PER_S};
static const struct trial_place hostile_place = {.arm = hostile_name,
                                                 .number = 1000,
                                                 .count = 1000,
                                                 .round = 10,
                                                 .rounds = 10,
                                                 .left_ns = -NS_PER_S};
static const struct trial_place unknown_left = {
    .arm = "pool", .number = 1, .count = 1, .round = 1, .rounds = 1, .left_ns = MISSING};

static const struct {
    const char *name;
    second_fn *make;
    size_t seconds;
    struct live_trial trial;
} trials[] = {
    {"begun", NULL, 0, {.total_ns = 30 * NS_PER_S}},
    {"warm-up", NULL, 0, {.phase = "warm-up", .total_ns = 2 * NS_PER_S}},
    {"run", second_of, 12, {.elapsed_ns = 12 * NS_PER_S, .total_ns = 30 * NS_PER_S}},
    {"long", second_of, 500, {.elapsed_ns = 500 * NS_PER_S, .total_ns = 3600 * NS_PER_S}},
    {"amount", foreign_second, 3, {.elapsed_ns = 3 * NS_PER_S, .amount = 50000}},
    {"foreign", foreign_second, 7, {.elapsed_ns = 7 * NS_PER_S, .total_ns = 10 * NS_PER_S}},
    {"stalled", stalled_second, 8, {.elapsed_ns = 8 * NS_PER_S, .total_ns = 10 * NS_PER_S}},
    {"failing", failing_second, 8, {.elapsed_ns = 8 * NS_PER_S, .total_ns = 10 * NS_PER_S}},
    {"late", late_second, 8, {.elapsed_ns = 8 * NS_PER_S, .total_ns = 10 * NS_PER_S}},
    {"punctual", punctual_second, 8, {.elapsed_ns = 8 * NS_PER_S, .total_ns = 10 * NS_PER_S}},
    {"huge", huge_second, 8, {.elapsed_ns = INT64_MAX, .total_ns = NS_PER_S, .amount = INT64_MAX}},
    {"tiny", tiny_second, 8, {.elapsed_ns = 1, .total_ns = NS_PER_MS}},
    {"hosts", hosts_second, 5, {.elapsed_ns = 5 * NS_PER_S, .total_ns = 10 * NS_PER_S}},
    {"hosts-lost", hosts_second, 8, {.elapsed_ns = 8 * NS_PER_S, .total_ns = 10 * NS_PER_S}},
    {"shares-lost", hosts_second, 5, {.elapsed_ns = 5 * NS_PER_S, .total_ns = 10 * NS_PER_S}},
    {"equal", equal_second, 90, {.elapsed_ns = 90 * NS_PER_S, .total_ns = 100 * NS_PER_S}},
    {"compare",
     second_of,
     4,
     {.place = &in_comparison, .elapsed_ns = 4 * NS_PER_S, .total_ns = 10 * NS_PER_S}},
    {"compare-begun", NULL, 0, {.place = &unknown_left, .total_ns = 10 * NS_PER_S}},
    {"hostile",
     second_of,
     4,
     {.place = &hostile_place, .elapsed_ns = 4 * NS_PER_S, .total_ns = 10 * NS_PER_S}},
    {"drain",
     late_second,
     10,
     {.phase = "draining", .elapsed_ns = 12 * NS_PER_S, .jobs_left = 992, .jobs_per_second = 210}},
    {"drain-begun",
     late_second,
     10,
     {.phase = "draining", .place = &in_comparison, .jobs_left = 1, .jobs_per_second = NAN}},
};

/* --- sessions --- */

static struct second slice_of(size_t number)
{
    struct second s = second_of(number);
    s.length_s = 0.075;
    s.requests /= 13;
    return s;
}

static struct second foreign_slice(size_t number)
{
    struct second s = slice_of(number);
    s.server_cpu_cores = NAN;
    s.server_rss_bytes = s.server_threads = MISSING;
    return s;
}

static struct live_arm arms[3];

static const struct {
    const char *name;
    size_t seconds;
    const char *arms[3];
    struct live_session session;
} sessions[] = {
    {"session-begun",
     0,
     {"base", "head"},
     {.blocks = 24, .look = 6, .left_s = 596, .change = "", .narms = 2}},
    {"session",
     40,
     {"base", "head"},
     {.block = 2,
      .blocks = 24,
      .look = 6,
      .slice = 5,
      .slices = 12,
      .left_s = 252,
      .change = "p99 +3.2% [-1.1%, +7.5%] so far",
      .narms = 2,
      .arm = 1}},
    {"session-control",
     40,
     {"base", "head", "control"},
     {.block = 23,
      .blocks = 24,
      .left_s = NAN,
      .change = "cpu_per_request +3.2% [-1.1%, +7.5%] so far",
      .narms = 3,
      .arm = 2}},
    {"session-hostile",
     40,
     {hostile_name, "head"},
     {.blocks = 24,
      .slice = 1,
      .slices = 12,
      .left_s = -1,
      /* NOLINTNEXTLINE(misc-misleading-bidirectional): the mark is what is tested */
      .change = "\033[2J\r\nrps \xe2\x80\xae so far",
      .narms = 2}},
};

const char *const live_case_names[] = {
    "begun",           "warm-up",    "run",         "long",          "amount",  "foreign",
    "stalled",         "failing",    "late",        "punctual",      "huge",    "tiny",
    "hosts",           "hosts-lost", "shares-lost", "equal",         "compare", "compare-begun",
    "hostile",         "drain",      "drain-begun", "session-begun", "session", "session-control",
    "session-hostile", NULL};

char *live_case(const char *name, const struct report_style *style, size_t rows)
{
    for (size_t i = 0; i < LEN(trials); i++) {
        if (strcmp(name, trials[i].name) != 0)
            continue;
        const struct history load = history_of(trials[i].make, trials[i].seconds, name);
        struct live_trial t = trials[i].trial;
        t.load = &load;
        return live_trial(&t, style, rows);
    }
    for (size_t i = 0; i < LEN(sessions); i++) {
        if (strcmp(name, sessions[i].name) != 0)
            continue;
        struct live_session s = sessions[i].session;
        s.arms = arms;
        for (size_t k = 0; k < s.narms; k++) {
            bool is_foreign = strcmp(sessions[i].arms[k], "control") == 0;
            arms[k] = (struct live_arm){
                sessions[i].arms[k],
                history_of(is_foreign ? foreign_slice : slice_of, sessions[i].seconds, name)};
        }
        return live_session(&s, style, rows);
    }
    return NULL;
}
