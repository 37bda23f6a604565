#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/tail.h"
#include "support/bounded.h"

static void the_tail_keeps_what_fits(void **state)
{
    static char text[TAIL_BYTES + 1];
    static struct tail t;
    (void)state;
    tail_text(&t, text);
    assert_string_equal(text, "");
    tail_add(&t, "gr\xc3\xbc\xc3\x9f\x65\n", 8);
    tail_text(&t, text);
    assert_string_equal(text, "gr\xc3\xbc\xc3\x9f\x65");
    tail_add(&t, "\xff\x1b[31m", 6);
    tail_text(&t, text);
    assert_string_equal(text, "gr????e\n??[31m");
    for (size_t i = 0; i < (size_t)3 * TAIL_BYTES; i++)
        tail_add(&t, "z", 1);
    tail_text(&t, text); /* one line longer than the ring */
    assert_int_equal(strlen(text), TAIL_BYTES);
    assert_int_equal(strspn(text, "z"), TAIL_BYTES);
    tail_add(&t, "\nlast", 5);
    tail_text(&t, text); /* the long line lost its beginning, so it is left out */
    assert_string_equal(text, "last");
}

static void the_last_lines_are_whole(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t room;
        const char *want;
    } cases[] = {{"", 0, ""},
                 {"one\ntwo", 7, "one\ntwo"},
                 {"one\ntwo", 6, "two"},
                 {"one\ntwo", 4, "two"},
                 {"one\ntwo", 3, "two"}, /* the line begins where the room does */
                 {"one\ntwo", 2, "wo"},
                 {"one\ntwo", 0, ""},
                 {"a\nb\nc", 4, "b\nc"},
                 {"gr\xc3\xbc\xc3\x9f", 3, "\xc3\x9f"}}; /* no half of a character */
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(tail_last_lines(cases[i].text, cases[i].room), cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(the_tail_keeps_what_fits),
        BOUNDED(the_last_lines_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
