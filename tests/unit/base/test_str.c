#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"

static void distance_counts_edits(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t want;
    } cases[] = {
        {"", "", 0},    {"abc", "abc", 0},        {"abc", "abd", 1}, {"abc", "acb", 1},
        {"abc", "", 3}, {"kitten", "sitting", 3}, {"ca", "abc", 3},  {"pool", "polo", 1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(str_distance(cases[i].a, cases[i].b), cases[i].want);
        assert_int_equal(str_distance(cases[i].b, cases[i].a), cases[i].want);
    }
}

static void nearest_is_near_or_nothing(void **state)
{
    (void)state;
    static const char *const words[] = {"inline", "threads", "pool", "offload", "queue", NULL};
    assert_string_equal(str_nearest("polo", words), "pool");
    assert_string_equal(str_nearest("thread", words), "threads");
    assert_string_equal(str_nearest("que", words), "queue");
    assert_null(str_nearest("zebra", words));
    assert_null(str_nearest("x", words));
}

static void a_suggestion_names_the_nearest(void **state)
{
    (void)state;
    static const char *const words[] = {"run", "report", NULL};
    static const struct {
        const char *word, *shape, *want;
    } cases[] = {
        {"rnu", "--*?", "; did you mean --run?"},
        {"repot", "'*'?", "; did you mean 'report'?"},
        {"rnu", "*", "; did you mean run"},
        {"zebra", "'*'?", "; see --help"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = str_suggest(cases[i].word, words, cases[i].shape, "; see --help");
        assert_string_equal(text, cases[i].want);
        free(text);
    }
}

static void utf8_is_told_from_other_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"", true},
        {"abc", true},
        {"\xc3\xa4", true},
        {"\xe2\x82\xac", true},
        {"\xf0\x9f\x98\x80", true},
        {"\xc3", false},
        {"\x80", false},
        {"\xc0\xaf", false},
        {"\xed\xa0\x80", false},
        {"\xf4\x90\x80\x80", false},
        {"\xff", false},
        {"\xe2\x82", false},
        {"a\xe2\x28\xa1", false},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(str_is_utf8(cases[i].text, strlen(cases[i].text)), cases[i].want);
}

static void control_characters_do_not_reach_a_terminal(void **state)
{
    (void)state;
    /* U+202E and U+2066, written so that they do not reorder this text */
    static const char turns[] = {'a', '\xe2', '\x80', '\xae', '\0'};
    static const char isolates[] = {'\xe2', '\x81', '\xa6', '\0'};
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"plain text\n", "plain text\n"},
        {"\x1b[31mred\x7f", "?[31mred?"},
        {"\xc2\x9b[31m", "??[31m"},
        {"gr\xc3\xbcn", "gr\xc3\xbcn"},
        {"no utf8: \xff\xc2", "no utf8: ??"},
        {"\xc2\xa0", "\xc2\xa0"},
        {turns, "a???"},
        {"\xe2\x80\x8b", "???"},
        {isolates, "???"},
        {"\xef\xbb\xbf", "???"},
        {"\xe2\x80\xa7", "\xe2\x80\xa7"},
        {"\xe2\x81\xaa", "???"},
        {"\xe2\x81\xb0", "\xe2\x81\xb0"}, /* a superscript */
        {"\xd8\x9c\xe1\xa0\x8e", "?????"},
        {"\xef\xbf\xb9\xef\xbf\xbc", "???\xef\xbf\xbc"},
        {"\xf3\xa0\x81\x81\xf3\xa1\x80\x80", "????\xf3\xa1\x80\x80"},
        {"\xe2\x9a\xa0\xef\xb8\x8f", "\xe2\x9a\xa0\xef\xb8\x8f"}, /* the glyph of an emoji */
        {"\xef\xbb\xbe", "\xef\xbb\xbe"},
        {"\xe2\x86\x92", "\xe2\x86\x92"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = mem_strdup(cases[i].text);
        str_make_printable(text, strlen(text));
        assert_string_equal(text, cases[i].want);
        free(text);
    }
}

static void a_start_ends_between_two_characters(void **state)
{
    (void)state;
    assert_int_equal(str_fit("abc", 3), 3);
    assert_int_equal(str_fit("abc", 9), 3);
    assert_int_equal(str_fit("abc", 2), 2);
    assert_int_equal(str_fit("a\xc3\xbc", 2), 1);
    assert_int_equal(str_fit("a\xc3\xbc", 3), 3);
    assert_int_equal(str_fit("\xf0\x9f\x98\x80x", 3), 0);
    assert_int_equal(str_fit("", 5), 0);
}

static void a_character_is_decoded_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t len;
        uint32_t code;
    } cases[] = {
        {"a", 1, 'a'},
        {"\xc3\xbc", 2, 0xfc},
        {"\xe2\x86\x92", 3, 0x2192},
        {"\xf3\xa0\x81\x81", 4, 0xe0041},
        {"\xf0\x9f\x98", 0, 0},
        {"\xed\xa0\x80", 0, 0},
        {"\xff", 0, 0},
        {"\xc3", 0, 0},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        uint32_t code = 0;
        assert_int_equal(str_decode(cases[i].text, &code), cases[i].len);
        assert_true(cases[i].len == 0 || code == cases[i].code);
    }
}

static void a_scheme_is_known_in_any_case(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool starts;
    } cases[] = {
        {"http://x/", true},  {"HTTP://x/", true}, {"hTtP://", true},   {"http:/", false},
        {"https://x", false}, {"", false},         {"xhttp://", false},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(str_starts_as_scheme(cases[i].text, "http://"), cases[i].starts);
}

static void commands_to_a_ci_server_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at;
        bool is;
    } cases[] = {
        {"::error::x", 0, true},      {"a ::error::x", 2, true}, {"a\t::x", 2, true},
        {"\xc2\xa0::error", 2, true}, /* a blank that GitHub skips, too */
        {"[::1]", 1, false},          {"std::string", 3, false}, {"a:b", 1, false},
        {"x##[error]y", 1, true},     {"## [x]", 0, false},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(str_is_command(cases[i].text, cases[i].text + cases[i].at), cases[i].is);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distance_counts_edits),
        cmocka_unit_test(nearest_is_near_or_nothing),
        cmocka_unit_test(a_suggestion_names_the_nearest),
        cmocka_unit_test(utf8_is_told_from_other_bytes),
        cmocka_unit_test(control_characters_do_not_reach_a_terminal),
        cmocka_unit_test(a_start_ends_between_two_characters),
        cmocka_unit_test(a_character_is_decoded_or_none),
        cmocka_unit_test(a_scheme_is_known_in_any_case),
        cmocka_unit_test(commands_to_a_ci_server_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
