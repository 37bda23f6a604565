/* Words in one text, and out of it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/word_pack.h"

static void words_come_back_as_they_were(void **state)
{
    static const char *const words[] = {"", "run", "two words", "3:a,", "line\nline", "\xc3\xa4,:"};
    (void)state;
    struct str_list list = {0};
    struct str_list back = {0};
    struct err err;
    for (size_t i = 0; i < LEN(words); i++)
        str_list_add(&list, words[i]);
    char *text = word_pack(&list);
    assert_int_equal(word_unpack(text, &back, &err), 0);
    assert_int_equal(back.count, LEN(words));
    for (size_t i = 0; i < LEN(words); i++)
        assert_string_equal(back.items[i], words[i]);
    free(text);
    str_list_fini(&back);
    str_list_fini(&list);
}

static void none_is_an_empty_text(void **state)
{
    (void)state;
    struct str_list list = {0};
    struct err err;
    char *text = word_pack(&list);
    assert_string_equal(text, "");
    assert_int_equal(word_unpack(text, &list, &err), 0);
    assert_int_equal(list.count, 0);
    free(text);
}

/* A variable of the environment may be anything. */
static void what_is_not_packed_is_refused(void **state)
{
    static const char *const texts[] = {"x",    "3",     "3:ab", "3:ab,", "3:abc",
                                        "-1:,", "1:a,x", "1:a;", " 1:a,", "99999999999999999999:a,",
                                        ":,",   "2:a,"};
    (void)state;
    for (size_t i = 0; i < LEN(texts); i++) {
        struct str_list list = {0};
        struct err err;
        assert_int_equal(word_unpack(texts[i], &list, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, "these are no packed words"));
        str_list_fini(&list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_come_back_as_they_were),
        cmocka_unit_test(none_is_an_empty_text),
        cmocka_unit_test(what_is_not_packed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
