/* words: a text as the words that a shell would make of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cli/words.h"

static void quotes_hold_words_together(void **state)
{
    static const struct {
        const char *text, *want; /* each word in [] */
    } cases[] = {
        {"", ""},
        {" \t\n", ""},
        {"a", "[a]"},
        {"--strategy pool  --pool-size 2", "[--strategy][pool][--pool-size][2]"},
        {" a\tb\nc ", "[a][b][c]"},
        {"'a b' c", "[a b][c]"},
        {"\"a b\" c", "[a b][c]"},
        {"a'b c'd", "[ab cd]"},
        {"''", "[]"},
        {"a '' b", "[a][][b]"},
        {"\"\"'x'", "[x]"},
        {"a\\ b", "[a b]"},
        {"\\'a\\'", "['a']"},
        {"'a\\b'", "[a\\b]"},
        {"\"a\\\"b\"", "[a\"b]"},
        {"\"a\\\\b\"", "[a\\b]"},
        {"\"a\\b\"", "[a\\b]"},
        {"a\\", "[a\\]"},
        {"-H 'X: $HOME `ls` *'", "[-H][X: $HOME `ls` *]"},
        {"--cmd \"node 'my app.js' {port}\"", "[--cmd][node 'my app.js' {port}]"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct str_list words = {0};
        struct err err;
        struct buf got;
        buf_init(&got, BUF_TEXT_MAX);
        buf_puts(&got, "");
        assert_int_equal(words_split(cases[i].text, &words, &err), 0);
        for (size_t k = 0; k < words.count; k++)
            buf_printf(&got, "[%s]", words.items[k]);
        assert_string_equal(got.data == NULL ? "" : got.data, cases[i].want);
        buf_fini(&got);
        str_list_fini(&words);
    }
}

static void a_quote_must_be_closed(void **state)
{
    static const char *const cases[] = {"'", "\"", "a 'b", "a \"b\\\"", "a\"b'"};
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct str_list words = {0};
        struct err err = {0};
        assert_int_equal(words_split(cases[i], &words, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, "is not closed"));
        str_list_fini(&words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_hold_words_together),
        cmocka_unit_test(a_quote_must_be_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
