#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "targets/work/host_name.h"

static void a_host_is_a_name_and_perhaps_a_port(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want; /* NULL: it is none */
    } cases[] = {
        {"localhost", "localhost"},
        {"localhost:8080", "localhost"},
        {"127.0.0.1:1", "127.0.0.1"},
        {"[::1]", "::1"},
        {"[::1]:8080", "::1"},
        {"a.b-c_d~e:", "a.b-c_d~e"},
        {"%41!$&'()*+,;=", "%41!$&'()*+,;="},
        {"", NULL},
        {":80", NULL},
        {"a b", NULL},
        {"a/c", NULL},
        {"a b/c", NULL},
        {"a, b", NULL},
        {"u@h", NULL},
        {"a:8x", NULL},
        {"a:80:80", NULL},
        {"::1", NULL},
        {"[::1", NULL},
        {"[]", NULL},
        {"[a]", NULL},
        {"[::1]x", NULL},
        {"%4", NULL},
        {"%zz", NULL},
        {"h\xc3\xa4", NULL},
        {"a\\b", NULL},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char name[HOST_NAME_BYTES];
        bool is_host = host_name_read(cases[i].text, name);
        if (is_host != (cases[i].want != NULL) || (is_host && strcmp(name, cases[i].want) != 0))
            fail_msg("'%s': %s", cases[i].text, is_host ? name : "none");
    }
    char longest[HOST_NAME_BYTES + 1];
    char name[HOST_NAME_BYTES];
    memset(longest, 'x', sizeof longest);
    longest[HOST_NAME_BYTES] = '\0';
    assert_false(host_name_read(longest, name));
    longest[HOST_NAME_BYTES - 1] = '\0';
    assert_true(host_name_read(longest, name));
}

static void loopback_has_many_names(void **state)
{
    (void)state;
    static const char *const are[] = {"localhost", "LocalHost",       "localhost.",
                                      "127.0.0.1", "127.8.9.1",       "127.1",
                                      "::1",       "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"};
    static const char *const are_not[] = {"",
                                          "evil.example",
                                          "localhost.evil.example",
                                          "127.0.0.1.evil.example",
                                          "0.0.0.0",
                                          "10.0.0.1",
                                          "128.0.0.1",
                                          "::",
                                          "::2",
                                          "local",
                                          "localhost..",
                                          "::ffff:10.0.0.1"};
    for (size_t i = 0; i < LEN(are); i++)
        assert_true(host_name_is_loopback(are[i]));
    for (size_t i = 0; i < LEN(are_not); i++)
        assert_false(host_name_is_loopback(are_not[i]));
}

static void spellings_of_one_name_are_equal(void **state)
{
    (void)state;
    assert_true(host_name_equals("Bench.Example", "bench.example."));
    assert_true(host_name_equals("fe80::1", "FE80:0:0::1"));
    assert_false(host_name_equals("bench.example", "a.bench.example"));
    assert_false(host_name_equals("bench.example", "bench.exampl"));
    assert_false(host_name_equals("10.0.0.1", "10.0.0.2"));
    assert_true(host_name_is_plain("bench.example"));
    assert_true(host_name_is_plain("fe80::1"));
    assert_true(host_name_is_plain("[fe80::1]"));
    assert_false(host_name_is_plain("bench.example:80"));
    assert_false(host_name_is_plain("[fe80::1]:80"));
    assert_false(host_name_is_plain("http://bench.example"));
    assert_false(host_name_is_plain("a b"));
    assert_false(host_name_is_plain("*.example"));
    assert_false(host_name_is_plain("a.example,b.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_is_a_name_and_perhaps_a_port),
        cmocka_unit_test(loopback_has_many_names),
        cmocka_unit_test(spellings_of_one_name_are_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
