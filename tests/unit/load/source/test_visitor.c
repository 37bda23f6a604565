/* visitor: the order of a list's requests, and what a connection remembers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "load/source/visitor.h"

static char token[] = "token";
static char *variable_names[] = {token};
static const struct str_list variables = {variable_names, 1};
static const struct value_names names = {.variables = &variables};

struct bed {
    struct request_list told;
    struct source_list *list;
    struct values values;
};

/* Entries whose texts are these; weights NULL: none has one. */
static struct bed bed_of(const char *const *texts, const double *weights, size_t count)
{
    struct bed bed = {.list = source_list_new(&names)};
    for (size_t i = 0; i < count; i++) {
        struct request_entry *entry = request_list_add(&bed.told);
        entry->weight = weights == NULL ? NAN : weights[i];
    }
    for (size_t i = 0; i < count; i++)
        source_list_add(bed.list, &(struct source_entry_spec){.bytes = texts[i],
                                                              .len = strlen(texts[i]),
                                                              .told = &bed.told.items[i]});
    values_init(&bed.values, &(struct values_spec){.step = 1});
    return bed;
}

static void bed_fini(struct bed *bed)
{
    source_list_free(bed->list);
    values_fini(&bed->values);
    request_list_fini(&bed->told);
}

static void each_begins_at_the_first_and_goes_round(void **state)
{
    (void)state;
    static const char *const texts[] = {"a", "b", "c"};
    struct bed bed = bed_of(texts, NULL, 3);
    for (uint32_t number = 0; number < 2; number++) {
        struct visitor v;
        visitor_init(&v, bed.list, &bed.values, number, 1);
        for (uint32_t i = 0; i < 7; i++)
            assert_int_equal(visitor_next(&v)->index, i % 3);
        visitor_fini(&v);
    }
    bed_fini(&bed);
}

static void weights_are_shares(void **state)
{
    (void)state;
    static const char *const texts[] = {"a", "b", "c", "d"};
    static const double weights[] = {1, 2.5, 0.5, 6};
    struct bed bed = bed_of(texts, weights, 4);
    int64_t drawn[4] = {0};
    const int all = 100000;
    struct visitor v;
    visitor_init(&v, bed.list, &bed.values, 0, 42);
    for (int i = 0; i < all; i++)
        drawn[visitor_next(&v)->index]++;
    for (int i = 0; i < 4; i++) {
        double share = weights[i] / 10;
        double sd = sqrt(all * share * (1 - share));
        assert_true(fabs((double)drawn[i] - all * share) < 5 * sd);
    }
    visitor_fini(&v);
    bed_fini(&bed);
}

static void a_seed_gives_the_same_order_again(void **state)
{
    (void)state;
    static const char *const texts[] = {"a", "b"};
    static const double weights[] = {1, 1};
    struct bed bed = bed_of(texts, weights, 2);
    char orders[3][65] = {{0}};
    const uint32_t numbers[3] = {3, 3, 4};
    for (int k = 0; k < 3; k++) {
        struct visitor v;
        visitor_init(&v, bed.list, &bed.values, numbers[k], 9);
        for (int i = 0; i < 64; i++)
            orders[k][i] = (char)('a' + visitor_next(&v)->index);
        visitor_fini(&v);
    }
    assert_string_equal(orders[0], orders[1]);
    assert_string_not_equal(orders[0], orders[2]);
    bed_fini(&bed);
}

static bool writes(struct visitor *v, const char *want)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    bool is_written = visitor_write(v, visitor_next(v), &out);
    assert_int_equal(is_written, want != NULL);
    if (want != NULL)
        assert_string_equal(out.data, want);
    buf_fini(&out);
    return is_written;
}

/* It is a new user that begins with the list. */
static void what_is_bound_is_forgotten_when_the_list_begins_anew(void **state)
{
    (void)state;
    static const char *const texts[] = {"GET /{token} HTTP/1.1\r\n\r\n", "b"};
    struct bed bed = bed_of(texts, NULL, 2);
    struct visitor v;
    visitor_init(&v, bed.list, &bed.values, 0, 1);
    writes(&v, NULL);
    visitor_bind(&v, 0, "secret", 6);
    writes(&v, "b");
    assert_string_equal(v.variables[0].bytes, "secret");
    writes(&v, NULL);
    visitor_bind(&v, 0, "", 0); /* empty is bound */
    v.next = 0;
    writes(&v, "GET / HTTP/1.1\r\n\r\n");
    visitor_fini(&v);
    bed_fini(&bed);
}

static void what_is_too_long_is_not_bound(void **state)
{
    (void)state;
    static const char *const texts[] = {"GET /{token} HTTP/1.1\r\n\r\n"};
    struct bed bed = bed_of(texts, NULL, 1);
    struct visitor v;
    char *long_text = mem_zalloc(VISITOR_VARIABLE_MAX + 2);
    memset(long_text, 'x', VISITOR_VARIABLE_MAX + 1);
    visitor_init(&v, bed.list, &bed.values, 0, 1);
    visitor_bind(&v, 0, "short", 5);
    visitor_bind(&v, 0, long_text, VISITOR_VARIABLE_MAX + 1);
    assert_null(v.variables[0].bytes);
    visitor_bind(&v, 0, long_text, VISITOR_VARIABLE_MAX);
    assert_int_equal(v.variables[0].len, VISITOR_VARIABLE_MAX);
    free(long_text);
    visitor_fini(&v);
    bed_fini(&bed);
}

static void think_times_lie_between_their_ends(void **state)
{
    (void)state;
    static const char *const texts[] = {"a", "b", "c"};
    struct bed bed = bed_of(texts, NULL, 3);
    bed.told.items[1].think_min_ns = bed.told.items[1].think_max_ns = 5;
    bed.told.items[2].think_min_ns = 1000;
    bed.told.items[2].think_max_ns = 2000;
    struct visitor v;
    visitor_init(&v, bed.list, &bed.values, 0, 1);
    int64_t sum = 0;
    for (int i = 0; i < 10000; i++) {
        int64_t ns = visitor_think_ns(&v, &bed.list->entries[2]);
        assert_in_range(ns, 1000, 2000);
        sum += ns;
    }
    assert_in_range(sum / 10000, 1480, 1520);
    assert_int_equal(visitor_think_ns(&v, &bed.list->entries[0]), 0);
    assert_int_equal(visitor_think_ns(&v, &bed.list->entries[1]), 5);
    visitor_fini(&v);
    bed_fini(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_begins_at_the_first_and_goes_round),
        cmocka_unit_test(weights_are_shares),
        cmocka_unit_test(a_seed_gives_the_same_order_again),
        cmocka_unit_test(what_is_bound_is_forgotten_when_the_list_begins_anew),
        cmocka_unit_test(what_is_too_long_is_not_bound),
        cmocka_unit_test(think_times_lie_between_their_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
