/* What a target server can be told, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/work/options.h"

static int parse_options(const char *first, const char *second, struct target_options *out,
                         struct err *err)
{
    char *argv[] = {mem_strdup("x"), mem_strdup(first), mem_strdup(second), NULL};
    const struct opt_group groups[] = {{"Target", target_opts, out}, {0}};
    struct opt_given given;
    int failed = opt_parse(groups, 3, argv, &given, err);
    if (failed == 0)
        failed = target_options_check(out, err);
    for (size_t i = 0; i < 3; i++)
        free(argv[i]); /* permuted, but all there */
    return failed;
}

static void option_rows_have_sound_defaults(void **state)
{
    (void)state;
    struct target_options got = {0};
    struct err err = {0};
    assert_int_equal(parse_options("--pool-size", "3", &got, &err), 0);
    assert_int_equal(got.pool_size, 3);
    assert_int_equal(got.work.kind, WORK_COUNT);
    assert_int_equal(got.work.n, 20000000);
    assert_int_equal(got.max_work.n, INT64_C(10000000000));
    assert_int_equal(got.max_header_bytes, 16384);
    assert_int_equal(got.max_body_bytes, 1 << 20);
    assert_int_equal(got.idle_timeout_ns, 60 * NS_PER_S);
    assert_int_equal(got.grace_ns, 5 * NS_PER_S);
    assert_int_equal(got.max_queue, 1024);
    assert_int_equal(got.fanout, 8);
    assert_string_equal(got.isolate, "none");
    assert_false(got.isolate_boot.given || got.isolate_memory.given);
    assert_int_equal(got.compute_threads, 0);
    assert_int_equal(got.offload_connections, 64);
    assert_int_equal(got.offload_timeout_ns, 30 * NS_PER_S);
    assert_null(got.compute_url);
    assert_null(got.compute_program);
    assert_null(got.broker);
    assert_string_equal(got.broker_sync, "normal");
    assert_string_equal(got.queue, "heavy");
    assert_string_equal(got.prefix, "bull");
    assert_false(got.drop_queue);
    assert_null(got.broker_folder);
    assert_int_equal(got.queue_workers, 1);
    assert_int_equal(got.worker_concurrency, 0);
    assert_int_equal(got.job_attempts, 3);
    assert_int_equal(got.job_backoff_ns, NS_PER_S);
    assert_int_equal(got.job_lease_ns, 30 * NS_PER_S);
    assert_int_equal(got.stalled_interval_ns, 30 * NS_PER_S);
    assert_int_equal(got.keep_jobs, 10000);
    assert_int_equal(got.max_backlog, 1000000);
}

static void brokers_and_queues_that_will_do(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"--broker", "sqlite:jobs.db"},
        {"--broker", "sqlite:/a b/c:d"},
        {"--broker", "redis"},
        {"--broker", "redis://127.0.0.1"},
        {"--broker", "redis://u:p%40@[::1]:6380/3"},
        {"--broker", "redis+unix:///run/redis.sock?db=1"},
        {"--stalled-interval", "100ms"},
        {"--broker-sync", "full"},
        {"--queue", "h\xc3\xa9"},
        {"--prefix", "a:b"},
        {"--queue-workers", "0"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct target_options got = {0};
        struct err err = {0};
        assert_int_equal(parse_options(cases[i][0], cases[i][1], &got, &err), 0);
    }
}

static void what_is_only_of_use_with_tls_implies_it(void **state)
{
    static const struct {
        struct server_options options;
        bool has_tls;
        const char *refused; /* NULL: it is fine */
    } cases[] = {
        {{.tls = false}, false, NULL},
        {{.tls = true}, true, NULL},
        {{.tls_cert = "a", .tls_key = "b"}, true, NULL},
        {{.tls_ca_out = "a"}, true, NULL},
        {{.tls_cert = "a"}, true, "add --tls-key"},
        {{.tls = true, .tls_key = "a"}, true, "add --tls-cert"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        const char *refused = cases[i].refused;
        assert_int_equal(server_options_have_tls(&cases[i].options), cases[i].has_tls);
        assert_int_equal(server_options_check(&cases[i].options, &err), refused == NULL ? 0 : -1);
        if (refused != NULL)
            assert_non_null(strstr(err.text, refused));
    }
}

static void bad_options_name_themselves(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"--work", "20M"},
        {"--work", "count:11G"},
        {"--max-work", "count:1k"},
        {"--max-header", "16"},
        {"--pool-size", "1025"},
        {"--max-queue", "-1"},
        {"--idle-timeout", "1ms"},
        {"--idle-timeout", "tea"},
        {"--grace", "2h"},
        {"--fanout", "0"},
        {"--isolate", "v9"},
        {"--isolate-boot-ms", "11000"},
        {"--isolate-mib", "1025"},
        {"--isolate-mib", "big"},
        {"--isolate-boot-ms", "-1"},
        {"--compute-url", "ftp:"},
        {"--compute-url", "http://h/a b"},
        {"--compute-program", "rust-compute"},
        {"--offload-timeout", ""},
        {"--offload-connections", "0"},
        {"--broker", "jobs.db"},
        {"--broker", "sqlite:"},
        {"--stalled-interval", "99ms"},
        {"--broker", ""},
        {"--broker-sync", "no"},
        {"--queue", "a:b"},
        {"--queue", ""},
        {"--prefix", ""},
        {"--queue", "\xff"},
        {"--queue-workers", "65"},
        {"--job-attempts", "0"},
        {"--job-lease", "1ms"},
        {"--max-backlog", "0"},
        {"--keep-jobs", "-1"},
        {"--worker-concurrency", "1025"},
        {"--queue", "a\nb"},
        {"--queue", "a\x7f"},
        {"--queue", "\t"},
        {"--prefix", "\x1b[31m"},
        {"--prefix", "\xc2\x9b"},
        {"--prefix", "a\xe2\x80\x8b"
                     "b"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct target_options got = {0};
        struct err err = {0};
        assert_int_equal(parse_options(cases[i][0], cases[i][1], &got, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        /* --max-work below the default --work is told of as --work, which names --max-work. */
        assert_non_null(strstr(err.text, cases[i][0]));
    }
}

/* Any of a URL may be a secret, also of one that is none. */
static void bad_urls_of_redis_are_not_repeated(void **state)
{
    (void)state;
    static const struct {
        const char *url, *want;
    } cases[] = {
        {"redis:", "not a Redis URL"},
        {"redis://", "needs a host"},
        {"redis://u:geheim@h:0", "port"},
        {"redis://u:ge/heim@h", "%2F"},
        {"redis://geheim@h", "needs a password"},
        {"redis+unix://geheim", "absolute path"},
        {"rediss://u:geheim@h", "TLS"},
        {"redis2://geheim", "not a Redis URL"},
        {"geheim", "not a broker"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct target_options got = {0};
        struct err err = {0};
        assert_int_equal(parse_options("--broker", cases[i].url, &got, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, "--broker"));
        if (strstr(err.text, cases[i].want) == NULL)
            fail_msg("%s: %s", cases[i].url, err.text);
        assert_null(strstr(err.text, "heim"));
    }
}

static void a_broker_is_told_only_what_it_obeys(void **state)
{
    (void)state;
    static const struct {
        struct target_options options;
        const char *want; /* NULL: it will do */
    } cases[] = {
        {{.broker = "redis", .broker_sync = "normal", .broker_folder = "/x"}, NULL},
        {{.broker = "redis://h", .broker_sync = "normal", .drop_queue = true}, NULL},
        {{.broker = "sqlite:x", .broker_sync = "full"}, NULL},
        {{.broker = NULL, .broker_sync = "full"}, NULL},
        {{.broker = "redis", .broker_sync = "full"}, "appendfsync"},
        {{.broker = "redis://h", .broker_sync = "full"}, "appendfsync"},
        {{.broker = "redis", .broker_sync = "normal", .broker_folder = "x"}, "absolute"},
        {{.broker = "redis://h", .broker_sync = "normal", .broker_folder = "/x"}, "--broker redis"},
        {{.broker = NULL, .broker_sync = "normal", .broker_folder = "/x"}, "--broker redis"},
        {{.broker = "sqlite:x", .broker_sync = "normal", .drop_queue = true}, "--drop-queue"},
        {{.broker = NULL, .broker_sync = "normal", .drop_queue = true}, "--drop-queue"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        const char *want = cases[i].want;
        int failed = target_options_check_broker(&cases[i].options, &err);
        assert_int_equal(failed, want == NULL ? 0 : -1);
        if (want != NULL && strstr(err.text, want) == NULL)
            fail_msg("%zu: %s", i, err.text);
    }
}

static int check_given(const char *options, enum target_broker has, struct err *err)
{
    char *words = mem_strdup(options);
    char *argv[8] = {words};
    int argc = 0;
    char *rest = NULL;
    struct opt_given given;
    struct target_options out = {0};
    const struct opt_group groups[] = {{"Target", target_opts, &out}, {0}};
    for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    assert_int_equal(opt_parse(groups, argc, argv, &given, err), 0);
    int failed = target_options_check_given(&out, &given, has, err);
    free(words);
    return failed;
}

static void options_of_a_broker_need_that_broker(void **state)
{
    static const struct {
        const char *options;
        enum target_broker has;
        const char *refused; /* NULL: it is fine */
    } cases[] = {
        {"x --broker redis", TARGET_WITHOUT_BROKER, "--broker only applies to a queue"},
        {"x --broker-folder /x", TARGET_WITHOUT_BROKER, "--broker-folder only applies"},
        {"x --broker-sync normal", TARGET_WITHOUT_BROKER, "--broker-sync only applies"},
        {"x --drop-queue", TARGET_WITHOUT_BROKER, "--drop-queue only applies"},
        {"x --queue q", TARGET_WITHOUT_BROKER, "--queue only applies"},
        {"x --queue-workers 2", TARGET_WITHOUT_BROKER, "--queue-workers only applies"},
        {"x --max-backlog 2", TARGET_WITHOUT_BROKER, "--max-backlog only applies"},
        {"x --job-lease 2s", TARGET_WITHOUT_BROKER, "--job-lease only applies"},
        {"x --pool-size 3", TARGET_WITHOUT_BROKER, NULL},
        {"x --queue q --queue-workers 2 --max-backlog 2", TARGET_WITH_BROKER, NULL},
        {"x --broker redis", TARGET_WITH_BROKER, NULL},
        {"x --broker-sync normal", TARGET_WITH_BROKER, NULL},
        {"x --broker sqlite:x --broker-sync normal", TARGET_WITH_BROKER, NULL},
        {"x --broker redis --broker-sync normal", TARGET_WITH_BROKER, "only applies to sqlite"},
        {"x --broker redis://h --broker-sync full", TARGET_WITH_BROKER, "only applies to sqlite"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        int failed = check_given(cases[i].options, cases[i].has, &err);
        assert_int_equal(failed, cases[i].refused == NULL ? 0 : -1);
        assert_true(cases[i].refused == NULL || strstr(err.text, cases[i].refused) != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(option_rows_have_sound_defaults),
        cmocka_unit_test(what_is_only_of_use_with_tls_implies_it),
        cmocka_unit_test(bad_options_name_themselves),
        cmocka_unit_test(brokers_and_queues_that_will_do),
        cmocka_unit_test(bad_urls_of_redis_are_not_repeated),
        cmocka_unit_test(a_broker_is_told_only_what_it_obeys),
        cmocka_unit_test(options_of_a_broker_need_that_broker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
