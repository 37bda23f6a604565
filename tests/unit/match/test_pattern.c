/* pattern: what an expression finds, what is wrong with one, and that a search ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "match/pattern.h"

static struct pattern *made(const char *text)
{
    struct err err = {0};
    struct pattern *p = pattern_new(text, strlen(text), &err);
    if (p == NULL)
        fail_msg("%s", err.text);
    return p;
}

static enum pattern_found find(const char *text, const char *bytes, size_t len,
                               struct pattern_part *part)
{
    struct pattern *p = made(text);
    struct pattern_room *room = pattern_room_new();
    enum pattern_found found = pattern_find(p, room, bytes, len, part);
    pattern_room_free(room);
    pattern_free(p);
    return found;
}

static void a_part_is_the_first_group_or_all(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text, *part; /* NULL: it is absent */
    } cases[] = {
        {"b+", "abbbc", "bbb"},
        {"b", "", NULL},
        {"", "", ""},
        {"^$", "", ""},
        {"a(b*)c(d)", "xabbcd", "bb"},
        {"a(b*)c", "ac", ""},
        {"token\":\"([^\"]+)", "{\"token\":\"x y\"}", "x y"},
        {"(?:a)b", "ab", "ab"},
        {"(?i)TOKEN", "token", "token"},
        {"^b", "a\nb", NULL},
        {"(?m)^b", "a\nb", "b"},
        {"a.b", "a\nb", NULL},
        {"(?s)a.b", "a\nb", "a\nb"},
        {"x\\Ky", "xy", "y"},
        {"\\xff", "\xff", "\xff"},
        {"^.$", "\xc3\xa4", NULL}, /* bytes, not characters */
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct pattern_part part = {0};
        enum pattern_found found =
            find(cases[i].pattern, cases[i].text, strlen(cases[i].text), &part);
        if (cases[i].part == NULL) {
            assert_int_equal(found, PATTERN_ABSENT);
            continue;
        }
        assert_int_equal(found, PATTERN_FOUND);
        if (part.len != strlen(cases[i].part) || memcmp(part.at, cases[i].part, part.len) != 0)
            fail_msg("%s finds '%.*s'", cases[i].pattern, (int)part.len, part.at);
    }
}

static void a_group_may_take_no_part(void **state)
{
    (void)state;
    struct pattern_part part = {.at = "x", .len = 1};
    assert_int_equal(find("(a)|b", "b", 1, &part), PATTERN_FOUND);
    assert_null(part.at);
}

/* The search goes on in steps: a match may begin, and end, in any of them. */
static void a_match_may_be_anywhere_in_a_long_text(void **state)
{
    (void)state;
    const size_t len = (size_t)1 << 20;
    char *text = mem_array(len + 1, 1);
    memset(text, '.', len);
    struct pattern *p = made("<([a-z]*?)[.]*>");
    struct pattern_room *room = pattern_room_new();
    for (size_t at = 0; at < len; at = at * 3 + 1) {
        struct pattern_part part = {0};
        /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes, no text */
        memcpy(text + (at + 3 < len ? at : len - 3), "<b>", 3);
        assert_int_equal(pattern_find(p, room, text, len, &part), PATTERN_FOUND);
        assert_ptr_equal(part.at, text + (at + 3 < len ? at : len - 3) + 1);
        assert_int_equal(part.len, 1);
        memset(text + (at + 3 < len ? at : len - 3), '.', 3);
    }
    assert_int_equal(pattern_find(p, room, text, len, NULL), PATTERN_ABSENT);
    pattern_room_free(room);
    pattern_free(p);
    free(text);
}

/* Each of these takes hours without a limit: in one place, or over all of them. */
static void a_search_without_end_gives_up(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        size_t len;
    } cases[] = {
        {"(a+)+$", 40},         {"(a+)+$", 1 << 20},
        {"(a|aa)+$", 1 << 20},  {"(?:.*?a){20}[cd]", 1 << 20},
        {"a(?=.*[cd])", 99000}, {"(?=a[ab]*[cd])a", 1 << 20},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = mem_array(cases[i].len, 1);
        memset(text, 'a', cases[i].len);
        text[cases[i].len - 1] = 'b';
        int64_t begun_ns = clock_now_ns();
        if (find(cases[i].pattern, text, cases[i].len, NULL) != PATTERN_GAVE_UP)
            fail_msg("%s gives an answer", cases[i].pattern);
        assert_true(clock_now_ns() - begun_ns < 60 * NS_PER_S);
        free(text);
    }
}

static void an_error_has_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
    } cases[] = {
        {"(a", "'(a' is not a regular expression: missing closing parenthesis, at character 3"},
        {"a)", "'a)' is not a regular expression: unmatched closing parenthesis, at character 2"},
        {"*", "at character 1"},
        {"[z-a]", "at character 4"},
        {"(*UTF)a", "at character 7"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        assert_null(pattern_new(cases[i].pattern, strlen(cases[i].pattern), &err));
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].text) == NULL)
            fail_msg("%s", err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_is_the_first_group_or_all),
        cmocka_unit_test(a_group_may_take_no_part),
        cmocka_unit_test(a_match_may_be_anywhere_in_a_long_text),
        cmocka_unit_test(a_search_without_end_gives_up),
        cmocka_unit_test(an_error_has_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
