#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/comment.h"
#include "support/count_of.h"

static const struct comment_look plain = {NULL, 0};

static void a_page_in_its_order(void **state)
{
    (void)state;
    static const char *const loud[] = {"FAIL", NULL};
    struct str_list texts = {0};
    struct comment m;
    struct buf out;
    struct table t;
    buf_init(&out, BUF_TEXT_MAX);
    table_init(&t, 3);
    for (size_t i = 0; i < 3; i++)
        table_cell(&t, (const char *const[]){"gate", "x", "word"}[i]);
    for (size_t i = 0; i < 3; i++)
        table_cell(&t, (const char *const[]){"p99", "1", "FAIL"}[i]);
    str_list_add(&texts, "one\ntwo");
    comment_begin(&m, &out, 0);
    comment_lead(&m, " p99\n3 ms \n");
    comment_table(&m, &t, &(struct comment_look){loud, 1U << 2});
    comment_fold(&m, "Notes");
    comment_list(&m, &texts, COMMENT_NUMBERED);
    comment_fold(&m, "More");
    comment_text(&m, "- none");
    comment_fence(&m, "a\nb");
    comment_end(&m);
    assert_string_equal(out.data, "**p99 3 ms**\n\n| gate | x | word |\n|---|--:|---|\n"
                                  "| p99 | 1 | **FAIL** |\n"
                                  "\n<details><summary>Notes</summary>\n\n1. one<br>two\n"
                                  "\n</details>\n"
                                  "\n<details><summary>More</summary>\n\n&#45; none\n"
                                  "\n```text\na\nb\n```\n\n</details>\n");
    str_list_fini(&texts);
    table_fini(&t);
    buf_fini(&out);
}

/* Of what each page is made: rows that are all the same. */
static void add_rows(struct comment *m, size_t rows, const char *cell)
{
    struct table t;
    table_init(&t, 2);
    table_cell(&t, "arm");
    table_cell(&t, "p99");
    for (size_t i = 0; i < 2 * rows; i++)
        table_cell(&t, cell);
    comment_table(m, &t, &plain);
    table_fini(&t);
}

static void rows_beyond_the_limit_are_counted(void **state)
{
    (void)state;
    struct comment m;
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    comment_begin(&m, &out, 0);
    add_rows(&m, COMMENT_ROWS, "a");
    assert_null(strstr(out.data, "left out"));
    add_rows(&m, COMMENT_ROWS + 1, "a");
    assert_non_null(strstr(out.data, "\n*1 more row is left out.*\n"));
    add_rows(&m, 10000, "a");
    comment_end(&m);
    assert_non_null(strstr(out.data, "\n*9950 more rows are left out.*\n"));
    expect_count(out.data, "\n| a | a |", 3 * (size_t)COMMENT_ROWS);
    assert_null(strstr(out.data, "Cut to"));
    buf_fini(&out);
}

/* Every character is the worst that can be: six bytes, ten with what breaks a reference. */
static void it_never_passes_its_bytes(void **state)
{
    (void)state;
    static const size_t most[] = {0, 60000, 5000, 1200, 900};
    char *hostile = mem_array(10001, 1);
    memset(hostile, '@', 10000);
    for (size_t i = 0; i < LEN(most); i++) {
        struct str_list texts = {0};
        struct comment m;
        struct buf out;
        size_t before = strlen("before\n");
        for (int k = 0; k < 200; k++)
            str_list_add(&texts, hostile);
        buf_init(&out, BUF_TEXT_MAX);
        buf_puts(&out, "before\n");
        comment_begin(&m, &out, most[i]);
        comment_lead(&m, hostile);
        add_rows(&m, 200, hostile);
        for (int k = 0; k < 5; k++) {
            comment_fold(&m, hostile);
            comment_list(&m, &texts, COMMENT_BULLETS);
            comment_text(&m, hostile);
            comment_fence(&m, hostile);
            add_rows(&m, 200, hostile);
        }
        comment_end(&m);
        assert_true(out.len - before <= (most[i] == 0 ? COMMENT_BYTES : most[i]));
        assert_memory_equal(out.data, "before\n**&#64;", before + 7);
        assert_non_null(strstr(out.data, "Cut to what fits"));
        expect_count(out.data, "</details>", count_of(out.data, "<details>"));
        expect_count(out.data, "@", 0);
        str_list_fini(&texts);
        buf_fini(&out);
    }
    free(hostile);
}

/* It is cut between two lines, and its fence is closed. */
static void a_long_block_is_cut_at_a_line(void **state)
{
    (void)state;
    struct comment m;
    struct buf out;
    struct buf text;
    buf_init(&out, BUF_TEXT_MAX);
    buf_init(&text, BUF_TEXT_MAX);
    for (int i = 0; i < 10000; i++)
        buf_printf(&text, "line %05d ```\n", i);
    comment_begin(&m, &out, 0);
    comment_fence(&m, text.data);
    comment_end(&m);
    assert_true(out.len <= COMMENT_BYTES && out.len > COMMENT_BYTES / 2);
    expect_count(out.data, "````text\n", 1);
    expect_count(out.data, " ```\n````\n\n*Cut to", 1);
    buf_fini(&text);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_in_its_order),
        cmocka_unit_test(rows_beyond_the_limit_are_counted),
        cmocka_unit_test(it_never_passes_its_bytes),
        cmocka_unit_test(a_long_block_is_cut_at_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
