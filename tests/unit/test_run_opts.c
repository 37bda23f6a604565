/* The plan of a run, and what a result records of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cli/record.h"
#include "cli/run_opts.h"
#include "cli/secret.h"

#define WORDS_MAX 24

/* A whole `bench run ...` as far as the plan. */
struct parsed {
    struct run_options options;
    struct opt_group groups[8];
    struct cmd_line line;
    char text[400];
    char *argv[WORDS_MAX];
    struct err err;
};

static int parse(struct parsed *p, const char *text)
{
    memset(p, 0, sizeof *p);
    struct run_options *o = &p->options;
    const struct opt_group groups[] = {
        {"Load", run_load_opts, &o->plan},     {"Request", run_request_opts, &o->plan},
        {"Target", run_target_opts, &o->plan}, {"Bundled target", target_opts, &o->target},
        {"Output", run_output_opts, &o->plan}, {0}};
    memcpy(p->groups, groups, sizeof groups);
    assert_true(strlen(text) < sizeof p->text);
    memcpy(p->text, text, strlen(text) + 1);
    char *rest = NULL;
    int argc = 0;
    for (char *w = strtok_r(p->text, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest))
        p->argv[argc++] = w;
    p->line = (struct cmd_line){.argc = argc, .argv = p->argv, .groups = p->groups, .nown = 5};
    if (opt_parse(p->groups, argc, p->argv, &p->line.given, &p->err) < 0)
        return -1;
    return run_plan(o, &p->line, &p->err);
}

static void the_main_job_becomes_a_plan(void **state)
{
    (void)state;
    struct parsed p;
    assert_int_equal(parse(&p, "run --strategy pool -c 100 -d 10 --pool-size 3"), 0);
    const struct plan *plan = &p.options.plan;
    assert_string_equal(plan->strategy, "pool");
    assert_int_equal(plan->connections, 100);
    assert_int_equal(plan->duration_ns, INT64_C(10000000000));
    assert_true(plan->workers >= 1);
    assert_string_equal(plan->expected_body, "{\"count\":20000000}\n");
    assert_int_equal(plan->strategy_argv.count, 2);
    assert_string_equal(plan->strategy_argv.items[0], "--pool-size");
    assert_true(plan->save);
    plan_fini(&p.options.plan);
}

static void an_amount_replaces_the_default_duration(void **state)
{
    (void)state;
    struct parsed p;
    assert_int_equal(parse(&p, "run -a 100 http://h/"), 0);
    assert_int_equal(p.options.plan.duration_ns, 0);
    plan_fini(&p.options.plan);
    assert_int_equal(parse(&p, "run -a 100 -d 5 http://h/"), 0);
    assert_int_equal(p.options.plan.duration_ns, INT64_C(5000000000));
    plan_fini(&p.options.plan);
}

static void warmups_are_read_both_ways(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want_ns, want_connections;
    } cases[] = {
        {"run -W 2 -c 5 http://h/", 2000000000, 0},
        {"run -W 300ms -c 5 http://h/", 300000000, 0},
        {"run -W [ -c 3 -d 2 ] -c 5 http://h/", 2000000000, 3},
        {"run --warmup [ -d 1 ] -c 5 http://h/", 1000000000, 0},
        {"run -W [ -d 1s --connections 5 ] -c 5 http://h/", 1000000000, 5},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed p;
        assert_int_equal(parse(&p, cases[i].text), 0);
        assert_int_equal(p.options.plan.warmup_ns, cases[i].want_ns);
        assert_int_equal(p.options.plan.warmup_connections, cases[i].want_connections);
        assert_int_equal(p.options.plan.connections, 5);
        plan_fini(&p.options.plan);
    }
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"run", "what shall be measured?"},
        {"run http://a/ http://b/", "a second one"},
        {"run -a 5 -c 10 http://a/", "lower -c or raise -a"},
        {"run -w 5 -c 2 http://a/", "a thread needs a connection"},
        {"run -W [ -c 9 -d 1 ] -c 5 http://a/", "must not be more than 5"},
        {"run -W [ -c 9 ] http://a/", "a warm-up needs a time"},
        {"run -W [ -x 9 ] http://a/", "'-x' is unknown in a warm-up"},
        {"run -W [ -d ] http://a/", "-d needs a value"},
        {"run -b x -i y http://a/", "give one"},
        {"run -i /nonexistent/file http://a/", "cannot read /nonexistent/file"},
        {"run --strategy pool --cmd x", "give one"},
        {"run --strategy pool http://a/", "give only the path"},
        {"run --pool-size 2 http://a/", "add --strategy"},
        {"run /only/a/path", "is only a path"},
        {"run --cmd=", "--cmd is empty"},
        {"run --strategy polo", "did you mean pool?"},
        {"run --work count:x --strategy pool", "--work"},
    };
    (void)unsetenv("PORT"); /* NOLINT(concurrency-mt-unsafe): one thread */
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed p;
        assert_int_equal(parse(&p, cases[i].text), -1);
        assert_int_equal(p.err.kind, ERR_USAGE);
        if (strstr(p.err.text, cases[i].want) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].text, p.err.text, cases[i].want);
        plan_fini(&p.options.plan);
    }
}

static void a_path_uses_the_port_variable(void **state)
{
    (void)state;
    struct parsed p;
    (void)setenv("PORT", "8123", 1); /* NOLINT(concurrency-mt-unsafe): one thread */
    assert_int_equal(parse(&p, "run /x"), 0);
    assert_string_equal(p.options.plan.url, "http://localhost:8123/x");
    (void)unsetenv("PORT"); /* NOLINT(concurrency-mt-unsafe): one thread */
    plan_fini(&p.options.plan);
}

static const struct setting *setting_of(const struct result *r, const char *name)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        if (strcmp(r->config[i].name, name) == 0)
            return &r->config[i];
    }
    return NULL;
}

static void the_record_echoes_the_plan(void **state)
{
    (void)state;
    struct parsed p;
    struct result r;
    assert_int_equal(parse(&p, "run --strategy pool -d 500ms --work count:5M -H a:1 -H b:2"), 0);
    result_init(&r);
    record_run(&p.options, &p.line, &r);
    assert_true(setting_of(&r, "duration")->number == 0.5);
    assert_string_equal(setting_of(&r, "work")->text, "count:5M");
    assert_string_equal(setting_of(&r, "max_work")->text, "count:10G");
    assert_string_equal(setting_of(&r, "header")->text, "a:1; b:2");
    assert_int_equal(setting_of(&r, "save")->kind, SETTING_FLAG);
    assert_int_equal(setting_of(&r, "body")->kind, SETTING_NULL);
    assert_int_equal(r.work_n, 5000000);
    assert_true(r.environment.cores_online >= 1);
    result_fini(&r);
    plan_fini(&p.options.plan);
}

static void secrets_are_not_recorded(void **state)
{
    (void)state;
    struct parsed p;
    struct result r;
    assert_int_equal(parse(&p, "run me:geheim@h/x -H Authorization:geheim -Hcookie=geheim "
                               "--header=Proxy-Authorization:geheim -jHX-Api-Key:geheim -H X:kept "
                               "-H Cookie:a=geheim;u=http://u@h"),
                     0);
    result_init(&r);
    record_run(&p.options, &p.line, &r);
    for (size_t i = 0; i < r.nargv; i++)
        assert_null(strstr(r.argv[i], "geheim"));
    for (size_t i = 0; i < r.nconfig; i++)
        assert_true(r.config[i].text == NULL || strstr(r.config[i].text, "geheim") == NULL);
    assert_non_null(strstr(setting_of(&r, "header")->text, "X:kept"));
    assert_non_null(strstr(setting_of(&r, "header")->text, "Authorization: (hidden)"));
    result_fini(&r);
    plan_fini(&p.options.plan);
}

static void secrets_are_cut_out_of_words(void **state)
{
    (void)state;
    static const struct {
        const char *word, *want;
    } cases[] = {
        {"plain", "plain"},
        {"http://h/a@b", "http://h/a@b"},
        {"http://u:p@h/", "http://h/"},
        {"env A=postgres://a:p@h/x B=redis://u:p@y z", "env A=postgres://h/x B=redis://y z"},
        {"curl -H 'Authorization: Basic x'", "curl -H 'Authorization: (hidden)"},
        {"the cookie jar", "the cookie jar"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = secret_free(cases[i].word);
        assert_string_equal(text, cases[i].want);
        free(text);
    }
    char *url = secret_free_url("u:p@h:80/x");
    assert_string_equal(url, "h:80/x");
    free(url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_main_job_becomes_a_plan),
        cmocka_unit_test(an_amount_replaces_the_default_duration),
        cmocka_unit_test(warmups_are_read_both_ways),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(a_path_uses_the_port_variable),
        cmocka_unit_test(the_record_echoes_the_plan),
        cmocka_unit_test(secrets_are_not_recorded),
        cmocka_unit_test(secrets_are_cut_out_of_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
