/* The broker of a queue: checked, recorded, and told to the target. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "runner/record.h"
#include "runner/run_broker.h"
#include "support/parsed_run.h"

/* PATH has a redis-server, or nothing, for one parse. */
static int parse_in(struct parsed_run *p, const char *path, const char *text)
{
    char *before = mem_strdup(getenv("PATH")); /* NOLINT(concurrency-mt-unsafe) */
    (void)setenv("PATH", path, 1);             /* NOLINT(concurrency-mt-unsafe) */
    int failed = parsed_run(p, text);
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
        {"run --strategy pool", NULL, "heavy", false},
        {"run --strategy queue", "private: a sqlite file, removed after the run", "heavy", false},
        {"run --strategy queue --broker sqlite:x.db", "sqlite:x.db", "heavy", false},
        {"run --strategy queue --broker redis://u:geheim@h:1", "redis://h:1",
         "private: a name of its own, removed after the run", true},
        {"run --strategy queue --broker redis://:geheim@h/2 --queue q", "redis://h/2", "q", false},
        {"run --strategy queue --broker redis+unix://u:geheim@/s --queue q --drop-queue",
         "redis+unix:///s", "q", true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        struct result r;
        assert_int_equal(parsed_run(&p, cases[i].text), 0);
        result_init(&r);
        record_run(&p.options, &p.line, &r);
        const struct setting *broker = parsed_setting(&r, "broker");
        if (cases[i].broker == NULL)
            assert_null(broker->text);
        else
            assert_string_equal(broker->text, cases[i].broker);
        assert_string_equal(parsed_setting(&r, "queue")->text, cases[i].queue);
        assert_true((parsed_setting(&r, "drop_queue")->number != 0) == cases[i].drop_queue);
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
    struct parsed_run p;
    assert_non_null(mkdtemp(folder));
    char *server = mem_printf("%s/redis-server", folder);
    assert_int_equal(parse_in(&p, folder, "run --strategy queue --broker redis"), -1);
    assert_int_equal(p.err.kind, ERR_USAGE);
    assert_non_null(strstr(p.err.text, "apt-get install redis-server"));
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
static struct str_list made(const char *text, struct folder **out_folder)
{
    struct parsed_run p;
    struct err err;
    struct str_list argv = {0};
    assert_int_equal(parsed_run(&p, text), 0);
    assert_int_equal(run_broker_make(&p.options.plan, &argv, out_folder, &err), 0);
    plan_fini(&p.options.plan);
    return argv;
}

static void a_run_has_its_jobs_alone(void **state)
{
    (void)state;
    struct folder *folder = NULL;
    struct str_list first = made("run --strategy queue", &folder);
    assert_true(str_starts(word_behind(&first, "--broker"), "sqlite:"));
    assert_non_null(strstr(word_behind(&first, "--broker"), folder_path(folder)));
    folder_remove(folder);
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
        struct folder *folder = NULL;
        struct str_list argv = made(texts[i], &folder);
        assert_null(folder);
        assert_int_equal(argv.count, 0);
        str_list_fini(&argv);
    }
}

/* The arms of a comparison share its options. */
static void only_a_queue_is_told_of_a_broker(void **state)
{
    (void)state;
    struct parsed_run p;
    struct str_list argv = {0};
    assert_int_equal(parsed_run(&p, "run --strategy queue --broker redis://u:geheim@h --drop-queue "
                                    "--pool-size 2"),
                     0);
    assert_int_equal(p.options.plan.strategy_argv.count, 5);
    assert_true(run_broker_is_dropped(&p.options.plan.strategy_argv));
    p.options.plan.strategy = "pool";
    run_broker_forward(&p.options.plan, &p.line.given, &argv);
    assert_string_equal(word_behind(&argv, "--pool-size"), "2");
    assert_int_equal(argv.count, 2);
    str_list_fini(&argv);
    plan_fini(&p.options.plan);
}

static void a_run_without_a_queue_has_no_broker(void **state)
{
    (void)state;
    struct parsed_run p;
    assert_int_equal(parsed_run(&p, "run --strategy pool --broker redis://u:geheim@h"), -1);
    assert_int_equal(p.err.kind, ERR_USAGE);
    assert_string_equal(p.err.text, "--broker only applies to a queue; add --strategy queue");
    plan_fini(&p.options.plan);
}

static void the_variable_names_the_broker(void **state)
{
    (void)state;
    static const struct {
        const char *text, *broker; /* of the target; NULL: none */
    } cases[] = {
        {"run --strategy queue", "redis://u:geheim@v"},
        {"run --strategy queue --broker sqlite:x.db", "sqlite:x.db"},
        {"run --strategy pool", NULL},
    };
    (void)setenv("BENCH_BROKER", "redis://u:geheim@v", 1); /* NOLINT(concurrency-mt-unsafe) */
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        assert_int_equal(parsed_run(&p, cases[i].text), 0);
        const char *broker = word_behind(&p.options.plan.strategy_argv, "--broker");
        if (cases[i].broker == NULL)
            assert_null(broker);
        else
            assert_string_equal(broker, cases[i].broker);
        plan_fini(&p.options.plan);
    }
    (void)unsetenv("BENCH_BROKER"); /* NOLINT(concurrency-mt-unsafe) */
}

int main(void)
{
    (void)unsetenv("BENCH_BROKER"); /* NOLINT(concurrency-mt-unsafe) */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_broker_of_a_queue_is_recorded),
        cmocka_unit_test(a_private_redis_needs_a_server),
        cmocka_unit_test(a_run_has_its_jobs_alone),
        cmocka_unit_test(what_the_user_names_is_kept),
        cmocka_unit_test(only_a_queue_is_told_of_a_broker),
        cmocka_unit_test(a_run_without_a_queue_has_no_broker),
        cmocka_unit_test(the_variable_names_the_broker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
