/* A fleet of one script, which says what bench-rank under mpirun may say, and what it may not. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/signals.h"
#include "cases/render_cases.h"
#include "model/second.h"
#include "runner/fleet.h"
#include "store/result_json.h"
#include "support/bounded.h"

static char folder[] = "/tmp/bench-fleet-XXXXXX";
static char *script, *document, *seconds; /* files */

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
char *__wrap_program_in_path(const char *name);
char *__wrap_program_find(const char *name, struct err *err);

char *__wrap_program_in_path(const char *name)
{
    (void)name;
    return mem_strdup(script);
}

char *__wrap_program_find(const char *name, struct err *err)
{
    (void)err;
    return mem_strdup(name);
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

/* --- what it says --- */

#define SAY(event)           "echo '{\"schema\":\"bench.fleet/1\",\"event\":" event "}'\n"
#define HOSTS                SAY("\"hosts\",\"hosts\":[{\"host\":\"a\"}]")
#define WINDOW               SAY("\"window\"")
#define RESULT               "cat $DOCUMENT\n"
#define FAILED(reason, code) SAY("\"failed\",\"message\":\"" reason "\",\"code\":" code)
#define SECOND(at)                                                                                 \
    "echo '{\"schema\":\"bench.second/1\",\"at_s\":" at                                            \
    ",\"length_s\":1.0,\"requests\":10,\"errors\":0,\"non_2xx\":0,\"bytes\":100,\"p50_ns\":5,"     \
    "\"p99_ns\":7,\"max_ns\":9,\"server_cpu_cores\":null,\"server_rss_bytes\":null,"               \
    "\"server_threads\":null,\"server_switches\":null,\"server_run_wait_s\":null,"                 \
    "\"queue_backlog\":null,\"jobs_completed\":null,\"hosts\":2}'\n"

/* Two seconds of all hosts, as bench-rank tells them. */
#define HEARD "cat $SECONDS\n"

static void add_second(struct buf *text, int at_s, int64_t due)
{
    struct second s;
    struct second_detail d = {.latency = hist_new_latency()};
    second_init(&s);
    s.at_s = at_s;
    s.length_s = 1;
    s.requests = 10;
    s.bytes = 100;
    s.errors = s.faults.timed_out = 1;
    if (due != MISSING) {
        s.due = due;
        s.sent = due - 1;
        s.late = 0;
    }
    d.statuses[200] = 10;
    hist_record_n(d.latency, NS_PER_MS, 10);
    s.detail = &d;
    second_write(&s, NULL, due != MISSING, text);
    hist_free(d.latency);
}

static void write_file(const char *path, const char *before, const char *text)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fprintf(f, "%s%s", before, text) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void write_seconds(int64_t due)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    add_second(&text, 1, due);
    add_second(&text, 2, due);
    write_file(seconds, "", text.data);
    buf_fini(&text);
}

static int make_files(void **state)
{
    (void)state;
    struct result r;
    struct buf text;
    assert_non_null(mkdtemp(folder));
    script = mem_printf("%s/mpirun", folder);
    document = mem_printf("%s/result.json", folder);
    seconds = mem_printf("%s/seconds", folder);
    assert_int_equal(render_case(render_case_names[0], &r), 0);
    buf_init(&text, BUF_TEXT_MAX);
    result_write(&r, DOC_LINE, &text);
    write_file(document, "", text.data);
    buf_fini(&text);
    result_fini(&r);
    /* NOLINTBEGIN(concurrency-mt-unsafe): no thread yet */
    assert_int_equal(setenv("DOCUMENT", document, 1), 0);
    assert_int_equal(setenv("SECONDS", seconds, 1), 0);
    return setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    /* NOLINTEND(concurrency-mt-unsafe) */
}

static int remove_files(void **state)
{
    (void)state;
    (void)unlink(script);
    (void)unlink(document);
    (void)unlink(seconds);
    free(script);
    free(document);
    free(seconds);
    return rmdir(folder);
}

/* --- what comes of it --- */

struct seen {
    struct fleet *fleet;
    int windows, seconds, ends, dones;
    int64_t hosts;        /* of the last second */
    bool stops_at_window; /* as a Ctrl-C does */
};

static void on_window(void *ctx)
{
    struct seen *s = ctx;
    s->windows++;
    if (s->stops_at_window)
        fleet_stop(s->fleet);
}

static void on_second(void *ctx, const struct second *second)
{
    struct seen *s = ctx;
    s->seconds++;
    s->hosts = second->hosts;
    assert_int_equal(second->requests, 10);
}

static void on_window_end(void *ctx)
{
    struct seen *s = ctx;
    assert_int_equal(s->dones, 0);
    s->ends++;
}

static void on_done(void *ctx)
{
    struct seen *s = ctx;
    s->dones++;
}

static const struct plan *plan_of_two(void)
{
    static struct plan plan = {.hosts = {.text = "a,b", .count = 2, .slots = 2},
                               .on_lost = "stop",
                               .duration_ns = NS_PER_S,
                               .timeout_ns = NS_PER_MS};
    return &plan;
}

/* Runs it to its end; the fleet is still there afterwards. */
static void run(struct seen *s, const char *text, int64_t silence_ns)
{
    uv_loop_t loop;
    struct err err;
    struct str_list urls = {0};
    str_list_add(&urls, "http://h/");
    (void)unlink(script); /* it may run still, and then cannot be written */
    write_file(script, "#!/bin/sh\n", text);
    assert_int_equal(chmod(script, 0700), 0);
    assert_int_equal(uv_loop_init(&loop), 0);
    s->fleet = fleet_start(&(struct fleet_spec){.loop = &loop,
                                                .plan = plan_of_two(),
                                                .urls = &urls,
                                                .silence_ns = silence_ns,
                                                .events = {.ctx = s,
                                                           .on_window = on_window,
                                                           .on_second = on_second,
                                                           .on_done = on_done,
                                                           .on_window_end = on_window_end}},
                           &err);
    if (s->fleet == NULL)
        fail_msg("%s", err.text);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(s->dones, 1);
    assert_int_equal(s->ends, s->windows);
    str_list_fini(&urls);
}

static void a_result_is_taken(void **state)
{
    static const struct {
        const char *text;
        int seconds;
    } cases[] = {
        {HOSTS WINDOW SECOND("1.0") SECOND("2.0") RESULT, 2},
        /* What people or a later version add changes nothing; nor does how it exits. */
        {"echo Welcome to host a\n" WINDOW "echo\n" SAY("\"news\"") SECOND("1.0") RESULT "exit 5\n",
         1},
        /* Twice, too early and too late: none of it counts. */
        {SECOND("0.5") WINDOW WINDOW SECOND("1.0") RESULT RESULT SECOND("2.0"), 1},
        {WINDOW SECOND("1.0") SAY("\"end\"") SECOND("2.0") RESULT, 1},
        {WINDOW SAY("\"lost\",\"index\":1,\"host\":\"b\",\"why\":\"it is silent\"") RESULT, 0},
        /* Byte by byte, with an end in the middle of a line. */
        {WINDOW "printf '{\"schema\":\"bench.fl'; printf 'eet/1\",\"event\":\"x\"}\\n'\n" RESULT,
         0},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct seen s = {0};
        struct err err;
        struct result r;
        run(&s, cases[i].text, BOUND_S * NS_PER_S);
        assert_int_equal(s.windows, 1);
        assert_int_equal(s.seconds, cases[i].seconds);
        if (!fleet_measured(s.fleet, &err))
            fail_msg("%zu: %s", i, err.text);
        result_init(&r);
        fleet_collect(s.fleet, &r);
        assert_true(r.accounting.sent > 0);
        assert_true(accounting_adds_up(&r.accounting));
        assert_non_null(r.latency);
        result_fini(&r);
        fleet_free(s.fleet);
    }
}

/* As many as are not lost, whatever a second says itself. */
static void a_second_is_of_the_hosts_that_are_left(void **state)
{
#define THREE SAY("\"hosts\",\"hosts\":[{\"host\":\"a\"},{\"host\":\"b\"},{\"host\":\"c\"}]")
#define LOST  SAY("\"lost\",\"index\":1,\"host\":\"b\",\"why\":\"it is silent\"")
    static const struct {
        const char *text;
        int64_t hosts;
    } cases[] = {
        {THREE WINDOW SECOND("1.0") RESULT, 3},
        {THREE WINDOW SECOND("1.0") LOST SECOND("2.0") RESULT, 2},
        {HOSTS WINDOW LOST LOST LOST SECOND("1.0") RESULT, 0},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct seen s = {0};
        run(&s, cases[i].text, BOUND_S * NS_PER_S);
        assert_int_equal(s.hosts, cases[i].hosts);
        fleet_free(s.fleet);
    }
}

static void without_a_result_it_says_why(void **state)
{
    static const struct {
        const char *text, *why;
        enum err_kind kind;
    } cases[] = {
        {"exit 3\n", "mpirun ended (exit 3) before the load began; it printed nothing",
         ERR_INVALID},
        {"echo 'ssh: host b is unknown' >&2; exit 1\n",
         "mpirun ended (exit 1) before the load began; its last lines:\nssh: host b is unknown",
         ERR_INVALID},
        {WINDOW "echo '\033[31mgone' >&2; kill -9 $$\n",
         "mpirun ended (signal 9 (Killed)) before the hosts gave a result; its last lines:\n"
         "?[31mgone",
         ERR_INVALID},
        {"echo 'ssh: no b' >&2; for i in 1 2; do echo ------------------------------; seq 30;"
         "echo ------------------------------; done >&2; exit 1\n",
         "its last lines:\nssh: no b", ERR_INVALID},
        {"(echo ------------------------------; echo advice) >&2; exit 1\n",
         "its last lines:\n------------------------------\nadvice", ERR_INVALID},
        {FAILED("the hosts differ", "2"), "the hosts differ", ERR_USAGE},
        {FAILED("nothing connected", "5") FAILED("and more", "2"), "nothing connected",
         ERR_INVALID},
        {SAY("\"failed\""), "bench-rank does not say why", ERR_INVALID},
        {WINDOW "head -c 200 $DOCUMENT; echo\n",
         "what bench-rank says cannot be read: ", ERR_INVALID},
        {WINDOW "head -c 200 $DOCUMENT\n", "before the hosts gave a result", ERR_INVALID},
        {RESULT, "before the load began", ERR_INVALID},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct seen s = {0};
        struct err err;
        run(&s, cases[i].text, BOUND_S * NS_PER_S);
        assert_false(fleet_measured(s.fleet, &err));
        assert_int_equal(err.kind, cases[i].kind);
        if (strstr(err.text, cases[i].why) == NULL)
            fail_msg("%zu: %s", i, err.text);
        fleet_free(s.fleet);
    }
}

/* Whatever ends it early: what was heard is a result, which is not valid and says why. */
static void without_a_result_its_seconds_are_one(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"kill -9 $$\n", "mpirun ended (signal 9 (Killed)) before the hosts gave a result"},
        {FAILED("all hosts were lost", "5"), "all hosts were lost"},
        {"head -c 200 $DOCUMENT; echo\n", "what bench-rank says cannot be read: "},
        {SECOND("2.5") "exit 3\n", "mpirun ended (exit 3)"}, /* one that tells too little */
        {"exec sleep 3600\n", "nothing was heard from the hosts for too long"},
    };
    (void)state;
    for (size_t i = 0; i < 2 * LEN(cases); i++) {
        struct seen s = {0};
        struct err err;
        struct result r, again;
        bool is_open = i % 2 == 1;
        const char *why = cases[i / 2].why;
        char *text = mem_printf("%s%s%s%s", HOSTS, WINDOW, HEARD, cases[i / 2].text);
        write_seconds(is_open ? 12 : MISSING);
        run(&s, text, NS_PER_S);
        if (!fleet_measured(s.fleet, &err))
            fail_msg("%zu: %s", i, err.text);
        result_init(&r);
        r.connections = r.pipelining = r.workers = 1;
        r.url = mem_strdup("http://h/");
        if (is_open)
            r.offered = (struct offered_load){
                .rate_rps = 12, .arrivals = mem_strdup("constant"), .max_connections = 1};
        fleet_collect(s.fleet, &r);
        assert_false(r.valid);
        assert_true(r.interrupted && r.duration_s == 2 && r.nseconds == 2);
        assert_int_equal(r.accounting.completed, 20);
        assert_int_equal(r.accounting.timed_out, 2);
        assert_int_equal(r.accounting.statuses[200], 20);
        assert_int_equal(r.accounting.due, is_open ? 24 : MISSING);
        assert_int_equal(hist_count(r.latency), 20);
        assert_true(accounting_adds_up(&r.accounting));
        assert_int_equal(r.nwarnings, 1);
        if (strstr(r.warnings[0].message, why) == NULL)
            fail_msg("%zu: %s", i, r.warnings[0].message);
        json_t *doc = result_to_json(&r);
        if (result_from_json(doc, &again, &err) < 0)
            fail_msg("%zu: %s", i, err.text);
        json_decref(doc);
        result_fini(&again);
        result_fini(&r);
        fleet_free(s.fleet);
        free(text);
    }
}

/* SIGUSR1, which mpirun passes on. */
static void a_stop_leaves_time_for_the_result(void **state)
{
    (void)state;
    struct seen s = {.stops_at_window = true};
    struct err err;
    run(&s, "trap '" RESULT "exit 130' USR1\n" HOSTS WINDOW "while :; do sleep 0.01; done\n",
        BOUND_S * NS_PER_S);
    assert_true(fleet_measured(s.fleet, &err));
    fleet_free(s.fleet);
}

/* While ssh still waits for a host, nobody takes that signal. */
static void before_the_hosts_are_there_a_stop_ends_all(void **state)
{
    (void)state;
    struct seen s = {.stops_at_window = true};
    struct err err;
    run(&s, "trap '' USR1\n" WINDOW "exec sleep 3600\n", BOUND_S * NS_PER_S);
    assert_false(fleet_measured(s.fleet, &err));
    assert_non_null(strstr(err.text, "signal 15"));
    fleet_free(s.fleet);
}

/* It waits for the daemon of a host that is out of reach. */
static void mpirun_is_ended_once_it_has_said_all(void **state)
{
    static const char *const last[] = {RESULT, FAILED("all hosts were lost", "5")};
    (void)state;
    for (size_t i = 0; i < LEN(last); i++) {
        struct seen s = {0};
        struct err err;
        char *text = mem_printf("%s%s%sexec sleep 3600\n", HOSTS, WINDOW, last[i]);
        run(&s, text, INT64_C(2) * BOUND_S * NS_PER_S);
        assert_int_equal(fleet_measured(s.fleet, &err), i == 0);
        fleet_free(s.fleet);
        free(text);
    }
}

static void silence_is_not_waited_for(void **state)
{
    (void)state;
    struct seen s = {0};
    struct err err;
    run(&s, WINDOW "exec sleep 3600\n", NS_PER_S / 5);
    assert_false(fleet_measured(s.fleet, &err));
    assert_non_null(strstr(err.text, "nothing was heard from the hosts for too long"));
    fleet_free(s.fleet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(a_result_is_taken),
        BOUNDED(a_second_is_of_the_hosts_that_are_left),
        BOUNDED(without_a_result_it_says_why),
        BOUNDED(without_a_result_its_seconds_are_one),
        BOUNDED(a_stop_leaves_time_for_the_result),
        BOUNDED(before_the_hosts_are_there_a_stop_ends_all),
        BOUNDED(mpirun_is_ended_once_it_has_said_all),
        BOUNDED(silence_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
