#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "feed/feed.h"

static char path[64];

static void write_file(const char *bytes, size_t len)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static int make_path(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/bench-test-feed-%d", (int)getpid());
    return 0;
}

static int remove_file(void **state)
{
    (void)state;
    (void)unlink(path);
    return 0;
}

static struct feed *open_good(const char *text)
{
    struct err err;
    write_file(text, strlen(text));
    struct feed *f = feed_open(path, &err);
    if (f == NULL)
        fail_msg("%s", err.text);
    if (feed_check(f, &err) < 0)
        fail_msg("%s", err.text);
    return f;
}

static void value_is(const struct feed_cursor *c, size_t column, const char *want)
{
    size_t len = 0;
    const char *value = feed_value(c, column, &len);
    assert_non_null(value);
    assert_int_equal(len, strlen(want));
    assert_memory_equal(value, want, len);
}

static void values_lose_their_quotes(void **state)
{
    (void)state;
    struct feed *f = open_good("\xef\xbb\xbfid,\"na\"\"me\"\r\n1,\"a,b\"\r\n\r\n2,\"say \"\"x\"\"\n"
                               "twice\"\r\n\"\",\n");
    assert_int_equal(feed_columns(f), 2);
    assert_string_equal(feed_column(f, 0), "id");
    assert_string_equal(feed_column(f, 1), "na\"me");
    struct feed_cursor *c = feed_cursor_new(f, 0, 1);
    static const char *const want[][2] = {
        {"1", "a,b"}, {"2", "say \"x\"\ntwice"}, {"", ""}, {"1", "a,b"}};
    for (size_t i = 0; i < LEN(want); i++) {
        assert_true(feed_next(c));
        value_is(c, 0, want[i][0]);
        value_is(c, 1, want[i][1]);
    }
    feed_cursor_free(c);
    feed_close(f);
}

/* Three threads and seven rows: each row is taken by one of them, in turn, also after the end. */
static void rows_go_round_all_threads(void **state)
{
    (void)state;
    struct feed *f = open_good("n\n0\n1\n2\n3\n4\n5\n6");
    struct feed_cursor *cursors[3];
    for (size_t j = 0; j < LEN(cursors); j++)
        cursors[j] = feed_cursor_new(f, j, LEN(cursors));
    for (size_t k = 0; k < 50; k++) {
        char want[8];
        (void)snprintf(want, sizeof want, "%zu", k % 7);
        assert_true(feed_next(cursors[k % LEN(cursors)]));
        value_is(cursors[k % LEN(cursors)], 0, want);
    }
    for (size_t j = 0; j < LEN(cursors); j++)
        feed_cursor_free(cursors[j]);
    feed_close(f);
}

/* More than one window, and rows that lie across its ends. */
static void a_long_file_is_read_through_the_window(void **state)
{
    (void)state;
    struct buf text;
    char line[128];
    size_t rows = 40000;
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(&text, "n,m\n");
    for (size_t i = 0; i < rows; i++)
        buf_printf(&text, "%zu,\"%zu\nand %zu\"\n", i, i, i);
    assert_true(text.len > 2 * FEED_ROW_MAX);
    struct feed *f = open_good(text.data);
    struct feed_cursor *c = feed_cursor_new(f, 1, 3);
    for (size_t k = 1; k < 2 * rows; k += 3) {
        size_t row = k % rows;
        assert_true(feed_next(c));
        (void)snprintf(line, sizeof line, "%zu\nand %zu", row, row);
        value_is(c, 1, line);
    }
    feed_cursor_free(c);
    feed_close(f);
    buf_fini(&text);
}

/* A file that is shortened under a run gives rows without values, and no crash. */
static void a_file_that_is_cut_has_no_values(void **state)
{
    (void)state;
    size_t len = 0;
    struct feed *f = open_good("a,b\n1,2\n3,4\n");
    struct feed_cursor *c = feed_cursor_new(f, 0, 1);
    write_file("a,b\n1", 5);
    assert_true(feed_next(c));
    value_is(c, 0, "1");
    assert_null(feed_value(c, 1, &len));
    write_file("", 0);
    assert_false(feed_next(c));
    assert_null(feed_value(c, 0, &len));
    feed_cursor_free(c);
    feed_close(f);
}

static void expect_error(const char *bytes, size_t len, const char *want)
{
    struct err err = {0};
    write_file(bytes, len);
    struct feed *f = feed_open(path, &err);
    if (f != NULL)
        assert_int_equal(feed_check(f, &err), -1);
    feed_close(f);
    assert_int_equal(err.kind, ERR_USAGE);
    if (strstr(err.text, path) == NULL || strstr(err.text, want) == NULL)
        fail_msg("'%s' and not '%s'", err.text, want);
}

static void errors_name_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", " is empty;"},
        {"\n\r\n", " is empty;"},
        {"a,b\n", " has a header line and no row"},
        {"a,b\n1,2\n3\n", ":3:2: 1 value, and the header line names 2 columns"},
        {"a,b\n1,2,3\n", ":2:6: 3 values, and the header line names 2 columns"},
        {"a\n\"x\ny\",z\n", ":3:5: 2 values, and the header line names 1 column"},
        {"a,,c\n", ":1:3: a column without a name"},
        {"a,\n", ":1:3: a column without a name"},
        {"a,b,a\n", ":1:5: a second column of this name"},
        {"a,{b}\n", ":1:3: the name of a column cannot have braces"},
        {"seq\n1\n", ":1:1: this name is that of a placeholder"},
        {"a,b\n1,2\"3\"\n", ":2:4: a quote inside a value"},
        {"a,b\n\"1\" ,2\n", ":2:4: a comma or the end of the line must follow"},
        {"a,b\n1,\"2\n3\n", ":2:3: this quote is not closed"},
        {"\xff\xfe"
         "a\n",
         ":1:1: this is UTF-16"},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        expect_error(cases[i].text, strlen(cases[i].text), cases[i].want);
    expect_error("a,b\n1,\0\n", 9, ":2:3: a NUL byte");
}

static void a_row_has_an_end(void **state)
{
    (void)state;
    size_t len = FEED_ROW_MAX + 100;
    char *text = mem_zalloc(len);
    memset(text, 'x', len);
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes, no text */
    memcpy(text, "a\n1\n\"", 5);
    expect_error(text, len, ":3:1: this row is longer than 256 KiB; is a quote not closed?");
    free(text);
}

static void only_files_can_be_read_again(void **state)
{
    (void)state;
    struct err err;
    assert_null(feed_open("/dev/null", &err));
    assert_string_equal(err.text, "/dev/null is not a regular file; a feed is read again and "
                                  "again, so save it to one first");
    assert_null(feed_open("/nowhere/x.csv", &err));
    assert_string_equal(err.text, "cannot read /nowhere/x.csv: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_lose_their_quotes),
        cmocka_unit_test(rows_go_round_all_threads),
        cmocka_unit_test(a_long_file_is_read_through_the_window),
        cmocka_unit_test(a_file_that_is_cut_has_no_values),
        cmocka_unit_test(errors_name_the_place),
        cmocka_unit_test(a_row_has_an_end),
        cmocka_unit_test(only_files_can_be_read_again),
    };
    return cmocka_run_group_tests(tests, make_path, remove_file);
}
