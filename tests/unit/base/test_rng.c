#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rng_repeats_by_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
