/* The arms of a comparison: what is asked for, and the plan that each of them gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "runner/record.h"
#include "support/asked_arms.h"

static void the_shared_rows_choose_no_target(void **state)
{
    (void)state;
    for (const struct opt *row = run_target_opts; row->type != OPT_END; row++) {
        bool chooses = strcmp(row->name, "strategy") == 0 || strcmp(row->name, "cmd") == 0 ||
                       strcmp(row->name, "on-port") == 0;
        assert_int_equal(chooses, row - run_target_opts < RUN_TARGET_SHARED);
    }
}

static void all_strategies_by_default(void **state)
{
    (void)state;
    struct asked a;
    assert_int_equal(ask(&a, NULL, "-c|7|--work|count:99"), 0);
    size_t i = 0;
    for (; strategy_names[i] != NULL; i++) {
        const struct plan *plan = &a.arms.items[i].options.plan;
        assert_string_equal(a.arms.items[i].name, strategy_names[i]);
        assert_string_equal(plan->strategy, strategy_names[i]);
        assert_int_equal(plan->connections, 7);
        assert_string_equal(plan->probe_path, "/ping");
        assert_int_equal(plan->strategy_argv.count, 2);
        assert_string_equal(plan->strategy_argv.items[1], "count:99");
        assert_null(plan->title);
    }
    assert_int_equal(a.arms.count, i);
    done(&a);
}

static const char *recorded(const struct result *r, const char *name)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        if (strcmp(r->config[i].name, name) == 0)
            return r->config[i].text;
    }
    return NULL;
}

/* As if it had been said on the command line of that arm alone. */
static void an_arm_of_ours_may_have_options_of_its_own(void **state)
{
    (void)state;
    static const struct arm_spec specs[] = {
        {.name = "heavy-threads", .strategy = "threads", .option = "isolate", .text = "v8"},
        {.name = "pool", .strategy = "pool"},
        {.name = "larger", .strategy = "queue", .work_times = 10},
    };
    static const char *const want[] = {"{\"count\":99}\n", "{\"count\":99}\n", NULL};
    static const char *const titles[] = {"heavy-threads", NULL, "larger"};
    static const char *const isolates[] = {"v8", "none", "none"};
    static const char *const works[] = {"count:99", "count:99", "count:990"};
    struct asked a;
    assert_int_equal(ask_specs(&a, "none", "--work|count:99", specs, LEN(specs)), 0);
    assert_int_equal(a.arms.count, LEN(specs));
    for (size_t i = 0; i < LEN(specs); i++) {
        const struct arm_plan *arm = &a.arms.items[i];
        const struct plan *plan = &arm->options.plan;
        struct result r;
        result_init(&r);
        record_run(&arm->options, &arm->line, &r);
        assert_string_equal(arm->name, specs[i].name);
        assert_string_equal(plan->strategy, specs[i].strategy);
        assert_int_equal(plan->expected_body == NULL, want[i] == NULL);
        if (want[i] != NULL)
            assert_string_equal(plan->expected_body, want[i]);
        assert_int_equal(plan->title == NULL, titles[i] == NULL);
        assert_string_equal(recorded(&r, "isolate"), isolates[i]);
        assert_string_equal(recorded(&r, "work"), works[i]);
        assert_int_equal(r.work_n, i == 2 ? 990 : 99);
        result_fini(&r);
    }
    const struct str_list *argv = &a.arms.items[0].options.plan.strategy_argv;
    assert_string_equal(argv->items[argv->count - 2], "--isolate");
    assert_string_equal(argv->items[argv->count - 1], "v8");
    assert_string_equal(a.arms.items[2].options.plan.strategy_argv.items[3], "count:990");
    done(&a);
    assert_int_equal(ask_specs(&a, "pool", "--work|sleep:1500us", specs, 1), 0);
    assert_int_equal(a.arms.count, 2);
    done(&a);
    assert_int_equal(ask_specs(&a, "none", "--work|sleep:1500us", specs + 2, 1), 0);
    assert_int_equal(a.arms.items[0].options.target.work.n, 15000000);
    done(&a);
}

static void what_an_arm_of_ours_is_told_is_checked(void **state)
{
    (void)state;
    static const struct arm_spec larger = {.name = "larger", .strategy = "pool", .work_times = 10};
    static const struct arm_spec pool = {.name = "pool", .strategy = "pool"};
    struct asked a;
    static const struct {
        const char *words, *want;
    } cases[] = {
        {"--work|count:2G", "larger: --work, 10 times: a count of 20.0G is more than "
                            "--max-work allows, 10.0G"},
        {"--work|sleep:1h", "a sleep of 36000 s is more than --max-work allows, 3600 s"},
        /* Ten times these is more than 64 bits hold. */
        {"--work|count:1000000000G", "--max-work allows, 10.0G"},
        {"--work|count:2000000000G|--max-work|count:3000000000G", "--max-work allows, 3000000000G"},
        {"--work|count:9199999999G|--max-work|count:9199999999G", "--max-work allows, 9199999999G"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(ask_specs(&a, "none", cases[i].words, &larger, 1), -1);
        assert_int_equal(a.err.kind, ERR_USAGE);
        if (strstr(a.err.text, cases[i].want) == NULL)
            fail_msg("'%s' lacks '%s'", a.err.text, cases[i].want);
        done(&a);
    }
    assert_int_equal(ask_specs(&a, "pool", "-c|2", &pool, 1), -1);
    assert_non_null(strstr(a.err.text, "two arms named 'pool'"));
    done(&a);
}

static void own_servers_stand_beside_them(void **state)
{
    (void)state;
    struct asked a;
    assert_int_equal(
        ask(&a, "pool,inline",
            "--arm|mine=exec srv -p {port} --x=1|--arm|há=http://h:81/a?b=c|/heavy?n=5|"
            "--work|count:99|-H|A: b"),
        0);
    assert_int_equal(a.arms.count, 4);
    const struct plan *pool = &a.arms.items[0].options.plan;
    const struct plan *mine = &a.arms.items[2].options.plan;
    const struct plan *url = &a.arms.items[3].options.plan;
    assert_string_equal(pool->path, "/heavy?n=5");
    assert_null(pool->expected_body); /* a path of the user's own may ask for anything */
    assert_string_equal(mine->command, "exec srv -p {port} --x=1");
    assert_null(mine->strategy);
    assert_null(mine->url);
    assert_string_equal(mine->path, "/heavy?n=5");
    assert_string_equal(mine->title, "mine");
    assert_int_equal(mine->strategy_argv.count, 0); /* no option of ours reaches it */
    assert_null(mine->probe_path);
    assert_string_equal(a.arms.items[3].name, "há");
    assert_string_equal(url->url, "http://h:81/a?b=c");
    assert_null(url->command);
    assert_null(url->path);
    assert_null(url->probe_path);
    for (size_t i = 0; i < a.arms.count; i++) {
        assert_int_equal(a.arms.items[i].options.plan.headers.count, 1);
        assert_string_equal(a.arms.items[i].options.plan.headers.items[0], "A: b");
    }
    done(&a);
}

static void replies_are_known_only_of_our_own_work(void **state)
{
    (void)state;
    struct asked a;
    assert_int_equal(ask(&a, "pool", "--work|count:99|--arm|m=srv|--probe|/light"), 0);
    assert_string_equal(a.arms.items[0].options.plan.expected_body, "{\"count\":99}\n");
    assert_null(a.arms.items[1].options.plan.expected_body);
    assert_string_equal(a.arms.items[1].options.plan.probe_path, "/light");
    done(&a);
    assert_int_equal(ask(&a, "pool", "-E|x|--arm|m=srv"), 0);
    assert_string_equal(a.arms.items[0].options.plan.expected_body, "x");
    assert_string_equal(a.arms.items[1].options.plan.expected_body, "x");
    done(&a);
}

static void only_the_arms(void **state)
{
    (void)state;
    static const char *const none[] = {"", "none"};
    struct asked a;
    for (size_t i = 0; i < LEN(none); i++) {
        assert_int_equal(ask(&a, none[i], "--arm|only=https://h/"), 0);
        assert_int_equal(a.arms.count, 1);
        done(&a);
    }
}

/* A body that can be read only once serves all arms. */
static void the_body_is_read_once(void **state)
{
    (void)state;
    int ends[2];
    char words[64];
    struct asked a;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "body", 4), 4);
    (void)close(ends[1]);
    (void)snprintf(words, sizeof words, "-m|POST|-i|/dev/fd/%d|--arm|m=srv", ends[0]);
    assert_int_equal(ask(&a, "pool,inline", words), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(a.arms.items[i].options.plan.body_len, 4);
        assert_memory_equal(a.arms.items[i].options.plan.body, "body", 4);
    }
    done(&a);
    (void)close(ends[0]);
}

static const struct setting *find(const struct result *r, const char *name)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        if (strcmp(r->config[i].name, name) == 0)
            return &r->config[i];
    }
    fail_msg("no setting %s", name);
    return NULL;
}

static void a_result_records_what_a_run_would(void **state)
{
    (void)state;
    struct asked a;
    struct result r;
    assert_int_equal(
        ask(&a, "pool", "--arm|u=http://me:geheim@h/|-a|50|-c|5|--seed|7|--work|count:9"), 0);
    result_init(&r);
    record_run(&a.arms.items[0].options, &a.arms.items[0].line, &r);
    assert_string_equal(find(&r, "strategy")->text, "pool");
    assert_string_equal(find(&r, "work")->text, "count:9");
    assert_int_equal(find(&r, "connections")->number, 5);
    assert_int_equal(find(&r, "duration")->number, 0); /* an amount is instead of it */
    assert_int_equal(find(&r, "seed")->number, 7);
    result_fini(&r);
    result_init(&r);
    record_run(&a.arms.items[1].options, &a.arms.items[1].line, &r);
    assert_int_equal(find(&r, "strategy")->kind, SETTING_NULL);
    assert_int_equal(find(&r, "seed")->number, 7); /* all arms have the comparison's */
    assert_string_equal(r.title, "u");
    for (size_t i = 0; i < r.nconfig; i++)
        assert_string_not_equal(r.config[i].name, "work");
    for (size_t i = 0; i < r.nargv; i++)
        assert_null(strstr(r.argv[i], "geheim"));
    result_fini(&r);
    done(&a);
}

static void an_arm_may_be_options_of_a_run(void **state)
{
    (void)state;
    struct asked a;
    assert_int_equal(ask(&a, "none",
                         "/heavy|-c|7|-d|3|--seed|11|--work|count:99|-H|X: 1|"
                         "--arm|base=--strategy pool|"
                         "--arm|head=--strategy pool --pool-size 2 -H 'Y: a b' --work count:5|"
                         "--arm|own=--cmd 'serve {port}' /other"),
                     0);
    const struct plan *base = &a.arms.items[0].options.plan;
    const struct plan *head = &a.arms.items[1].options.plan;
    const struct plan *own = &a.arms.items[2].options.plan;
    assert_string_equal(base->strategy, "pool");
    assert_string_equal(base->path, "/heavy");
    assert_int_equal(base->connections, 7);
    assert_int_equal(base->seed, 11);
    assert_int_equal(base->headers.count, 1);
    assert_int_equal(a.arms.items[0].options.target.work.n, 99);
    assert_int_equal(a.arms.items[1].options.target.work.n, 5);
    assert_int_equal(a.arms.items[1].options.target.pool_size, 2);
    assert_int_equal(head->headers.count, 2);
    assert_string_equal(head->headers.items[1], "Y: a b");
    assert_string_equal(own->command, "serve {port}");
    assert_string_equal(own->path, "/other");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(a.arms.items[i].options.plan.duration_ns, a.options.plan.duration_ns);
    done(&a);
}

static void a_socket_is_that_of_one_arm_or_of_all(void **state)
{
    (void)state;
    struct asked a;
    assert_int_equal(
        ask(&a, "none", "--arm|unix=--socket-path /run/a.sock http://h/|--arm|tcp=http://h/"), 0);
    assert_string_equal(a.arms.items[0].options.plan.socket_path, "/run/a.sock");
    assert_string_equal(a.arms.items[0].options.plan.url, "http://h/");
    assert_null(a.arms.items[1].options.plan.socket_path);
    done(&a);
    assert_int_equal(ask(&a, "none",
                         "-S|/run/a.sock|/x|--arm|a=http://h/|--arm|b=--socketPath /run/b.sock|"
                         "--arm|c=--method PUT"),
                     0);
    static const char *const paths[] = {"/run/a.sock", "/run/b.sock", "/run/a.sock"};
    static const char *const urls[] = {"http://h/", "http://localhost/x", "http://localhost/x"};
    for (size_t i = 0; i < LEN(paths); i++) {
        assert_string_equal(a.arms.items[i].options.plan.socket_path, paths[i]);
        assert_string_equal(a.arms.items[i].options.plan.url, urls[i]);
    }
    done(&a);
}

static void what_has_a_scheme_is_a_url(void **state)
{
    static const struct {
        const char *what;
        bool is_url;
    } cases[] = {
        {"http://h/", true},   {"HTTPS://h/", true},        {"ftp://h/", true},
        {"//h/", false},       {"./http://h/", false},      {"curl http://h/", false},
        {"1http://h/", false}, {"env A=http://h s", false},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct asked a;
        char words[80];
        (void)snprintf(words, sizeof words, "--arm|a=%s", cases[i].what);
        assert_int_equal(ask(&a, "none", words), 0);
        assert_int_equal(a.arms.items[0].options.plan.url != NULL, cases[i].is_url);
        done(&a);
    }
}

static void what_cannot_be_compared_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *strategies, *words, *want;
    } cases[] = {
        {"none", "-c|1", "nothing to compare"},
        {"pol", "", "--strategies: unknown value 'pol'; did you mean pool?"},
        {"xyzzyx", "", "unknown value 'xyzzyx'; choose from: inline, "},
        {"pool,", "", "unknown value ''"},
        {"pool,pool", "", "two arms named 'pool'"},
        {"pool", "--arm|pool=srv", "--arm: there are two arms named 'pool'"},
        {"pool", "--arm|a=srv|--arm|a=srv", "two arms named 'a'"},
        {"pool", "--arm|srv", "'srv' has no name; put one before it: mine="},
        {"pool", "--arm|http://h/", "'http://h/' has no name"},
        {"pool", "--arm|http://h/?a=b", "'http://h/?a' is not a name"},
        {"pool", "--arm|node server.js --port={port}", "'node server.js --port' is not a name"},
        {"pool", "--arm|=srv", "the name before '=' is empty"},
        {"pool", "--arm|a=", "'a=' has no server"},
        {"pool", "--arm|a= \t", "has no server"},
        {"pool", "--arm|a\033[31m=srv", "printable"},
        {"pool", "--arm|a\303=srv", "printable"},
        {"pool", "--arm|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=srv", "is too long"},
        {"pool", "/a|/b", "'/b' is a second one"},
        {"pool", "heavy", "'heavy' is not a path"},
        {"pool", "http://h/", "'http://h/' is not a path"},
        {"pool", "--probe|ping", "--probe: 'ping' is not a path"},
        {"pool", "-S|/run/a.sock", "--strategies: -S/--socket-path is not for a server that"},
        {"none", "-S|/run/a.sock|--arm|a=srv", "--arm: -S/--socket-path is not for a server that"},
        {"none", "--arm|a=srv|--pool-size|3", "--pool-size only applies to bundled strategies"},
        {"pool", "--work|count:11G", "--work"},
        {"pool", "-a|5|-c|10", "-a/--amount 5 is smaller"},
        {"pool", "-b|x|-i|y", "both set the body"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct asked a;
        assert_int_equal(ask(&a, cases[i].strategies, cases[i].words), -1);
        assert_int_equal(a.err.kind, ERR_USAGE);
        if (strstr(a.err.text, cases[i].want) == NULL)
            fail_msg("'%s' lacks '%s'", a.err.text, cases[i].want);
        done(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shared_rows_choose_no_target),
        cmocka_unit_test(all_strategies_by_default),
        cmocka_unit_test(own_servers_stand_beside_them),
        cmocka_unit_test(an_arm_of_ours_may_have_options_of_its_own),
        cmocka_unit_test(what_an_arm_of_ours_is_told_is_checked),
        cmocka_unit_test(replies_are_known_only_of_our_own_work),
        cmocka_unit_test(only_the_arms),
        cmocka_unit_test(the_body_is_read_once),
        cmocka_unit_test(a_result_records_what_a_run_would),
        cmocka_unit_test(an_arm_may_be_options_of_a_run),
        cmocka_unit_test(a_socket_is_that_of_one_arm_or_of_all),
        cmocka_unit_test(what_has_a_scheme_is_a_url),
        cmocka_unit_test(what_cannot_be_compared_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
