#include "support/random_ns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int64_t random_ns(struct rng *r, int64_t max_ns)
{
    return (int64_t)(rng_next(r) >> (1 + rng_next(r) % 63)) % (max_ns + 1);
}
