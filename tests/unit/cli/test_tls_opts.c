/* The options of TLS and HTTP/2: the plan they make, what is recorded, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "runner/record.h"
#include "support/parsed_run.h"

static void the_options_fill_the_plan(void **state)
{
    (void)state;
    struct parsed_run p;
    assert_int_equal(parsed_run(&p, "run --ca a --ca [ b c ] --cert d --key e -s f --tls-min 1.2 "
                                    "--tls-max TLSv1.3 --ciphers g --tls-resume --http2 -p 1024 "
                                    "HTTPS://h/"),
                     0);
    const struct plan *plan = &p.options.plan;
    assert_int_equal(plan->tls.ca_files.count, 3);
    assert_string_equal(plan->tls.ca_files.items[2], "c");
    assert_string_equal(plan->tls.cert_file, "d");
    assert_string_equal(plan->tls.key_file, "e");
    assert_string_equal(plan->tls.servername, "f");
    assert_int_equal(plan->tls.rules.min, TLS_VERSION_1_2);
    assert_int_equal(plan->tls.rules.max, TLS_VERSION_1_3);
    assert_string_equal(plan->tls.rules.ciphers, "g");
    assert_true(plan->tls.resume && plan->http2 && !plan->tls.insecure);
    assert_int_equal(plan->pipelining, 1024);
    assert_string_equal(plan_scheme(plan), "https");
    plan_fini(&p.options.plan);
}

static void the_target_has_a_scheme(void **state)
{
    (void)state;
    static const struct {
        const char *text, *scheme;
    } cases[] = {
        {"run h", "http"},
        {"run http://https://h", "http"},
        {"run https://h", "https"},
        {"run --insecure https://h", "https"},
        {"run --servername= https://h", "https"},
        {"run --strategy pool", "http"},
        {"run --strategy pool --tls", "https"},
        {"run --strategy pool --tls --tls-max 1.2 /ping", "https"},
        {"run --cmd x", "http"},
        {"run --cmd x --cmd-scheme http", "http"},
        {"run --cmd x --cmd-scheme https --insecure", "https"},
        {"run --cmd x --http2", "http"},
        {"run -S /run/a.sock https://h/ --ca a", "https"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        print_message("%s\n", cases[i].text);
        assert_int_equal(parsed_run(&p, cases[i].text), 0);
        assert_string_equal(plan_scheme(&p.options.plan), cases[i].scheme);
        plan_fini(&p.options.plan);
    }
}

static void a_record_has_paths_and_no_keys(void **state)
{
    (void)state;
    struct parsed_run p;
    struct result r;
    assert_int_equal(
        parsed_run(&p, "run --ca [ a b ] --cert d --key e --tls-min 1.0 --http2 https://h/"), 0);
    result_init(&r);
    record_run(&p.options, &p.line, &r);
    assert_string_equal(parsed_setting(&r, "ca")->text, "a; b");
    assert_string_equal(parsed_setting(&r, "key")->text, "e");
    assert_string_equal(parsed_setting(&r, "tls_min")->text, "1.0");
    assert_int_equal(parsed_setting(&r, "tls_max")->kind, SETTING_NULL);
    assert_true(parsed_setting(&r, "http2")->number == 1);
    assert_int_equal(parsed_setting(&r, "insecure")->kind, SETTING_FLAG);
    assert_int_equal(parsed_setting(&r, "cmd_scheme")->kind, SETTING_NULL);
    result_fini(&r);
    plan_fini(&p.options.plan);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"run --insecure http://h/", "--insecure only applies to https://, and this is http://; "
                                     "write https:// in the URL"},
        {"run --ca a h", "--ca only applies to https://"},
        {"run --cert a --key b h", "--cert only applies to https://"},
        {"run -s a h", "--servername only applies"},
        {"run --tls-min 1.2 h", "--tls-min only applies"},
        {"run --tls-max 1.2 h", "--tls-max only applies"},
        {"run --ciphers a h", "--ciphers only applies"},
        {"run --tls-resume h", "--tls-resume only applies"},
        {"run --tls-resume --strategy pool", "add --tls, and the target serves TLS"},
        {"run --insecure --cmd x", "add --cmd-scheme https if"},
        {"run --insecure --cmd x --cmd-scheme http", "add --cmd-scheme https if"},
        {"run --tls https://h/", "--tls only applies to a bundled target"},
        {"run --tls --cmd x", "--tls only applies to a bundled target"},
        {"run --cmd-scheme https https://h/", "--cmd-scheme only applies to --cmd"},
        {"run --cmd-scheme https --strategy pool", "--cmd-scheme only applies to --cmd"},
        {"run --cmd-scheme ftp --cmd x", "--cmd-scheme: unknown value 'ftp'"},
        {"run --tls --ca a --strategy pool", "--ca: with --tls bench trusts the certificate"},
        {"run --tls --insecure --strategy pool", "leave --insecure out"},
        {"run --cert a https://h/", "give it with --key FILE"},
        {"run --key a https://h/", "give it with --cert FILE"},
        {"run --insecure --ca a https://h/", "give one of them"},
        {"run --tls-min 2 https://h/", "--tls-min: '2' is not a version of TLS"},
        {"run --tls-max ssl3 https://h/", "--tls-max: 'ssl3' is not a version of TLS"},
        {"run --http2 -H Connection:close h", "--http2 with 'Connection: close'"},
        {"run --http2 --strategy pool", "speak HTTP/1.1 only"},
        {"run --http2 --tls --strategy pool", "speak HTTP/1.1 only"},
        {"run --ca [ a https://h/", "has no closing ]"},
        {"run -k https://h/", "use --insecure"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        assert_int_equal(parsed_run(&p, cases[i].text), -1);
        assert_int_equal(p.err.kind, ERR_USAGE);
        if (strstr(p.err.text, cases[i].want) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].text, p.err.text, cases[i].want);
        plan_fini(&p.options.plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_options_fill_the_plan),
        cmocka_unit_test(the_target_has_a_scheme),
        cmocka_unit_test(a_record_has_paths_and_no_keys),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
