#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/page/policy.h"

/* printf 'a{}' | openssl dgst -sha256 -binary | base64 */
static void style_and_script_are_allowed_by_their_hashes(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    policy_write(&out, "a{}", "b()");
    assert_string_equal(
        out.data,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
        "style-src 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='; "
        "script-src 'sha256-cf242PFc/kb7xD0Qzhsmd9vvRkc+cWFmbi+k+YvtdKc='; base-uri 'none'; "
        "form-action 'none'\">\n");
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(style_and_script_are_allowed_by_their_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
