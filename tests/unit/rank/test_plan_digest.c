#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rank/plan_digest.h"

#define PLAN "{\"url\":\"http://h/\",\"workers\":1,\"config\":{\"connections\":10,\"workers\":1}}"

static void digest(const char *printed, const struct str_list *files, char text[DIGEST_TEXT])
{
    struct err err;
    assert_int_equal(plan_digest(printed, files, text, &err), 0);
}

static void only_the_threads_of_a_host_may_differ(void **state)
{
    (void)state;
    static const char threads[] =
        "{\"url\":\"http://h/\",\"workers\":8,\"config\":{\"connections\":10,\"workers\":8}}";
    static const char connections[] =
        "{\"url\":\"http://h/\",\"workers\":1,\"config\":{\"connections\":11,\"workers\":1}}";
    const struct str_list none = {0};
    char a[DIGEST_TEXT], b[DIGEST_TEXT], c[DIGEST_TEXT];
    digest(PLAN, &none, a);
    digest(threads, &none, b);
    digest(connections, &none, c);
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
}

static void a_file_of_the_same_name_with_other_bytes_differs(void **state)
{
    (void)state;
    char path[] = "/tmp/test-plan-digest-XXXXXX";
    char a[DIGEST_TEXT], b[DIGEST_TEXT];
    struct str_list files = {0};
    struct err err = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    str_list_add(&files, path);
    assert_int_equal(write(fd, "one", 3), 3);
    digest(PLAN, &files, a);
    assert_int_equal(pwrite(fd, "two", 3, 0), 3);
    digest(PLAN, &files, b);
    assert_string_not_equal(a, b);
    (void)close(fd);
    (void)unlink(path);
    assert_int_equal(plan_digest(PLAN, &files, a, &err), -1);
    assert_non_null(strstr(err.text, path));
    str_list_fini(&files);
}

static void what_is_no_plan_is_refused(void **state)
{
    (void)state;
    const struct str_list none = {0};
    char text[DIGEST_TEXT];
    struct err err = {0};
    assert_int_equal(plan_digest("Usage:", &none, text, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_threads_of_a_host_may_differ),
        cmocka_unit_test(a_file_of_the_same_name_with_other_bytes_differs),
        cmocka_unit_test(what_is_no_plan_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
