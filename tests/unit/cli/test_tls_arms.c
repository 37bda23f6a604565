/* What a comparison gives for all its arms, of which some are https:// and some are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "runner/record.h"
#include "support/asked_arms.h"

static const struct plan *plan_of(const struct asked *a, size_t i)
{
    return &a->arms.items[i].options.plan;
}

static void each_arm_takes_what_applies_to_it(void **state)
{
    (void)state;
    struct asked a;
    assert_int_equal(ask(&a, "pool",
                         "--tls|--cmd-scheme|https|--ca|f|--tls-max|1.2|--arm|plain=http://h/|"
                         "--arm|url=https://h/|--arm|cmd=srv"),
                     0);
    const struct plan *pool = plan_of(&a, 0);
    assert_true(pool->target_tls);
    assert_null(pool->command_scheme);
    assert_int_equal(pool->tls.ca_files.count, 0);
    assert_int_equal(pool->tls.rules.max, TLS_VERSION_1_2);
    const struct plan *plain = plan_of(&a, 1);
    assert_false(plan_is_tls(plain) || plain->target_tls);
    assert_int_equal(plain->tls.ca_files.count, 0);
    assert_int_equal(plain->tls.rules.max, TLS_VERSION_ANY);
    for (size_t i = 2; i < 4; i++) {
        assert_true(plan_is_tls(plan_of(&a, i)) && !plan_of(&a, i)->target_tls);
        assert_string_equal(plan_of(&a, i)->tls.ca_files.items[0], "f");
        assert_int_equal(plan_of(&a, i)->tls.rules.max, TLS_VERSION_1_2);
    }
    done(&a);
}

static void an_arm_with_options_takes_what_applies_to_it(void **state)
{
    (void)state;
    struct asked a;
    assert_int_equal(ask(&a, "none",
                         "--tls|--cmd-scheme|https|--ca|f|--arm|a=--strategy pool|"
                         "--arm|b=--cmd srv|--arm|c=--cmd srv --cmd-scheme http|"
                         "--arm|d=--http2 https://h/|--arm|e=--title x http://h/"),
                     -1); /* --title is not an arm's own */
    done(&a);
    assert_int_equal(ask(&a, "none",
                         "--tls|--cmd-scheme|https|--ca|f|--arm|a=--strategy pool|"
                         "--arm|b=--cmd srv|--arm|c=--cmd srv --cmd-scheme http|"
                         "--arm|d=--http2 https://h/|--arm|e=-m POST http://h/"),
                     0);
    assert_true(plan_of(&a, 0)->target_tls);
    assert_int_equal(plan_of(&a, 0)->tls.ca_files.count, 0);
    assert_string_equal(plan_scheme(plan_of(&a, 1)), "https");
    assert_int_equal(plan_of(&a, 1)->tls.ca_files.count, 1);
    assert_string_equal(plan_scheme(plan_of(&a, 2)), "http");
    assert_int_equal(plan_of(&a, 2)->tls.ca_files.count, 0);
    assert_true(plan_of(&a, 3)->http2);
    assert_int_equal(plan_of(&a, 3)->tls.ca_files.count, 1);
    assert_int_equal(plan_of(&a, 4)->tls.ca_files.count, 0);
    done(&a);
}

static void the_record_of_an_arm_has_only_its_own(void **state)
{
    (void)state;
    struct asked a;
    struct result r;
    assert_int_equal(
        ask(&a, "none", "--ca|f|--tls-min|1.2|--arm|plain=http://h/|--arm|url=https://h/"), 0);
    for (size_t i = 0; i < 2; i++) {
        const char *const want[] = {NULL, "f"};
        result_init(&r);
        record_run(&a.arms.items[i].options, &a.arms.items[i].line, &r);
        for (size_t k = 0; k < r.nconfig; k++) {
            if (strcmp(r.config[k].name, "ca") == 0 && want[i] != NULL)
                assert_string_equal(r.config[k].text, want[i]);
            else if (strcmp(r.config[k].name, "ca") == 0)
                assert_null(r.config[k].text);
            if (strcmp(r.config[k].name, "tls_min") == 0)
                assert_int_equal(r.config[k].text != NULL, want[i] != NULL);
        }
        result_fini(&r);
    }
    done(&a);
}

static void an_original_has_no_tls(void **state)
{
    (void)state;
    static const struct arm_spec specs[] = {{.name = "express", .original = "express-inline"}};
    struct asked a;
    assert_int_equal(ask_specs(&a, "none", "--tls", specs, LEN(specs)), -1);
    assert_non_null(strstr(a.err.text, "the originals cannot serve TLS"));
    done(&a);
}

static void what_applies_to_no_arm_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *strategies, *words, *want;
    } cases[] = {
        {"pool", "--insecure", "--insecure only applies to https://, and no arm is"},
        {"none", "--ca|f|--arm|a=http://h/", "--ca only applies to https://, and no arm is"},
        {"pool", "--tls|--ca|f", "--ca only applies to https://, and no arm is"},
        {"none", "--tls|--arm|a=https://h/", "--tls only applies to bundled strategies"},
        {"pool", "--cmd-scheme|https|--arm|a=https://h/", "--cmd-scheme only applies to servers"},
        {"pool", "--http2|--arm|a=h", "speak HTTP/1.1 only"},
        {"none", "--cert|f|--arm|a=https://h/", "give it with --key"},
        {"none", "--ca|f|--arm|a=--insecure https://h/", "a: --insecure accepts any"},
        {"none", "--arm|a=--ca f http://h/", "a: --ca only applies to https://, and this is"},
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
        cmocka_unit_test(each_arm_takes_what_applies_to_it),
        cmocka_unit_test(an_arm_with_options_takes_what_applies_to_it),
        cmocka_unit_test(the_record_of_an_arm_has_only_its_own),
        cmocka_unit_test(an_original_has_no_tls),
        cmocka_unit_test(what_applies_to_no_arm_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
