#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "targets/compute/client.h"

static void urls_of_services_are_completed(void **state)
{
    (void)state;
    static const struct {
        const char *url, *want;
    } cases[] = {
        {"http://127.0.0.1:81", "http://127.0.0.1:81/heavy?"},
        {"http://127.0.0.1:81/", "http://127.0.0.1:81/heavy?"},
        {"http://h:81/count", "http://h:81/count?"},
        {"https://[::1]/a/b?key=1#c", "https://[::1]/a/b?key=1&"},
        {"ftp://h/", NULL},
        {"http://", NULL},
        {"", NULL},
        {"h:81", NULL},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        char *base = compute_client_base(cases[i].url, &err);
        if (cases[i].want == NULL) {
            assert_null(base);
            assert_int_equal(err.kind, ERR_USAGE);
        } else {
            assert_non_null(base);
            assert_string_equal(base, cases[i].want);
        }
        free(base);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_of_services_are_completed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
