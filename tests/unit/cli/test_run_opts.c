/* The plan of a run, and what a result records of it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/run_opts.h"
#include "runner/record.h"
#include "runner/run_broker.h"

#define WORDS_MAX 24

/* A whole `bench run ...` as far as the plan. */
struct parsed {
    struct run_options options;
    struct opt_group groups[8];
    struct opt_line line;
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
    p->line = (struct opt_line){.argc = argc, .argv = p->argv, .groups = p->groups, .nown = 5};
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
        {"run -W 8760h -c 5 http://h/", INT64_C(31536000000000000), 0},
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
        {"run", "no target given"},
        {"run http://a/ http://b/", "a second one"},
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
        struct parsed p;
        struct result r;
        int64_t before_ms = clock_wall_ms();
        assert_int_equal(parse(&p, cases[i].text), 0);
        result_init(&r);
        record_run(&p.options, &p.line, &r);
        const struct setting *seed = setting_of(&r, "seed");
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

/* --- the broker of a queue --- */

/* PATH has a redis-server, or nothing, for one parse. */
static int parse_in(struct parsed *p, const char *path, const char *text)
{
    char *before = mem_strdup(getenv("PATH")); /* NOLINT(concurrency-mt-unsafe) */
    (void)setenv("PATH", path, 1);             /* NOLINT(concurrency-mt-unsafe) */
    int failed = parse(p, text);
    (void)setenv("PATH", before, 1); /* NOLINT(concurrency-mt-unsafe) */
    free(before);
    return failed;
}

static void the_broker_of_a_queue_is_recorded(void **state)
{
    (void)state;
    static const struct {
        const char *text, *broker, *queue;
        bool drop_queue;
    } cases[] = {
        {"run --strategy pool --broker redis://u:geheim@h", NULL, "heavy", false},
        {"run --strategy queue", "private: a sqlite file, removed after the run", "heavy", false},
        {"run --strategy queue --broker sqlite:x.db", "sqlite:x.db", "heavy", false},
        {"run --strategy queue --broker redis://u:geheim@h:1", "redis://h:1",
         "private: a name of its own, removed after the run", true},
        {"run --strategy queue --broker redis://:geheim@h/2 --queue q", "redis://h/2", "q", false},
        {"run --strategy queue --broker redis+unix://u:geheim@/s --queue q --drop-queue",
         "redis+unix:///s", "q", true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed p;
        struct result r;
        assert_int_equal(parse(&p, cases[i].text), 0);
        result_init(&r);
        record_run(&p.options, &p.line, &r);
        const struct setting *broker = setting_of(&r, "broker");
        if (cases[i].broker == NULL)
            assert_null(broker->text);
        else
            assert_string_equal(broker->text, cases[i].broker);
        assert_string_equal(setting_of(&r, "queue")->text, cases[i].queue);
        assert_true((setting_of(&r, "drop_queue")->number != 0) == cases[i].drop_queue);
        for (size_t k = 0; k < r.nargv; k++)
            assert_null(strstr(r.argv[k], "geheim"));
        result_fini(&r);
        plan_fini(&p.options.plan);
    }
}

static void a_private_redis_needs_a_server(void **state)
{
    (void)state;
    char folder[] = "/tmp/bench-test-XXXXXX";
    struct parsed p;
    assert_non_null(mkdtemp(folder));
    char *server = mem_printf("%s/redis-server", folder);
    assert_int_equal(parse_in(&p, folder, "run --strategy queue --broker redis"), -1);
    assert_int_equal(p.err.kind, ERR_USAGE);
    assert_non_null(strstr(p.err.text, "apt-get install redis-server"));
    plan_fini(&p.options.plan);
    assert_int_equal(parse_in(&p, folder, "run --strategy pool --broker redis"), 0);
    plan_fini(&p.options.plan);
    int fd = open(server, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
    assert_true(fd >= 0);
    (void)close(fd);
    assert_int_equal(parse_in(&p, folder, "run --strategy queue --broker redis"), 0);
    assert_string_equal(p.options.target.broker, "private: a redis-server, removed after the run");
    plan_fini(&p.options.plan);
    (void)unlink(server);
    (void)rmdir(folder);
    free(server);
}

static const char *word_behind(const struct str_list *argv, const char *name)
{
    for (size_t i = 0; i + 1 < argv->count; i++) {
        if (strcmp(argv->items[i], name) == 0)
            return argv->items[i + 1];
    }
    return NULL;
}

/* What the target of such a run is told beside the user's own words. */
static struct str_list made(const char *text, char **out_folder)
{
    struct parsed p;
    struct err err;
    struct str_list argv = {0};
    assert_int_equal(parse(&p, text), 0);
    assert_int_equal(run_broker_make(&p.options.plan, &argv, out_folder, &err), 0);
    plan_fini(&p.options.plan);
    return argv;
}

static void a_run_has_its_jobs_alone(void **state)
{
    (void)state;
    char *folder = NULL;
    struct str_list first = made("run --strategy queue", &folder);
    assert_true(str_starts(word_behind(&first, "--broker"), "sqlite:"));
    assert_non_null(strstr(word_behind(&first, "--broker"), folder));
    assert_int_equal(rmdir(folder), 0);
    free(folder);
    str_list_fini(&first);
    first = made("run --strategy queue --broker redis://h", &folder);
    struct str_list second = made("run --strategy queue --broker redis://h", &folder);
    assert_null(folder);
    const char *name = word_behind(&first, "--queue");
    assert_int_equal(strlen(name), strlen("heavy-") + 12);
    assert_int_equal(strspn(name + strlen("heavy-"), "0123456789abcdef"), 12);
    assert_string_not_equal(name, word_behind(&second, "--queue"));
    assert_true(run_broker_is_dropped(&first));
    str_list_fini(&first);
    str_list_fini(&second);
}

static void what_the_user_names_is_kept(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "run --strategy queue --broker sqlite:x.db",
        "run --strategy queue --broker redis://h --queue heavy",
        "run --strategy pool",
    };
    for (size_t i = 0; i < LEN(texts); i++) {
        char *folder = NULL;
        struct str_list argv = made(texts[i], &folder);
        assert_null(folder);
        assert_int_equal(argv.count, 0);
        str_list_fini(&argv);
    }
}

static void only_a_queue_is_told_of_a_broker(void **state)
{
    (void)state;
    static const char common[] = "--broker redis://u:geheim@h --drop-queue --pool-size 2";
    for (int i = 0; i < 2; i++) {
        struct parsed p;
        char *text = mem_printf("run --strategy %s %s", i == 0 ? "pool" : "queue", common);
        assert_int_equal(parse(&p, text), 0);
        const struct str_list *argv = &p.options.plan.strategy_argv;
        assert_string_equal(word_behind(argv, "--pool-size"), "2");
        assert_int_equal(argv->count, i == 0 ? 2 : 5);
        assert_int_equal(run_broker_is_dropped(argv), i == 1);
        plan_fini(&p.options.plan);
        free(text);
    }
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
        cmocka_unit_test(the_seed_is_recorded_also_when_bench_chose_it),
        cmocka_unit_test(secrets_are_not_recorded),
        cmocka_unit_test(the_broker_of_a_queue_is_recorded),
        cmocka_unit_test(a_private_redis_needs_a_server),
        cmocka_unit_test(a_run_has_its_jobs_alone),
        cmocka_unit_test(what_the_user_names_is_kept),
        cmocka_unit_test(only_a_queue_is_told_of_a_broker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
