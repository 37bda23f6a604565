#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "runner/body.h"

static void a_body_starts_with_its_first_bytes_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *want;
    } cases[] = {
        {"007", 3, "007"},
        {"", 0, ""},
        {"a\0b", 3, "a\\x00b"},
        {"{\"a\":\"\\n\"}\r\n\t", 13, "{\"a\":\"\\\\n\"}\\r\\n\\t"},
        {"gr\xc3\xbcn\xff\x1b", 7, "gr\xc3\xbcn\\xff\\x1b"},
        {"\xe2\x80\x8b", 3, "\\xe2\\x80\\x8b"},
        {"\xe2\x86\x92", 2, "\\xe2\\x86"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *start = body_start(cases[i].bytes, cases[i].len);
        assert_string_equal(start, cases[i].want);
        free(start);
    }
}

static void of_a_large_body_only_the_start_is_kept(void **state)
{
    (void)state;
    const size_t len = (size_t)40 << 20;
    char *bytes = mem_zalloc(len);
    memset(bytes, 'x', len);
    char *start = body_start(bytes, len);
    assert_int_equal(strlen(start), BODY_SHOWN);
    free(start);
    free(bytes);
}

/* FIPS 180-4 examples. */
static void the_digest_is_sha256(void **state)
{
    (void)state;
    char *empty = body_sha256("", 0);
    char *abc = body_sha256("abc", 3);
    assert_string_equal(empty, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(abc, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    free(abc);
    free(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_starts_with_its_first_bytes_escaped),
        cmocka_unit_test(of_a_large_body_only_the_start_is_kept),
        cmocka_unit_test(the_digest_is_sha256),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
