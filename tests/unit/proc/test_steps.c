/* step: several programs at once, and the one that takes too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/step.h"

#define PATIENCE (60 * NS_PER_S)

static char shell[] = "/bin/sh";
static char option[] = "-c";

static char *folder; /* of a test; the programs run in it */

static int make_folder(void **state)
{
    (void)state;
    folder = mem_strdup("/tmp/bench-steps-XXXXXX");
    return mkdtemp(folder) == NULL || chdir(folder) < 0 ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const files[] = {"a", "b", "c", "pids"};
    for (size_t i = 0; i < LEN(files); i++)
        (void)unlink(files[i]);
    int failed = chdir("/") < 0 || rmdir(folder) < 0;
    free(folder);
    return failed ? -1 : 0;
}

static struct step_spec spec_of(char *const *argv, int64_t limit_ns)
{
    return (struct step_spec){.name = "sh", .argv = argv, .limit_ns = limit_ns};
}

static void one_that_fails_does_not_end_the_others(void **state)
{
    (void)state;
    static char scripts[][32] = {"echo one >a", "echo why >&2; exit 3", "echo three >c"};
    char *argv[3][4];
    struct step_spec specs[3];
    struct err ends[3];
    struct step_stop stop = {-1, true};
    for (size_t i = 0; i < 3; i++) {
        memcpy(argv[i], (char *[]){shell, option, scripts[i], NULL}, sizeof argv[i]);
        specs[i] = spec_of(argv[i], PATIENCE);
    }
    step_run_all(specs, 3, 2, ends, &stop);
    assert_int_equal(stop.signal, 0);
    assert_false(stop.is_hung);
    assert_int_equal(ends[0].kind, ERR_NONE);
    assert_int_equal(ends[1].kind, ERR_USAGE);
    assert_string_equal(ends[1].text, "sh failed (exit 3); its last lines:\nwhy");
    assert_int_equal(ends[2].kind, ERR_NONE);
    assert_int_equal(access("a", F_OK), 0);
    assert_int_equal(access("c", F_OK), 0);
}

/* Each waits until the file of the other is there, so neither can end alone. */
static void as_many_as_may_run_at_once(void **state)
{
    (void)state;
    static char scripts[][64] = {": >a; until [ -e b ]; do :; done",
                                 ": >b; until [ -e a ]; do :; done"};
    char *argv[2][4];
    struct step_spec specs[2];
    struct err ends[2];
    struct step_stop stop = {-1, true};
    for (size_t i = 0; i < 2; i++) {
        memcpy(argv[i], (char *[]){shell, option, scripts[i], NULL}, sizeof argv[i]);
        specs[i] = spec_of(argv[i], PATIENCE);
    }
    step_run_all(specs, 2, 2, ends, &stop);
    assert_int_equal(ends[0].kind, ERR_NONE);
    assert_int_equal(ends[1].kind, ERR_NONE);
}

/* Each fails if the one before it has not ended. */
static void and_no_more(void **state)
{
    (void)state;
    static char script[] =
        "mkdir a || exit 1; i=0; while [ $i -lt 2000 ]; do i=$((i + 1)); done; rmdir a";
    char *argv[] = {shell, option, script, NULL};
    struct step_spec specs[4];
    struct err ends[4];
    struct step_stop stop = {-1, true};
    for (size_t i = 0; i < 4; i++)
        specs[i] = spec_of(argv, PATIENCE);
    step_run_all(specs, 4, 1, ends, &stop);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(ends[i].kind, ERR_NONE);
}

static bool is_alive(long pid)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%ld", pid);
    return access(path, F_OK) == 0;
}

/* Both pids that the program wrote; false when its time was over before it had. */
static bool read_pids(long *own, long *child)
{
    char line[64] = "";
    char *end = NULL;
    FILE *file = fopen("pids", "re");
    if (file == NULL)
        return false;
    bool is_whole = fgets(line, sizeof line, file) != NULL && strchr(line, '\n') != NULL;
    (void)fclose(file);
    *own = strtol(line, &end, 10);
    *child = strtol(end, NULL, 10);
    return is_whole;
}

/* It and its child ignore SIGTERM, and neither is left. A busy machine is given more time. */
static void what_takes_too_long_is_killed_with_its_children(void **state)
{
    (void)state;
    static char script[] = "trap '' TERM; sleep 1000 & echo $$ $! >pids; wait; sleep 1000";
    char *argv[] = {shell, option, script, NULL};
    struct err err = {0};
    long own = 0;
    long child = 0;
    for (int64_t s = 1; s < 60 && !read_pids(&own, &child); s *= 2) {
        const struct step_spec spec = spec_of(argv, s * NS_PER_S);
        int signal = -1;
        assert_int_equal(step_run(&spec, &signal, &err), -1);
        assert_int_equal(signal, 0);
    }
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "sh did not finish in "));
    assert_true(own > 0 && child > 0);
    assert_false(is_alive(own) || is_alive(child));
}

static void after_one_that_hangs_no_more_are_started(void **state)
{
    (void)state;
    static char scripts[][32] = {"exec sleep 1000", ": >b", ": >c"};
    char *argv[3][4];
    struct step_spec specs[3];
    struct err ends[3];
    struct step_stop stop = {0};
    for (size_t i = 0; i < 3; i++) {
        memcpy(argv[i], (char *[]){shell, option, scripts[i], NULL}, sizeof argv[i]);
        specs[i] = spec_of(argv[i], i == 0 ? NS_PER_S : PATIENCE);
    }
    step_run_all(specs, 3, 1, ends, &stop);
    assert_true(stop.is_hung);
    assert_int_equal(stop.signal, 0);
    assert_string_equal(ends[0].text, "sh did not finish in 1 s and was stopped");
    for (size_t i = 1; i < 3; i++)
        assert_string_equal(ends[i].text, "sh was not started again after one that did not finish");
    assert_int_equal(access("b", F_OK), -1);
    assert_int_equal(access("c", F_OK), -1);
}

static void one_that_fails_in_silence_has_no_last_lines(void **state)
{
    (void)state;
    static char script[] = "exit 3";
    char *argv[] = {shell, option, script, NULL};
    const struct step_spec spec = spec_of(argv, PATIENCE);
    struct err err = {0};
    int signal = -1;
    assert_int_equal(step_run(&spec, &signal, &err), -1);
    assert_string_equal(err.text, "sh failed (exit 3) and said nothing");
}

static void of_none_nothing_runs(void **state)
{
    (void)state;
    struct step_stop stop = {-1, true};
    step_run_all(NULL, 0, 2, NULL, &stop);
    assert_int_equal(stop.signal, 0);
    assert_false(stop.is_hung);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_that_fails_does_not_end_the_others, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(as_many_as_may_run_at_once, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(and_no_more, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(what_takes_too_long_is_killed_with_its_children,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(after_one_that_hangs_no_more_are_started, make_folder,
                                        remove_folder),
        cmocka_unit_test(one_that_fails_in_silence_has_no_last_lines),
        cmocka_unit_test(of_none_nothing_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
