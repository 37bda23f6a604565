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
        cmocka_unit_test(secrets_are_cut_out_of_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
