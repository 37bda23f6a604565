#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/secret.h"

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
        {"redis://default:p@[::1]:1/2", "redis://[::1]:1/2"},
        {"redis://:p%40:@h", "redis://h"},
        {"redis+unix://u:p@/a/b.sock?db=1", "redis+unix:///a/b.sock?db=1"},
        {"--broker=redis://u:p@h:6379", "--broker=redis://h:6379"},
        {"curl -H 'Authorization: Basic x'", "curl -H 'Authorization: (hidden)"},
        {"-HX-Amz-Security-Token: x", "-HX-Amz-Security-Token: (hidden)"},
        {"Private-Token=x", "Private-Token= (hidden)"},
        {"X-Client-Secret: x", "X-Client-Secret: (hidden)"},
        {"x-password:x", "x-password: (hidden)"},
        {"X-Session-Id : x", "X-Session-Id : (hidden)"},
        {"Ocp-Apim-Subscription-Key: x", "Ocp-Apim-Subscription-Key: (hidden)"},
        {"Idempotency-Key: x", "Idempotency-Key: x"},
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

static void secrets_are_hidden_in_a_command_line(void **state)
{
    (void)state;
    char words[3][60] = {"bench", "--broker=redis://u:p4ss@h:1/2", "redis://u:p4ss@h"};
    char *argv[] = {words[0], words[1], words[2], NULL};
    secret_hide(3, argv);
    assert_string_equal(words[0], "bench");
    assert_string_equal(words[1], "--broker=redis://h:1/2       ");
    assert_string_equal(words[2], "redis://h       ");
    assert_ptr_equal(argv[0], words[0]);
    assert_string_equal(argv[1], "--broker=redis://u:p4ss@h:1/2");
    assert_string_equal(argv[2], "redis://u:p4ss@h");
    free(argv[1]);
    free(argv[2]);
    char header[] = "X-API-Key: s";
    argv[1] = header;
    secret_hide(2, argv);
    assert_string_equal(header, "X-API-Key: (");
    assert_string_equal(argv[1], "X-API-Key: s");
    free(argv[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_cut_out_of_words),
        cmocka_unit_test(secrets_are_hidden_in_a_command_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
