#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/shell_word.h"

static void a_word_stays_one_word(void **state)
{
    (void)state;
    static const struct {
        const char *word, *shell;
    } cases[] = {
        {"results/a-1.json", "results/a-1.json"},
        {"", "''"},
        {"a b", "'a b'"},
        {"$(x)", "'$(x)'"},
        {"it's", "'it'\\''s'"},
        {"\xc3\xbc", "'\xc3\xbc'"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        shell_word(&out, cases[i].word);
        assert_string_equal(out.data, cases[i].shell);
        buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_stays_one_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
