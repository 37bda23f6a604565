/* What a server does, by its strategy and its settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/page/server_text.h"

#define SETTINGS_MAX 2

static void set(struct result *r, const char *name, const char *text, double number)
{
    struct setting s = {.name = mem_strdup(name),
                        .kind = text == NULL ? SETTING_NUMBER : SETTING_TEXT,
                        .number = number,
                        .text = mem_strdup_or_null(text)};
    settings_add(&r->config, &r->nconfig, &s);
    free(s.name);
    free(s.text);
}

/* NOLINTNEXTLINE(readability-function-size): a table of cases */
static void each_strategy_with_its_own_settings(void **state)
{
    (void)state;
    static const struct {
        const char *strategy, *original, *command;
        struct {
            const char *name, *text; /* NULL: a number */
            double number;
        } settings[SETTINGS_MAX];
        const char *want;
    } cases[] = {
        {.strategy = "inline",
         .want = "Does the work on the event loop itself. Meanwhile it answers nothing else."},
        {.strategy = "threads",
         .settings = {{"fanout", NULL, 8}, {"isolate", "none", 0}},
         .want = "Starts 8 new threads for every request, without a limit. They share its work."},
        {.strategy = "threads",
         .settings = {{"fanout", NULL, 1}, {"isolate", "v8", 0}},
         .want =
             "Starts 1 new thread for every request, without a limit. They share its work. As a "
             "model of Node, each thread also pays for a JavaScript engine of its own (an "
             "isolate)."},
        {.strategy = "pool",
         .settings = {{"pool_size", NULL, 0}},
         .want =
             "Does the work in a fixed pool of threads. Further requests wait in memory until a "
             "thread is free."},
        {.strategy = "pool",
         .settings = {{"pool_size", NULL, 8}, {"max_queue", NULL, 1024}},
         .want =
             "Does the work in a fixed pool of 8 threads. Further requests wait in memory until "
             "a thread is free. When 1,024 requests wait, the next request gets a 503."},
        {.strategy = "queue",
         .settings = {{"queue_workers", NULL, 1}, {"max_backlog", NULL, 1e6}},
         .want = "A gateway stores each request as a job and answers 202 Accepted at once. Later 1 "
                 "separate worker process does the work, and the client fetches the result. When "
                 "1,000,000 jobs wait, the next request gets a 503."},
        {.strategy = "offload",
         .settings = {{"compute_program", "x/rust-compute", 0}},
         .want = "A gateway passes each request over HTTP to a separate compute service written in "
                 "Rust, which splits the work over all cores."},
        {.strategy = "queue",
         .settings = {{"broker", "redis://x", 0}, {"queue_workers", NULL, 2}},
         .want =
             "A gateway stores each request as a job in Redis and answers 202 Accepted at once. "
             "Later 2 separate worker processes do the work, and the client fetches the "
             "result."},
        {.original = "express-piscina",
         .want = "The article's program, rebuilt in Node.js: it does the work in a fixed pool of 8 "
                 "worker threads (Piscina)."},
        {.command = "./mine", .want = "A server started with ./mine"},
        {.strategy = "newer", .want = ""},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        struct buf out;
        result_init(&r);
        buf_init(&out, BUF_TEXT_MAX);
        r.strategy = mem_strdup_or_null(cases[i].strategy);
        r.original = mem_strdup_or_null(cases[i].original);
        r.command = mem_strdup_or_null(cases[i].command);
        for (size_t k = 0; k < SETTINGS_MAX && cases[i].settings[k].name != NULL; k++)
            set(&r, cases[i].settings[k].name, cases[i].settings[k].text,
                cases[i].settings[k].number);
        server_text(&r, &out);
        assert_string_equal(out.len == 0 ? "" : out.data, cases[i].want);
        buf_fini(&out);
        result_fini(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_strategy_with_its_own_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
