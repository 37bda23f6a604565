#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/text.h"
#include "support/report_styles.h"

static void width_is_in_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t want;
    } cases[] = {{"", 0}, {"abc", 3}, {"≥1 ms", 5}, {"│─│", 3}, {"grüße", 5}};
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(text_width(cases[i].text), cases[i].want);
}

static void numbers_are_grouped(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        const char *want;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1,000"},
                 {123456, "123,456"},
                 {-1234, "-1,234"},
                 {-123, "-123"},
                 {1234567, "1,234,567"},
                 {INT64_MAX, "9,223,372,036,854,775,807"}};
    for (size_t i = 0; i < LEN(cases); i++) {
        char text[32];
        assert_string_equal(text_grouped(cases[i].n, text, sizeof text), cases[i].want);
    }
}

static void nearly_all_is_not_all(void **state)
{
    (void)state;
    static const struct {
        int64_t part, whole;
        const char *want;
    } cases[] = {
        {0, 10, "0.00%"},           {1, 1000000, "<0.01%"},  {1, 120, "0.83%"},
        {9994, 100000, "9.99%"},    {9996, 100000, "10%"},   {43, 100, "43%"},
        {990, 1000, "99%"},         {9996, 10000, "99.96%"}, {999999, 1000000, ">99.99%"},
        {1000000, 1000000, "100%"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char text[32];
        assert_string_equal(text_share(cases[i].part, cases[i].whole, text, sizeof text),
                            cases[i].want);
    }
}

static void outside_text_cannot_drive_the_terminal(void **state)
{
    (void)state;
    static const struct {
        const struct report_style *style;
        const char *text, *want;
    } cases[] = {
        {&style_utf8, "plain", "plain"},
        {&style_utf8, "a\x1b[31mb\nc\rd\x7f", "a?[31mb?c?d?"},
        {&style_utf8,
         "\xc2\x9b"
         "31m",
         "?31m"}, /* CSI as a single C1 character */
        {&style_utf8, "grüße", "grüße"},
        {&style_ascii, "grüße", "gr??e"},
        {&style_utf8, "\xff\xfe", "??"},
        {&style_utf8, "\xc3", "?"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        text_safe(&out, cases[i].style, cases[i].text);
        assert_string_equal(out.data, cases[i].want);
        buf_fini(&out);
    }
}

static void entries_wrap_under_their_first_word(void **state)
{
    (void)state;
    char words[300] = "";
    struct buf out;
    for (size_t i = 0; i < 40; i++)
        memcpy(words + i * 7, "abcdef ", 8);
    buf_init(&out, BUF_TEXT_MAX);
    text_entry(&out, &style_ascii, PAINT_PLAIN, "label", words);
    size_t lines = 0;
    for (const char *line = out.data; *line != '\0'; lines++) {
        size_t len = strcspn(line, "\n");
        assert_in_range(len, 12, REPORT_WIDTH);
        assert_true(line[len - 1] != ' ');
        assert_memory_equal(line, lines == 0 ? "label      abcdef" : "           abcdef", 17);
        line += len + 1;
    }
    assert_int_equal(lines, 4);
    buf_fini(&out);
}

static void a_word_longer_than_the_line_is_kept_whole(void **state)
{
    (void)state;
    char url[700];
    struct buf out;
    memset(url, 'u', sizeof url - 1);
    url[sizeof url - 1] = '\0';
    buf_init(&out, BUF_TEXT_MAX);
    text_entry(&out, &style_ascii, PAINT_PLAIN, "label", url);
    assert_int_equal(out.len, 11 + strlen(url) + 1);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_is_in_characters),
        cmocka_unit_test(numbers_are_grouped),
        cmocka_unit_test(nearly_all_is_not_all),
        cmocka_unit_test(outside_text_cannot_drive_the_terminal),
        cmocka_unit_test(entries_wrap_under_their_first_word),
        cmocka_unit_test(a_word_longer_than_the_line_is_kept_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
