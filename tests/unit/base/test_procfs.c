#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/procfs.h"
#include "proc/threads.h"

static void a_stat_line_is_read_behind_any_name(void **state)
{
    static const char tail[] = "S 77 1 1 0 -1 4194560 1 2 3 4 150 25 7 8 20 0 9 0 4242 1000 321 9";
    static const struct {
        const char *head, *comm;
    } good[] = {
        {"12 (cat) ", "cat"},
        {"12 (a) R 1 2 (b) ", "a) R 1 2 (b"},
        {"12 () ", ""},
        {"12 (a name longer than fits) ", "a name longer t"},
    };
    static const char *const bad[] = {"",
                                      "12 cat S 1",
                                      "12 (cat)",
                                      "12 (cat) ",
                                      "12 (cat) S 1 2 3",
                                      "12 )cat( S 1",
                                      "12 (cat) S x"};
    (void)state;
    struct procfs_stat out;
    for (size_t i = 0; i < LEN(good); i++) {
        char *text = mem_printf("%s%s", good[i].head, tail);
        assert_int_equal(procfs_stat_parse(text, &out), 0);
        assert_string_equal(out.comm, good[i].comm);
        assert_int_equal(out.ppid, 77);
        assert_int_equal(out.user_ticks, 150);
        assert_int_equal(out.system_ticks, 25);
        assert_int_equal(out.waited_user_ticks, 7);
        assert_int_equal(out.waited_system_ticks, 8);
        assert_int_equal(out.threads, 9);
        assert_int_equal(out.start_ticks, 4242);
        assert_int_equal(out.rss_pages, 321);
        free(text);
    }
    for (size_t i = 0; i < LEN(bad); i++)
        assert_int_equal(procfs_stat_parse(bad[i], &out), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stat_line_is_read_behind_any_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
