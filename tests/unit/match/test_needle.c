/* needle: it is found however the bytes are cut, and only where it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "match/needle.h"

static bool is_found(const struct needle *n, const char *bytes, size_t len, size_t piece)
{
    struct needle_seek seek = {0};
    for (size_t at = 0; at < len; at += piece)
        needle_feed(n, &seek, bytes + at, len - at < piece ? len - at : piece);
    return needle_is_found(n, &seek);
}

static void a_needle_is_found_in_pieces_of_any_size(void **state)
{
    (void)state;
    static const struct {
        const char *needle, *text;
    } cases[] = {
        {"", ""},
        {"", "a"},
        {"a", ""},
        {"a", "a"},
        {"ab", "aab"},
        {"aab", "aaab"},
        {"aab", "aaaaaaaab"},
        {"abab", "abaabab"},
        {"abac", "ababac"},
        {"abac", "ababab"},
        {"aaaa", "aaabaaab"},
        {"aaaa", "aaabaaaa"},
        {"needle", "a haystack with a needleneedle in it"},
        {"needle", "needl eedle neeneedl"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct needle n;
        size_t len = strlen(cases[i].text);
        needle_init(&n, cases[i].needle, strlen(cases[i].needle));
        for (size_t piece = 1; piece <= len + 1; piece++)
            assert_int_equal(is_found(&n, cases[i].text, len, piece),
                             strstr(cases[i].text, cases[i].needle) != NULL);
        needle_fini(&n);
    }
}

/* Of two letters, so that needles overlap themselves: memmem over all of it is the witness. */
static void it_agrees_with_memmem(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 16);
    size_t found = 0;
    for (int i = 0; i < 20000; i++) {
        char text[64];
        char needle[8];
        size_t len = (size_t)(rng_unit(&rng) * 64);
        size_t needle_len = (size_t)(rng_unit(&rng) * 9);
        for (size_t k = 0; k < len; k++)
            text[k] = rng_unit(&rng) < 0.7 ? 'a' : '\0'; /* any byte may be there */
        for (size_t k = 0; k < needle_len; k++)
            needle[k] = rng_unit(&rng) < 0.7 ? 'a' : '\0';
        struct needle n;
        needle_init(&n, needle, needle_len);
        bool expected = needle_len == 0 || memmem(text, len, needle, needle_len) != NULL;
        assert_int_equal(is_found(&n, text, len, 1 + (size_t)(rng_unit(&rng) * 12)), expected);
        found += expected;
        needle_fini(&n);
    }
    assert_true(found > 1000 && found < 19000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_needle_is_found_in_pieces_of_any_size),
        cmocka_unit_test(it_agrees_with_memmem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
