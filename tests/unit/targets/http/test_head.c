#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "targets/http/head.h"

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool add_name(struct head *h, const char *name, size_t len, size_t piece)
{
    bool is_good = true;
    for (size_t at = 0; is_good && at < len; at += piece)
        is_good = head_add_name(h, name + at, smaller(len - at, piece));
    return is_good;
}

static void add_value(struct head *h, const char *value, size_t len, size_t piece)
{
    if (len == 0)
        head_add_value(h, value, 0);
    for (size_t at = 0; at < len; at += piece)
        head_add_value(h, value + at, smaller(len - at, piece));
}

/* Adds "Name: value" lines, in pieces of so many bytes; false for a bad name. */
static bool add_lines(struct head *h, const char *lines, size_t piece)
{
    head_begin(h);
    while (*lines != '\0') {
        size_t name = strcspn(lines, ":");
        const char *value = lines + name + 1 + strspn(lines + name + 1, " ");
        size_t len = strcspn(value, "\n");
        if (!add_name(h, lines, name, piece))
            return false;
        add_value(h, value, len, piece);
        lines = value + len + (value[len] == '\n' ? 1 : 0);
    }
    return true;
}

static void heads_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        unsigned major, minor;
        int want;
    } cases[] = {
        {"Host: a", 1, 1, 0},
        {"hOST: a:80", 1, 1, 0},
        {"Host: a  ", 1, 1, 0},
        {"Host: [::1]:80", 1, 1, 0},
        {"Host: a", 1, 0, 0},
        {"", 1, 0, 0},
        {"Host: a", 1, 9, 0},
        {"", 1, 1, 400},
        {"Host:", 1, 1, 400},
        {"Host:", 1, 0, 400},
        {"Host: a b/c", 1, 1, 400},
        {"Host: a\nHost: a", 1, 1, 400},
        {"Host: a\nHost: a", 1, 0, 400},
        {"Host: a\nHost:", 1, 1, 400},
        {"Hosts: a", 1, 1, 400},
        {"Host : a", 1, 1, 400},
        {" Host: a", 1, 1, 400},
        {"Host: a\nContent-Length : 2", 1, 1, 400},
        {"Host: a\nX\tY: 2", 1, 1, 400},
        {"Host: a", 2, 0, 505},
        {"", 2, 0, 505},
        {"", 0, 9, 505},
        {"Host: a\nTransfer-Encoding: chunked", 1, 1, 0},
        {"Host: a\nTransfer-Encoding: ChunkeD , ", 1, 1, 0},
        {"Host: a\nTransfer-Encoding: gzip", 1, 1, 501},
        {"Host: a\nTransfer-Encoding: gzip, chunked", 1, 1, 501},
        {"Host: a\nTransfer-Encoding: gzip\nTransfer-Encoding: chunked", 1, 1, 501},
        {"Host: a\nTransfer-Encoding: chunked, identity", 1, 1, 501},
        {"Host: a\nTransfer-Encoding: xchunked", 1, 1, 501},
        {"Host: a\nTransfer-Encoding: chunked;q=1", 1, 1, 501},
        {"Host: a\nTransfer-Encoding: chunked, chunked", 1, 1, 400},
        {"Host: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked", 1, 1, 400},
        {"Host: a\nTransfer-Encoding:", 1, 1, 400},
        {"Host: a\nTransfer-Encoding: chunked", 1, 0, 400},
        {"Transfer-Encoding: gzip", 1, 1, 400}, /* the Host is judged first */
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        for (size_t piece = 1; piece < 40; piece += 6) {
            struct head h;
            const char *why = NULL;
            int got = add_lines(&h, cases[i].lines, piece)
                          ? head_check(&h, cases[i].major, cases[i].minor, &why)
                          : 400;
            if (got != cases[i].want)
                fail_msg("'%s' by %zu: %d", cases[i].lines, piece, got);
        }
    }
}

static void values_are_kept(void **state)
{
    (void)state;
    struct head h;
    const char *why = NULL;
    assert_true(add_lines(&h,
                          "Host: LocalHost:80\nX: y\nOrigin: http://a \nOrigin: http://b\n"
                          "Sec-Fetch-Site: cross-site",
                          3));
    assert_int_equal(head_check(&h, 1, 1, &why), 0);
    assert_string_equal(head_text(&h, HEAD_HOST), "LocalHost");
    assert_string_equal(head_text(&h, HEAD_ORIGIN), "http://a , http://b");
    assert_string_equal(head_text(&h, HEAD_FETCH_SITE), "cross-site");
    assert_string_equal(head_text(&h, HEAD_FETCH_DEST), "");
}

static void a_long_host_is_bad(void **state)
{
    (void)state;
    char lines[1000] = "Host: ";
    struct head h;
    const char *why = NULL;
    memset(lines + 6, 'x', 900);
    assert_true(add_lines(&h, lines, 7));
    assert_int_equal(head_check(&h, 1, 1, &why), 400);
}

static void long_codings_are_bad(void **state)
{
    (void)state;
    char lines[400] = "Host: a\nTransfer-Encoding: chunked";
    size_t len = strlen(lines);
    struct head h;
    const char *why = NULL;
    memset(lines + len, ' ', 350);
    memcpy(lines + len + 340, ", gzip", 7);
    assert_true(add_lines(&h, lines, 7));
    assert_int_equal(head_check(&h, 1, 1, &why), 501);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_are_judged),
        cmocka_unit_test(values_are_kept),
        cmocka_unit_test(a_long_host_is_bad),
        cmocka_unit_test(long_codings_are_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
