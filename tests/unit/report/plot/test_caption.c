#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/plot_rows.h"

static void captions_say_what_is_the_same(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a", 9);
    struct comparison other = plot_simple("b", 9);
    struct result *first = &c.arms[0].results[0];
    struct result *second = &other.arms[0].results[0];
    first->connections = second->connections = 100;
    first->duration_s = second->duration_s = 10.002;
    first->work_kind = mem_strdup("count");
    first->work_n = 20000000;
    first->environment.cpu_model = mem_strdup("`CPU`");
    first->environment.cores_online = 8;
    first->environment.cores_allowed = 2;
    char *text = plot_file_of(&c, "caption.dat");
    plot_expect_row(text, 0,
                    "0\t\"100 connections, 10 s, 20,000,000 counts per request\""
                    "\t\"100 connections, 10 s, 20,000,000 counts per request\"");
    plot_expect_row(text, 1, "1\t\"`CPU`, 2 of 8 cores\"\t\"`CPU`, 2 of 8 cores\"");
    free(text);
    (void)comparison_add_arm(&c, "b");
    comparison_add_result(&c, 1, 1, second);
    text = plot_file_of(&c, "caption.dat");
    plot_expect_row(text, 0,
                    "0\t\"100 connections, 10 s, work differs\""
                    "\t\"100 connections, 10 s, work differs\"");
    plot_expect_row(text, 1, "1\t\"machines differ\"\t\"machines differ\"");
    free(text);
    comparison_fini(&other);
    comparison_fini(&c);
}

static void set_text(struct result *r, const char *name, const char *text)
{
    struct setting s = {.name = mem_strdup(name), .kind = SETTING_TEXT, .text = mem_strdup(text)};
    result_add_setting(r, &s);
    free(s.name);
    free(s.text);
}

static void expect_load(struct comparison *c, const char *want)
{
    char *text = plot_file_of(c, "caption.dat");
    char *row = mem_printf("0\t\"%s\"\t\"%s\"", want, want);
    plot_expect_row(text, 0, row);
    free(row);
    free(text);
}

/* Bars of different requests do not compare servers. */
static void captions_say_that_requests_differ(void **state)
{
    (void)state;
    struct comparison c = plot_simple("a", 9);
    struct comparison other = plot_simple("b", 9);
    struct result *r = &c.arms[0].results[0];
    struct result *second = &other.arms[0].results[0];
    free(r->url);
    free(second->url);
    r->url = mem_strdup("http://127.0.0.1:4001/a?n=1");
    second->url = mem_strdup("http://127.0.0.1:4002/a?n=1");
    r->connections = second->connections = 100;
    r->duration_s = second->duration_s = 10;
    r->pipelining = second->pipelining = 4;
    set_text(r, "method", "POST");
    set_text(second, "method", "POST");
    set_text(r, "body", "x");
    set_text(second, "body", "x");
    (void)comparison_add_arm(&c, "b");
    comparison_add_result(&c, 1, 1, second);
    r = &c.arms[1].results[0];
    expect_load(&c, "100 connections, 4 requests in flight on each, 10 s");
    r->pipelining = 1;
    expect_load(&c, "100 connections, pipelining differs, 10 s");
    r->pipelining = 4;
    r->url[strlen(r->url) - 1] = '2';
    expect_load(&c, "100 connections, 4 requests in flight on each, 10 s, paths differ");
    r->config[r->nconfig - 2].text[0] = 'p';
    r->config[r->nconfig - 1].text[0] = 'y';
    expect_load(&c, "100 connections, 4 requests in flight on each, 10 s, methods differ, paths "
                    "differ, bodies differ");
    comparison_fini(&other);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captions_say_what_is_the_same),
        cmocka_unit_test(captions_say_that_requests_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
