/* The plan of a run, and what a result records of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "runner/record.h"
#include "support/parsed_run.h"

static void the_main_job_becomes_a_plan(void **state)
{
    (void)state;
    struct parsed_run p;
    assert_int_equal(parsed_run(&p, "run --strategy pool -c 100 -d 10 --pool-size 3"), 0);
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
    struct parsed_run p;
    assert_int_equal(parsed_run(&p, "run -a 100 http://h/"), 0);
    assert_int_equal(p.options.plan.duration_ns, 0);
    plan_fini(&p.options.plan);
    assert_int_equal(parsed_run(&p, "run -a 100 -d 5 http://h/"), 0);
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
        {"run -W 8760h -c 5 http://h/", INT64_C(31536000000000000), 0},
        {"run -W [ -c 3 -d 2 ] -c 5 http://h/", 2000000000, 3},
        {"run --warmup [ -d 1 ] -c 5 http://h/", 1000000000, 0},
        {"run -W [ -d 1s --connections 5 ] -c 5 http://h/", 1000000000, 5},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        assert_int_equal(parsed_run(&p, cases[i].text), 0);
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
        {"run", "no target given"},
        {"run http://a/ /b", "give each whole"},
        {"run --strategy pool /a /b", "'/b' is a second word"},
        {"run -c 1 http://a/ http://b/", "raise -c"},
        {"run -4 -6 http://a/", "leave no address"},
        {"run -a 5 -c 10 http://a/", "lower -c or raise -a"},
        {"run -w 5 -c 2 http://a/", "a thread needs a connection"},
        {"run -W [ -c 9 -d 1 ] -c 5 http://a/", "must not be more than 5"},
        {"run -W [ -c 9 ] http://a/", "a warm-up needs a time"},
        {"run -W [ -x 9 ] http://a/", "unknown option '-x' in a warm-up"},
        {"run -W [ -d ] http://a/", "-d needs a value"},
        {"run --seed 9007199254740992 http://a/", "--seed: '9007199254740992' is too large"},
        {"run -W 8761h http://a/", "-W/--warmup: '8761h' is too large; the most is 365 days"},
        {"run -W 2500000h http://a/", "too large; the most is 365 days"},
        {"run -W [ -d 8761h ] http://a/", "too large; the most is 365 days"},
        {"run -b x -i y http://a/", "give one"},
        {"run -i /nonexistent/file http://a/", "cannot read /nonexistent/file"},
        {"run --strategy pool --cmd x", "give one"},
        {"run --strategy pool http://a/", "give only the path"},
        {"run --pool-size 2 http://a/", "add --strategy"},
        {"run /only/a/path", "is only a path"},
        {"run -S a.sock", "says only where to connect"},
        {"run -S a.sock --strategy pool", "not for a server that bench starts"},
        {"run -S a.sock --cmd x", "not for a server that bench starts"},
        {"run -S @a http://a/", "-S/--socket-path: a name with '@'"},
        {"run --socket-path= http://a/", "-S/--socket-path: '' is not a path"},
        {"run --cmd=", "--cmd is empty"},
        {"run --strategy polo", "did you mean pool?"},
        {"run --work count:x --strategy pool", "--work"},
        {"run --broker redis://h http://a/", "add --strategy"},
        {"run --strategy queue --broker rediss://h", "TLS"},
        {"run --strategy queue --broker x", "not a broker"},
        {"run --strategy queue --drop-queue", "--drop-queue"},
        {"run --strategy queue --broker-folder /x", "only applies to --broker redis"},
    };
    (void)unsetenv("PORT"); /* NOLINT(concurrency-mt-unsafe): one thread */
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        assert_int_equal(parsed_run(&p, cases[i].text), -1);
        assert_int_equal(p.err.kind, ERR_USAGE);
        if (strstr(p.err.text, cases[i].want) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].text, p.err.text, cases[i].want);
        plan_fini(&p.options.plan);
    }
}

static void a_path_uses_the_port_variable(void **state)
{
    (void)state;
    struct parsed_run p;
    (void)setenv("PORT", "8123", 1); /* NOLINT(concurrency-mt-unsafe): one thread */
    assert_int_equal(parsed_run(&p, "run /x"), 0);
    assert_string_equal(p.options.plan.url, "http://localhost:8123/x");
    (void)unsetenv("PORT"); /* NOLINT(concurrency-mt-unsafe): one thread */
    plan_fini(&p.options.plan);
}

static void a_socket_goes_with_a_url_or_a_path(void **state)
{
    (void)state;
    static const struct {
        const char *text, *url;
    } cases[] = {
        {"run -S /run/a.sock http://h:81/x", "http://h:81/x"},
        {"run --socket-path /run/a.sock http://h/", "http://h/"},
        {"run --socketPath=/run/a.sock /x?y", "http://localhost/x?y"}, /* whatever PORT is */
    };
    (void)setenv("PORT", "8123", 1); /* NOLINT(concurrency-mt-unsafe): one thread */
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        struct result r;
        assert_int_equal(parsed_run(&p, cases[i].text), 0);
        assert_string_equal(p.options.plan.url, cases[i].url);
        assert_string_equal(p.options.plan.socket_path, "/run/a.sock");
        result_init(&r);
        record_run(&p.options, &p.line, &r);
        assert_string_equal(parsed_setting(&r, "socket_path")->text, "/run/a.sock");
        assert_string_equal(result_socket_path(&r), "/run/a.sock");
        result_fini(&r);
        plan_fini(&p.options.plan);
    }
    (void)unsetenv("PORT"); /* NOLINT(concurrency-mt-unsafe): one thread */
}

static void the_record_echoes_the_plan(void **state)
{
    (void)state;
    struct parsed_run p;
    struct result r;
    assert_int_equal(parsed_run(&p, "run --strategy pool -d 500ms --work count:5M -H a:1 -H b:2"),
                     0);
    result_init(&r);
    record_run(&p.options, &p.line, &r);
    assert_true(parsed_setting(&r, "duration")->number == 0.5);
    assert_string_equal(parsed_setting(&r, "work")->text, "count:5M");
    assert_string_equal(parsed_setting(&r, "max_work")->text, "count:10G");
    assert_string_equal(parsed_setting(&r, "header")->text, "a:1; b:2");
    assert_int_equal(parsed_setting(&r, "save")->kind, SETTING_FLAG);
    assert_int_equal(parsed_setting(&r, "body")->kind, SETTING_NULL);
    assert_int_equal(parsed_setting(&r, "socket_path")->kind, SETTING_NULL);
    assert_null(result_socket_path(&r));
    assert_int_equal(r.work_n, 5000000);
    assert_true(r.environment.cores_online >= 1);
    result_fini(&r);
    plan_fini(&p.options.plan);
}

/* What a run was drawn from stands in its result, so that the run can be repeated. */
static void the_seed_is_recorded_also_when_bench_chose_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want; /* -1: from the clock */
    } cases[] = {
        {"run --seed 0 http://h/", 0},
        {"run --seed 9007199254740991 http://h/", INT64_C(9007199254740991)},
        {"run http://h/", -1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        struct result r;
        int64_t before_ms = clock_wall_ms();
        assert_int_equal(parsed_run(&p, cases[i].text), 0);
        result_init(&r);
        record_run(&p.options, &p.line, &r);
        const struct setting *seed = parsed_setting(&r, "seed");
        assert_non_null(seed);
        assert_int_equal(seed->kind, SETTING_NUMBER);
        assert_true(seed->number == (double)p.options.plan.seed);
        if (cases[i].want >= 0)
            assert_int_equal(p.options.plan.seed, cases[i].want);
        else
            assert_true(p.options.plan.seed >= before_ms);
        result_fini(&r);
        plan_fini(&p.options.plan);
    }
}

static void secrets_are_not_recorded(void **state)
{
    (void)state;
    struct parsed_run p;
    struct result r;
    assert_int_equal(parsed_run(&p,
                                "run me:geheim@h/x -H Authorization:geheim -Hcookie=geheim "
                                "--header=Proxy-Authorization:geheim -jHX-Api-Key:geheim -H X:kept "
                                "-H Cookie:a=geheim;u=http://u@h"),
                     0);
    result_init(&r);
    record_run(&p.options, &p.line, &r);
    for (size_t i = 0; i < r.nargv; i++)
        assert_null(strstr(r.argv[i], "geheim"));
    for (size_t i = 0; i < r.nconfig; i++)
        assert_true(r.config[i].text == NULL || strstr(r.config[i].text, "geheim") == NULL);
    assert_non_null(strstr(parsed_setting(&r, "header")->text, "X:kept"));
    assert_non_null(strstr(parsed_setting(&r, "header")->text, "Authorization: (hidden)"));
    result_fini(&r);
    plan_fini(&p.options.plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_main_job_becomes_a_plan),
        cmocka_unit_test(an_amount_replaces_the_default_duration),
        cmocka_unit_test(warmups_are_read_both_ways),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(a_path_uses_the_port_variable),
        cmocka_unit_test(a_socket_goes_with_a_url_or_a_path),
        cmocka_unit_test(the_record_echoes_the_plan),
        cmocka_unit_test(the_seed_is_recorded_also_when_bench_chose_it),
        cmocka_unit_test(secrets_are_not_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
