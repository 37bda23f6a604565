#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"

static void rng_repeats_by_seed(void **state)
{
    (void)state;
    struct rng a;
    struct rng b;
    rng_init(&a, 7);
    rng_init(&b, 7);
    double sum = 0;
    for (int i = 0; i < 10000; i++) {
        double x = rng_unit(&a);
        assert_true(x >= 0 && x < 1);
        assert_true(x == rng_unit(&b));
        sum += x;
    }
    assert_true(sum > 4800 && sum < 5200);
    rng_init(&a, 0);
    assert_true(rng_next(&a) ==
                UINT64_C(0xe220a8397b1dcdaf)); /* the first number of the reference */
}

static void hexadecimal_text_is_random(void **state)
{
    (void)state;
    char a[33];
    char b[33];
    memset(a, 'x', sizeof a);
    assert_int_equal(rng_hex(a, 16), 0);
    assert_int_equal(rng_hex(b, 16), 0);
    assert_int_equal(strlen(a), 32);
    assert_int_equal(strspn(a, "0123456789abcdef"), 32);
    assert_string_not_equal(a, b);
    assert_int_equal(rng_hex(a, 0), 0);
    assert_string_equal(a, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rng_repeats_by_seed),
        cmocka_unit_test(hexadecimal_text_is_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
