#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/mem.h"

static void encodes_as_the_rfc_does(void **state)
{
    (void)state;
    static const struct {
        const char *plain, *text;
    } cases[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff", "+/8="},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = base64_encode(cases[i].plain, strlen(cases[i].plain));
        assert_string_equal(text, cases[i].text);
        size_t len = 0;
        uint8_t *bytes = base64_decode(text, &len);
        assert_non_null(bytes);
        assert_int_equal(len, strlen(cases[i].plain));
        assert_memory_equal(bytes, cases[i].plain, len);
        free(bytes);
        free(text);
    }
}

static void refuses_all_but_the_one_text(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "Z",    "Zg",   "Zg=",  "Zh==", "Zm9=",   "====", "=",       "Zg==Zg==", "Zm8=Zm9v",
        "Z===", "Z=g=", "Zm-v", "Zm_v", "Zm9v\n", " Zm9", "Zm9\x80", "Zm9v====", "Zm 9",
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        size_t len = 0;
        if (base64_decode(cases[i], &len) != NULL)
            fail_msg("took '%s'", cases[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_as_the_rfc_does),
        cmocka_unit_test(refuses_all_but_the_one_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
