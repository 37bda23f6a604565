#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "store/listing.h"

static char folder[] = "/tmp/bench-listing-XXXXXX";

static char *within(const char *name)
{
    return mem_printf("%s/%s", folder, name);
}

static void make_file(const char *name)
{
    char *path = within(name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    (void)fclose(file);
    free(path);
}

static int set_up(void **state)
{
    (void)state;
    char *sub = NULL;
    char *pipe = NULL;
    assert_non_null(mkdtemp(folder));
    make_file("b.json");
    make_file("a.json");
    make_file(".hidden.json");
    make_file("notes.txt");
    sub = within("folder.json");
    pipe = within("pipe.json");
    assert_int_equal(mkdir(sub, 0700), 0);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    free(sub);
    free(pipe);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const files[] = {"b.json", "a.json", ".hidden.json", "notes.txt",
                                        "pipe.json"};
    for (size_t i = 0; i < LEN(files); i++) {
        char *path = within(files[i]);
        (void)unlink(path);
        free(path);
    }
    char *sub = within("folder.json");
    (void)rmdir(sub);
    free(sub);
    return rmdir(folder);
}

static void names_come_sorted(void **state)
{
    (void)state;
    static const char *const want[] = {"a.json", "b.json", "folder.json", "pipe.json"};
    struct str_list names = {0};
    struct err err;
    assert_int_equal(store_list(folder, ".json", 4, &names, &err), 0);
    assert_int_equal(names.count, LEN(want));
    for (size_t i = 0; i < LEN(want); i++)
        assert_string_equal(names.items[i], want[i]);
    str_list_fini(&names);
}

static void too_many_are_refused(void **state)
{
    (void)state;
    struct str_list names = {0};
    struct err err;
    assert_int_equal(store_list(folder, ".json", 3, &names, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "at most 3 files named *.json"));
    str_list_fini(&names);
    assert_int_equal(store_list("/tmp/bench-no-such-folder", ".json", 3, &names, &err), -1);
    assert_non_null(strstr(err.text, "No such file"));
    str_list_fini(&names);
}

static void files_are_told_from_others(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool is_file;
    } cases[] = {{"a.json", true}, {"folder.json", false}, {"pipe.json", false}, {"none", false}};
    char *a = within("a.json");
    for (size_t i = 0; i < LEN(cases); i++) {
        char *path = within(cases[i].name);
        assert_int_equal(store_is_file(path), cases[i].is_file);
        assert_int_equal(store_is_same(a, path), i == 0);
        free(path);
    }
    free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_sorted),
        cmocka_unit_test(too_many_are_refused),
        cmocka_unit_test(files_are_told_from_others),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
