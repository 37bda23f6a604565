#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "targets/strategies/delay_spec.h"

#define DRAWS  20001
#define MIDDLE (size_t)10000

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.17g is not %.17g", got, want);
}

static void each_kind_has_its_parts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct delay_spec want;
    } cases[] = {
        {"constant:50ms", {.kind = DELAY_CONSTANT, .first_ns = 50 * NS_PER_MS}},
        {"constant:0", {.kind = DELAY_CONSTANT}},
        {"constant:1h", {.kind = DELAY_CONSTANT, .first_ns = 3600 * NS_PER_S}},
        {"bimodal:10ms,200ms,1s",
         {.kind = DELAY_BIMODAL,
          .first_ns = 10 * NS_PER_MS,
          .second_ns = 200 * NS_PER_MS,
          .phase_ns = NS_PER_S}},
        {"lognormal:20ms,0.5", {.kind = DELAY_LOGNORMAL, .first_ns = 20 * NS_PER_MS, .sigma = 0.5}},
        {"lognormal:20ms,0", {.kind = DELAY_LOGNORMAL, .first_ns = 20 * NS_PER_MS}},
        {"exponential:20us", {.kind = DELAY_EXPONENTIAL, .first_ns = 20 * NS_PER_US}},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct delay_spec got;
        struct err err = {0};
        if (delay_spec_parse(cases[i].text, &got, &err) < 0)
            fail_msg("%s: %s", cases[i].text, err.text);
        assert_int_equal(got.kind, cases[i].want.kind);
        assert_int_equal(got.first_ns, cases[i].want.first_ns);
        assert_int_equal(got.second_ns, cases[i].want.second_ns);
        assert_int_equal(got.phase_ns, cases[i].want.phase_ns);
        near(got.sigma, cases[i].want.sigma, 0);
    }
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "50ms",
        "constant",
        "constant:",
        "constants:50ms",
        "constant:50ms,1",
        "constant:-1ms",
        "constant:2h",
        "constant: 50ms",
        "bimodal:10ms,200ms",
        "bimodal:10ms,200ms,0",
        "bimodal:10ms,200ms,1us",
        "bimodal:10ms,200ms,1s,1s",
        "lognormal:20ms",
        "lognormal:20ms,",
        "lognormal:20ms,nan",
        "lognormal:20ms,-0.5",
        "lognormal:20ms,6",
        "lognormal:20ms,0.5x",
        "exponential:20ms,0.5",
        "constant:00000000000000000000000000000000001ms",
    };
    for (size_t i = 0; i < LEN(bad); i++) {
        struct delay_spec got;
        struct err err = {0};
        if (delay_spec_parse(bad[i], &got, &err) == 0)
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, "--delay"));
    }
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Draws of a seed, in ascending order. */
static void draw(const char *text, uint64_t seed, int64_t *out)
{
    struct delay_spec spec;
    struct err err;
    struct rng rng;
    assert_int_equal(delay_spec_parse(text, &spec, &err), 0);
    rng_init(&rng, seed);
    for (size_t i = 0; i < DRAWS; i++)
        out[i] = delay_spec_draw(&spec, &rng, (int64_t)i);
    qsort(out, DRAWS, sizeof *out, by_value);
}

static void draws_have_their_distribution(void **state)
{
    (void)state;
    int64_t *draws = mem_array(DRAWS, sizeof *draws);
    draw("lognormal:20ms,0.5", 1, draws);
    double median_ns = (double)draws[MIDDLE];
    near(median_ns, 20e6, 0.4e6);
    /* One sigma above the median. */
    near((double)draws[(size_t)(0.8413 * DRAWS)] / median_ns, exp(0.5), 0.06);
    near((double)draws[(size_t)(0.1587 * DRAWS)] / median_ns, exp(-0.5), 0.03);
    draw("exponential:20ms", 1, draws);
    near((double)draws[MIDDLE], 20e6 * log(2), 0.5e6);
    near((double)draws[(size_t)(0.9 * DRAWS)], 20e6 * log(10), 2e6);
    draw("constant:5ms", 1, draws);
    assert_int_equal(draws[0], 5 * NS_PER_MS);
    assert_int_equal(draws[DRAWS - 1], 5 * NS_PER_MS);
    free(draws);
}

static void a_seed_gives_the_same_draws_at_any_time(void **state)
{
    (void)state;
    struct delay_spec spec;
    struct err err;
    struct rng one;
    struct rng same;
    struct rng other;
    int equal = 0;
    assert_int_equal(delay_spec_parse("lognormal:20ms,0.5", &spec, &err), 0);
    rng_init(&one, 5);
    rng_init(&same, 5);
    rng_init(&other, 6);
    for (int64_t i = 0; i < 1000; i++) {
        int64_t draw_ns = delay_spec_draw(&spec, &one, i);
        assert_int_equal(draw_ns, delay_spec_draw(&spec, &same, i * NS_PER_S));
        equal += draw_ns == delay_spec_draw(&spec, &other, i);
    }
    assert_in_range(equal, 0, 10);
}

static void phases_alternate_by_the_arrival(void **state)
{
    (void)state;
    struct delay_spec spec;
    struct err err;
    struct rng rng;
    assert_int_equal(delay_spec_parse("bimodal:10ms,200ms,1s", &spec, &err), 0);
    rng_init(&rng, 1);
    static const struct {
        int64_t since_ns, want_ms;
    } cases[] = {{0, 10}, {999999999, 10}, {1000000000, 200}, {1999999999, 200}, {2000000000, 10}};
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(delay_spec_draw(&spec, &rng, cases[i].since_ns),
                         cases[i].want_ms * NS_PER_MS);
}

static void no_draw_is_above_an_hour(void **state)
{
    (void)state;
    int64_t *draws = mem_array(DRAWS, sizeof *draws);
    draw("lognormal:1h,5", 1, draws);
    assert_int_equal(draws[DRAWS - 1], DELAY_MAX_NS);
    assert_true(draws[0] >= 0 && draws[0] < DELAY_MAX_NS);
    free(draws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_parts),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(draws_have_their_distribution),
        cmocka_unit_test(a_seed_gives_the_same_draws_at_any_time),
        cmocka_unit_test(phases_alternate_by_the_arrival),
        cmocka_unit_test(no_draw_is_above_an_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
