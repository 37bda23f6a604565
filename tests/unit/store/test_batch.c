/* batch and inputs: several files at once, links, and what may not be replaced. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "store/batch.h"
#include "store/file.h"

static char *folder; /* of a test; it runs in it */

static int make_folder(void **state)
{
    (void)state;
    folder = mem_strdup("/tmp/bench-batch-XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) < 0 ? -1 : 0;
}

/* A temporary file that is left makes it fail. */
static int remove_folder(void **state)
{
    (void)state;
    static const char *const files[] = {"a", "b", "link", "other", "new/a", "new/target"};
    for (size_t i = 0; i < LEN(files); i++)
        (void)unlink(files[i]);
    (void)rmdir("d");
    (void)rmdir("new");
    int failed = chdir("/") < 0 || rmdir(folder) < 0;
    free(folder);
    return failed ? -1 : 0;
}

static void put(const char *path, const char *text)
{
    struct err err = {0};
    assert_int_equal(store_file_write(path, text, strlen(text), &err), 0);
}

static void assert_holds(const char *path, const char *want)
{
    struct buf text;
    struct err err = {0};
    buf_init(&text, BUF_TEXT_MAX);
    assert_int_equal(store_file_read(path, &text, &err), 0);
    assert_string_equal(text.data, want);
    buf_fini(&text);
}

static void nothing_is_replaced_before_all_are_written(void **state)
{
    (void)state;
    struct batch b;
    struct err err = {0};
    put("a", "old");
    batch_init(&b, NULL);
    assert_int_equal(batch_add(&b, "a", "new", 3, &err), 0);
    assert_int_equal(batch_add(&b, "b", "new", 3, &err), 0);
    assert_holds("a", "old");
    assert_int_equal(access("b", F_OK), -1);
    assert_int_equal(batch_finish(&b, &err), 0);
    batch_fini(&b);
    assert_holds("a", "new");
    assert_holds("b", "new");
}

/* The second cannot be written: a folder has its name. */
static void one_that_cannot_be_written_leaves_all_as_they_were(void **state)
{
    (void)state;
    struct batch b;
    struct err err = {0};
    put("a", "old");
    assert_int_equal(mkdir("d", 0777), 0);
    batch_init(&b, NULL);
    assert_int_equal(batch_add(&b, "a", "new", 3, &err), 0);
    assert_int_equal(batch_add(&b, "d", "new", 3, &err), -1);
    assert_string_equal(err.text, "cannot write d: Is a directory");
    batch_fini(&b);
    assert_holds("a", "old");
}

static void a_folder_that_it_made_goes_with_it(void **state)
{
    (void)state;
    struct batch b;
    struct err err = {0};
    batch_init(&b, NULL);
    assert_int_equal(batch_folder(&b, "new", &err), 0);
    assert_int_equal(batch_add(&b, "new/a", "x", 1, &err), 0);
    batch_fini(&b);
    assert_int_equal(access("new", F_OK), -1);
    assert_int_equal(mkdir("d", 0777), 0);
    batch_init(&b, NULL);
    assert_int_equal(batch_folder(&b, "d", &err), 0);
    batch_fini(&b);
    assert_int_equal(access("d", F_OK), 0); /* it was there */
    batch_init(&b, NULL);
    assert_int_equal(batch_folder(&b, "new", &err), 0);
    assert_int_equal(batch_add(&b, "new/a", "x", 1, &err), 0);
    assert_int_equal(batch_finish(&b, &err), 0);
    batch_fini(&b);
    assert_holds("new/a", "x");
}

static void a_link_is_followed_also_to_what_is_not_there(void **state)
{
    (void)state;
    struct stat there;
    struct err err = {0};
    assert_int_equal(mkdir("new", 0777), 0);
    assert_int_equal(symlink("new/target", "link"), 0);
    put("link", "first");
    assert_holds("new/target", "first");
    put("link", "second");
    assert_holds("new/target", "second");
    assert_int_equal(lstat("link", &there), 0);
    assert_true(S_ISLNK(there.st_mode));
    assert_int_equal(symlink("other", "a"), 0);
    assert_int_equal(symlink("a", "other"), 0);
    assert_int_equal(store_file_write("a", "x", 1, &err), -1);
    assert_string_equal(err.text, "cannot write a: it is a link that leads back to itself");
    assert_int_equal(store_check_writable("a", &err), -1);
    assert_int_equal(lstat("a", &there), 0);
    assert_true(S_ISLNK(there.st_mode));
}

static void no_input_is_replaced_by_any_name(void **state)
{
    (void)state;
    struct inputs inputs;
    struct batch b;
    struct err err = {0};
    char *paths[] = {(char[]){"missing"}, (char[]){"a"}, (char[]){"/dev/null"}};
    put("a", "input");
    put("b", "free");
    assert_int_equal(symlink("a", "link"), 0);
    assert_int_equal(link("a", "other"), 0);
    inputs_of(&inputs, paths, LEN(paths));
    static const char *const names[] = {"a", "./a", "link", "other"};
    for (size_t i = 0; i < LEN(names); i++) {
        batch_init(&b, &inputs);
        assert_int_equal(batch_add(&b, names[i], "x", 1, &err), -1);
        batch_fini(&b);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, "would replace a, which was given to be read"));
    }
    assert_holds("a", "input");
    assert_int_equal(inputs_check(&inputs, "b", &err), 0);
    assert_int_equal(inputs_check(&inputs, "missing", &err), 0);
    assert_int_equal(inputs_check(&inputs, "/dev/null", &err), 0);
    assert_int_equal(inputs_check(NULL, "a", &err), 0);
    inputs_fini(&inputs);
}

static int is_blocked(int number)
{
    sigset_t now;
    assert_int_equal(pthread_sigmask(SIG_BLOCK, NULL, &now), 0);
    return sigismember(&now, number);
}

/* One that came meanwhile would leave the temporary file. */
static void signals_wait_until_it_is_done(void **state)
{
    (void)state;
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct batch b;
    struct err err = {0};
    batch_init(&b, NULL);
    assert_int_equal(batch_add(&b, "a", "x", 1, &err), 0);
    for (size_t i = 0; i < LEN(numbers); i++)
        assert_int_equal(is_blocked(numbers[i]), 1);
    assert_int_equal(batch_finish(&b, &err), 0);
    batch_fini(&b);
    for (size_t i = 0; i < LEN(numbers); i++)
        assert_int_equal(is_blocked(numbers[i]), 0);
    batch_init(&b, NULL); /* a pipe may wait for ever for its reader */
    assert_int_equal(batch_add(&b, "/dev/null", "x", 1, &err), 0);
    assert_int_equal(is_blocked(SIGINT), 0);
    assert_int_equal(batch_finish(&b, &err), 0);
    batch_fini(&b);
}

static void a_device_that_is_full_keeps_the_files(void **state)
{
    (void)state;
    struct batch b;
    struct err err = {0};
    put("a", "old");
    batch_init(&b, NULL);
    assert_int_equal(batch_add(&b, "a", "new", 3, &err), 0);
    assert_int_equal(batch_add(&b, "/dev/full", "new", 3, &err), 0);
    assert_int_equal(batch_finish(&b, &err), -1);
    assert_string_equal(err.text, "cannot write /dev/full: No space left on device");
    batch_fini(&b);
    assert_holds("a", "old");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(nothing_is_replaced_before_all_are_written),
        IN_FOLDER(one_that_cannot_be_written_leaves_all_as_they_were),
        IN_FOLDER(a_folder_that_it_made_goes_with_it),
        IN_FOLDER(a_link_is_followed_also_to_what_is_not_there),
        IN_FOLDER(no_input_is_replaced_by_any_name),
        IN_FOLDER(signals_wait_until_it_is_done),
        IN_FOLDER(a_device_that_is_full_keeps_the_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
