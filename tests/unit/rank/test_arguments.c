#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rank/arguments.h"
#include "runner/fleet_command.h"

#define WORDS_MAX 24

/* The words behind "bench-rank", NULL at the end. */
static int take(struct arguments *a, const char *const *words, struct err *err)
{
    char *argv[WORDS_MAX] = {mem_strdup("bench-rank")};
    int argc = 1;
    for (; words[argc - 1] != NULL; argc++)
        argv[argc] = mem_strdup(words[argc - 1]);
    char *copies[WORDS_MAX];
    memcpy(copies, argv, sizeof argv); /* getopt permutes argv */
    int failed = arguments_take(a, argc, argv, err);
    for (int i = 0; i < argc; i++)
        free(copies[i]);
    return failed;
}

static void assert_words(const struct str_list *list, const char *const *want)
{
    size_t i = 0;
    for (; want[i] != NULL; i++) {
        assert_true(i < list->count);
        assert_string_equal(list->items[i], want[i]);
    }
    assert_int_equal(list->count, i);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void the_load_and_what_is_shown_are_told_apart(void **state)
{
    (void)state;
    struct arguments a;
    struct err err = {0};
    assert_int_equal(take(&a,
                          WORDS("run", "-c", "300", "-o", "a.json", "-l", "--requests", "x.json",
                                "-H", "a: b", "--seed", "5", "-W", "3", "--no-save", "http://h/"),
                          &err),
                     0);
    assert_words(&a.load, WORDS("--connections=300", "--requests=x.json", "--header=a: b",
                                "--seed=5", "--warmup=3", "--", "http://h/"));
    assert_words(&a.shown, WORDS("--out=a.json", "--latency", "--no-save"));
    assert_words(&a.files, WORDS("x.json"));
    assert_true(a.warmup_ns == 3 * NS_PER_S);
    assert_false(a.stream || a.continues);
    arguments_fini(&a);
}

/* NOLINTBEGIN(concurrency-mt-unsafe): no thread yet */
static void words_of_the_environment_come_last(void **state)
{
    (void)state;
    struct arguments a;
    struct err err = {0};
    assert_int_equal(setenv(FLEET_ARGS_VARIABLE, "9:--seed=12,2:-H,4:c: d,9:http://h/,", 1), 0);
    assert_int_equal(take(&a, WORDS("run", "-c", "3"), &err), 0);
    assert_words(&a.load,
                 WORDS("--connections=3", "--seed=12", "--header=c: d", "--", "http://h/"));
    arguments_fini(&a);
    assert_int_equal(setenv(FLEET_ARGS_VARIABLE, "9:--seed", 1), 0);
    assert_int_equal(take(&a, WORDS("run"), &err), -1);
    assert_non_null(strstr(err.text, FLEET_ARGS_VARIABLE));
    arguments_fini(&a);
    assert_int_equal(unsetenv(FLEET_ARGS_VARIABLE), 0);
}
/* NOLINTEND(concurrency-mt-unsafe) */

/* Without --seed each host would draw one of its own. */
static void one_seed_is_chosen_for_all(void **state)
{
    (void)state;
    struct arguments a;
    struct err err = {0};
    assert_int_equal(take(&a, WORDS("run", "--stream", "--on-lost", "continue", "http://h/"), &err),
                     0);
    assert_true(str_starts(a.load.items[0], "--seed="));
    assert_int_equal(a.load.count, 3);
    assert_true(a.stream && a.continues);
    arguments_fini(&a);
}

static void what_makes_no_sense_on_several_hosts_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *words[4], *said;
    } cases[] = {
        {{"run", "--strategy", "pool"}, "every host would start a server"},
        {{"run", "--share=0/2", "http://h/"}, "each rank has the share"},
        {{"run", "--start-at=mono:1", "http://h/"}, "when all hosts are ready"},
        {{"run", "--fail", "p99>1s", "http://h/"}, "bench check FILE"},
        {{"run", "--connectoins", "3"}, "--connections"},
        {{"run", "--hosts", "a,b", "http://h/"}, "mpirun has started"},
        {{"compare"}, "'compare' is no command"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct arguments a;
        struct err err = {0};
        const char *words[] = {cases[i].words[0], cases[i].words[1], cases[i].words[2],
                               cases[i].words[3], NULL};
        assert_int_equal(take(&a, words, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i].said));
        arguments_fini(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_load_and_what_is_shown_are_told_apart),
        cmocka_unit_test(words_of_the_environment_come_last),
        cmocka_unit_test(one_seed_is_chosen_for_all),
        cmocka_unit_test(what_makes_no_sense_on_several_hosts_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
