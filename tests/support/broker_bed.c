#include "support/broker_bed.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/folder.h"
#include "support/loop_wait.h"

#define TEST_S 50 /* longer than any wait within it */

int bed_set_alarm(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)alarm(TEST_S);
    return 0;
}

const struct broker_kind *bed_sqlite = &broker_sqlite;
const struct broker_kind *bed_redis = &broker_redis;

static void init_loop(struct bed *bed, const struct broker_kind *kind)
{
    *bed = (struct bed){.kind = kind,
                        .options = {.broker = bed->url,
                                    .broker_sync = "normal",
                                    .queue = "heavy",
                                    .prefix = "bench",
                                    .job_attempts = 3,
                                    .job_backoff_ns = NS_PER_S,
                                    .job_lease_ns = 30 * NS_PER_S,
                                    .stalled_interval_ns = 30 * NS_PER_S,
                                    .keep_jobs = 10000}};
    assert_int_equal(uv_loop_init(&bed->loop), 0);
}

void bed_init(struct bed *bed)
{
    init_loop(bed, &broker_sqlite);
    struct err err;
    bed->own = folder_make("bench-broker", &err); /* the next test removes what a killed one left */
    assert_non_null(bed->own);
    bed->folder = folder_path(bed->own);
    (void)snprintf(bed->url, sizeof bed->url, "sqlite:%s/jobs.db", bed->folder);
}

void bed_init_redis(struct bed *bed)
{
    redis_host_need();
    init_loop(bed, &broker_redis);
    redis_host_start(&bed->host, &bed->loop);
    (void)snprintf(bed->url, sizeof bed->url, "%s", bed->host.url);
}

void bed_init_away(struct bed *bed, const char *url)
{
    init_loop(bed, &broker_redis);
    (void)snprintf(bed->url, sizeof bed->url, "%s", url);
}

void bed_init_kind(struct bed *bed, void **state)
{
    const struct broker_kind **kind = *state;
    if (*kind == &broker_sqlite)
        bed_init(bed);
    else
        bed_init_redis(bed);
}

void bed_fini(struct bed *bed)
{
    redis_host_fini(&bed->host);
    if (bed->kind == &broker_redis)
        (void)uv_run(&bed->loop, UV_RUN_DEFAULT); /* what it still gives back */
    assert_int_equal(uv_loop_close(&bed->loop), 0);
    folder_remove(bed->own);
}

pid_t bed_fork(struct bed *bed)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    (void)alarm(LOOP_WAIT_S);
    (void)uv_os_setenv("CMOCKA_TEST_ABORT", "1"); /* or it would go on with the next test */
    assert_int_equal(uv_loop_fork(&bed->loop), 0);
    return 0;
}

const char *bed_path(const struct bed *bed)
{
    return bed->url + strlen("sqlite:");
}

/* ---- the loop ---- */

void bed_wait(struct bed *bed, const bool *what)
{
    loop_wait(&bed->loop, what);
}

static void on_passed(uv_timer_t *timer)
{
    bool *passed = timer->data;
    *passed = true;
}

void bed_pass(struct bed *bed, int64_t ns)
{
    bool passed = false;
    uv_timer_t timer;
    (void)uv_timer_init(&bed->loop, &timer);
    timer.data = &passed;
    (void)uv_timer_start(&timer, on_passed, (uint64_t)(ns / NS_PER_MS) + 1, 0);
    bed_wait(bed, &passed);
    uv_close((uv_handle_t *)&timer, NULL);
    (void)uv_run(&bed->loop, UV_RUN_NOWAIT);
}

void bed_wait_for_wake(struct bed_broker *b, int wakes_before)
{
    int64_t bound_ns = clock_now_ns() + LOOP_WAIT_NS;
    while (b->wakes == wakes_before && clock_now_ns() < bound_ns)
        (void)uv_run(&b->bed->loop, UV_RUN_ONCE);
    assert_int_not_equal(b->wakes, wakes_before);
}

/* ---- opening and closing ---- */

static void on_wake(void *ctx)
{
    struct bed_broker *b = ctx;
    b->wakes++;
}

static void on_closed(void *ctx)
{
    struct bed_broker *b = ctx;
    b->closed = true;
}

void bed_open(struct bed *bed, struct bed_broker *b, enum broker_role role)
{
    struct err err = {0};
    *b = (struct bed_broker){.bed = bed};
    const struct broker_events events = {.ctx = b, .on_wake = on_wake, .on_closed = on_closed};
    const struct broker_kind *kind = broker_find(bed->url, &err);
    assert_ptr_equal(kind, bed->kind);
    b->broker = kind->open(&bed->loop, role, &bed->options, &events, &err);
    assert_string_equal(err.text, "");
    assert_non_null(b->broker);
}

void bed_must_hold(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("'%s' is not in: %s", words, text);
}

void bed_refused(struct bed *bed, const char *const *words)
{
    struct err err = {0};
    const struct broker_events events = {.on_wake = on_wake, .on_closed = on_closed};
    for (enum broker_role role = BROKER_GATEWAY; role <= BROKER_WORKER; role++) {
        assert_null(bed->kind->open(&bed->loop, role, &bed->options, &events, &err));
        assert_int_equal(err.kind, ERR_USAGE);
        for (size_t i = 0; words[i] != NULL; i++)
            bed_must_hold(err.text, words[i]);
    }
}

void bed_close(struct bed_broker *b)
{
    b->bed->kind->close(b->broker);
    bed_wait(b->bed, &b->closed);
}

void bed_pair_open(struct bed_pair *p)
{
    bed_open(&p->bed, &p->gateway, BROKER_GATEWAY);
    bed_open(&p->bed, &p->worker, BROKER_WORKER);
}

void bed_pair_fini(struct bed_pair *p)
{
    bed_close(&p->worker);
    bed_close(&p->gateway);
    bed_fini(&p->bed);
}
