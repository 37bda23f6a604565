/* values: what placeholders stand for, over threads. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "load/source/values.h"

static struct values values_of(uint32_t thread, uint32_t threads, const struct feed *feed)
{
    struct values v;
    values_init(&v, &(struct values_spec){
                        .feed = feed, .seed = 7 + thread, .first = thread, .step = threads});
    return v;
}

/* The caller frees it. */
static char *text_of(const struct values *v, int value)
{
    return mem_strndup(v->items[value].bytes, v->items[value].len);
}

static void numbers_are_unique_over_threads(void **state)
{
    (void)state;
    bool seen[30] = {false};
    for (uint32_t thread = 0; thread < 3; thread++) {
        struct values v = values_of(thread, 3, NULL);
        for (int i = 0; i < 10; i++) {
            values_make(&v, 1 << PLACEHOLDER_SEQ, 0);
            char *text = text_of(&v, PLACEHOLDER_SEQ);
            long n = strtol(text, NULL, 10);
            assert_true(n >= 0 && n < 30 && !seen[n]);
            seen[n] = true;
            free(text);
            values_sent(&v);
        }
        values_fini(&v);
    }
}

/* What is not sent uses no number up. */
static void a_number_is_used_once_it_is_sent(void **state)
{
    (void)state;
    struct values v = values_of(0, 1, NULL);
    values_make(&v, 1 << PLACEHOLDER_SEQ, 0);
    values_make(&v, 1 << PLACEHOLDER_SEQ, 0);
    char *text = text_of(&v, PLACEHOLDER_SEQ);
    assert_string_equal(text, "0");
    free(text);
    values_fini(&v);
}

static void an_id_has_33_characters_of_a_url(void **state)
{
    (void)state;
    struct values v = values_of(1, 4, NULL);
    values_make(&v, 1 << VALUE_ID, 0);
    char *first = text_of(&v, VALUE_ID);
    values_sent(&v);
    values_make(&v, 1 << VALUE_ID, 0);
    char *second = text_of(&v, VALUE_ID);
    assert_int_equal(strlen(first), 33);
    assert_int_equal(strspn(first, "0123456789abcdef"), 22);
    assert_string_equal(first + 22, "-0000000001");
    assert_memory_equal(first, second, 22);
    assert_string_equal(second + 22, "-0000000005");
    free(first);
    free(second);
    values_fini(&v);
}

static void ids_and_uuids_differ_between_runs(void **state)
{
    (void)state;
    struct values a = values_of(0, 1, NULL);
    struct values b = values_of(0, 1, NULL);
    values_make(&a, 1 << VALUE_ID | 1 << PLACEHOLDER_UUID, 0);
    values_make(&b, 1 << VALUE_ID | 1 << PLACEHOLDER_UUID, 0);
    assert_memory_not_equal(a.items[VALUE_ID].bytes, b.items[VALUE_ID].bytes, 22);
    assert_memory_not_equal(a.items[PLACEHOLDER_UUID].bytes, b.items[PLACEHOLDER_UUID].bytes, 36);
    values_fini(&a);
    values_fini(&b);
}

static void a_uuid_is_of_version_4(void **state)
{
    (void)state;
    struct values v = values_of(0, 1, NULL);
    for (int i = 0; i < 100; i++) {
        values_make(&v, 1 << PLACEHOLDER_UUID, 0);
        char *text = text_of(&v, PLACEHOLDER_UUID);
        assert_int_equal(strlen(text), 36);
        assert_int_equal(text[14], '4');
        assert_non_null(strchr("89ab", text[19]));
        for (int k = 0; k < 36; k++) {
            bool is_dash = k == 8 || k == 13 || k == 18 || k == 23;
            assert_true(is_dash ? text[k] == '-' : isxdigit((unsigned char)text[k]) != 0);
        }
        free(text);
    }
    values_fini(&v);
}

static void random_numbers_come_from_the_seed(void **state)
{
    (void)state;
    struct values a = values_of(0, 2, NULL);
    struct values b = values_of(0, 2, NULL);
    struct values other = values_of(1, 2, NULL);
    values_make(&a, 1 << PLACEHOLDER_RAND, 0);
    values_make(&b, 1 << PLACEHOLDER_RAND, 0);
    values_make(&other, 1 << PLACEHOLDER_RAND, 0);
    char *first = text_of(&a, PLACEHOLDER_RAND);
    char *same = text_of(&b, PLACEHOLDER_RAND);
    char *differs = text_of(&other, PLACEHOLDER_RAND);
    assert_string_equal(first, same);
    assert_string_not_equal(first, differs);
    assert_true(strtoull(first, NULL, 10) <= UINT32_MAX);
    free(first);
    free(same);
    free(differs);
    values_fini(&a);
    values_fini(&b);
    values_fini(&other);
}

static void a_connection_and_the_time_are_numbers(void **state)
{
    (void)state;
    struct values v = values_of(0, 1, NULL);
    values_make(&v, 1 << PLACEHOLDER_CONN | 1 << PLACEHOLDER_TS, UINT32_MAX);
    char *conn = text_of(&v, PLACEHOLDER_CONN);
    char *ts = text_of(&v, PLACEHOLDER_TS);
    assert_string_equal(conn, "4294967295");
    assert_true(strtoull(ts, NULL, 10) > UINT64_C(1600000000000));
    free(conn);
    free(ts);
    values_fini(&v);
}

static struct feed *feed_of(const char *text)
{
    char path[] = "/tmp/test_values_XXXXXX";
    struct err err;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    (void)close(fd);
    struct feed *feed = feed_open(path, &err);
    assert_non_null(feed);
    (void)unlink(path);
    return feed;
}

/* Each thread takes its share of the rows, and begins anew. */
static void rows_go_round_over_threads(void **state)
{
    (void)state;
    struct feed *feed = feed_of("user,city\na,1\nb,2\nc,3\n");
    const char *want[2] = {"acbacb", "bacbac"};
    for (uint32_t thread = 0; thread < 2; thread++) {
        struct values v = values_of(thread, 2, feed);
        for (size_t i = 0; want[thread][i] != '\0'; i++) {
            values_make(&v, 1 << VALUE_NAMED, 0);
            assert_int_equal(v.items[VALUE_NAMED].len, 1);
            assert_int_equal(v.items[VALUE_NAMED].bytes[0], want[thread][i]);
            assert_int_equal(v.items[VALUE_NAMED + 1].bytes[0], want[thread][i] - 'a' + '1');
        }
        values_fini(&v);
    }
    feed_close(feed);
}

static void names_lead_to_numbers(void **state)
{
    (void)state;
    struct feed *feed = feed_of("user,city\na,1\n");
    char token[] = "token";
    char *texts[] = {token};
    const struct str_list variables = {texts, 1};
    const struct value_names names = {.feed = feed, .variables = &variables};
    assert_int_equal(value_of_name(&names, "seq", 3), PLACEHOLDER_SEQ);
    assert_int_equal(value_of_name(&names, "city", 4), VALUE_NAMED + 1);
    assert_int_equal(value_of_name(&names, "token", 5), VALUE_NAMED + 2);
    assert_int_equal(value_of_variable(&names), VALUE_NAMED + 2);
    assert_int_equal(value_of_name(&names, "toke", 4), -1);
    assert_int_equal(value_of_name(&names, "", 0), -1);
    feed_close(feed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_unique_over_threads),
        cmocka_unit_test(a_number_is_used_once_it_is_sent),
        cmocka_unit_test(an_id_has_33_characters_of_a_url),
        cmocka_unit_test(ids_and_uuids_differ_between_runs),
        cmocka_unit_test(a_uuid_is_of_version_4),
        cmocka_unit_test(random_numbers_come_from_the_seed),
        cmocka_unit_test(a_connection_and_the_time_are_numbers),
        cmocka_unit_test(rows_go_round_over_threads),
        cmocka_unit_test(names_lead_to_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
