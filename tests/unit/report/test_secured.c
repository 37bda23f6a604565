#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/secured.h"

static void the_facts_of_a_run(void **state)
{
    (void)state;
    char version[] = "TLSv1.3";
    char cipher[] = "TLS_AES_256_GCM_SHA384";
    const struct tls_use open = {.version = version, .cipher = cipher, .is_verified = true};
    const struct tls_use closed = {.is_verified = false};
    struct buf list;
    buf_init(&list, BUF_TEXT_MAX);
    secured_protocol(&list, &open);
    secured_certificate(&list, &open);
    assert_string_equal(list.data, "TLSv1.3, TLS_AES_256_GCM_SHA384, certificate verified");
    buf_clear(&list);
    secured_protocol(&list, &closed);
    secured_certificate(&list, &closed);
    assert_string_equal(list.data, "certificate not verified (--insecure)");
    buf_fini(&list);
}

static void alike_arms_are_named_together(void **state)
{
    (void)state;
    static const struct {
        const char *texts[3], *want;
    } cases[] = {
        {{"x", "x", "x"}, "x"},
        {{"", "", ""}, ""},
        {{"x", "y", "x"}, "a, c: x; b: y"},
        {{"", "y", ""}, "b: y"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct str_list names = {0};
        struct str_list texts = {0};
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        for (size_t k = 0; k < 3; k++) {
            str_list_add(&names, (const char *const[]){"a", "b", "c"}[k]);
            str_list_add(&texts, cases[i].texts[k]);
        }
        secured_arms(&out, &names, &texts);
        assert_string_equal(out.data, cases[i].want);
        str_list_fini(&names);
        str_list_fini(&texts);
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_facts_of_a_run),
        cmocka_unit_test(alike_arms_are_named_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
