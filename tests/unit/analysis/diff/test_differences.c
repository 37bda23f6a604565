#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/diff_bed.h"
#include "support/findings_bed.h"

/* Two comparisons of the arms a and b, alike until a test changes them. */
static struct comparison pair_of(void)
{
    struct comparison c;
    comparison_init(&c);
    c.rounds = 1;
    add_arm(&c, "a", &plain_trial);
    add_arm(&c, "b", &plain_trial);
    return c;
}

static struct result *run_of(struct comparison *c, size_t arm)
{
    return &c->arms[arm].results[0];
}

static void set(struct result *r, const char *name, enum setting_kind kind, double number,
                const char *text)
{
    struct setting s = {.kind = kind, .number = number};
    s.name = mem_strdup(name);
    s.text = mem_strdup_or_null(text);
    result_add_setting(r, &s);
    free(s.name);
    free(s.text);
}

static void replace(char **text, const char *with)
{
    free(*text);
    *text = mem_strdup(with);
}

static void alike_differ_in_nothing(void **state)
{
    (void)state;
    struct comparison old = pair_of();
    struct comparison new = pair_of();
    /* The port of a server that bench starts is another one each time. */
    replace(&run_of(&new, 0)->url, "http://127.0.0.1:50505/heavy");
    set(run_of(&old, 0), "seed", SETTING_NUMBER, 1, NULL);
    set(run_of(&new, 0), "seed", SETTING_NUMBER, 2, NULL);
    set(run_of(&new, 0), "out", SETTING_TEXT, 0, "elsewhere");
    set(run_of(&new, 0), "body", SETTING_NULL, 0, NULL); /* a newer version has more options */
    struct diff_file file = diff_bed_comparisons(&old, &new);
    assert_int_equal(file.nentries, 0);
    diff_file_fini(&file);
    comparison_fini(&old);
    comparison_fini(&new);
}

static void the_plan_is_named_setting_by_setting(void **state)
{
    (void)state;
    struct comparison old = pair_of();
    struct comparison new = pair_of();
    for (size_t i = 0; i < 2; i++) {
        run_of(&new, i)->connections = 200;
        set(run_of(&old, i), "duration", SETTING_NUMBER, 10, NULL);
        set(run_of(&new, i), "duration", SETTING_NUMBER, 2.5, NULL);
        set(run_of(&old, i), "connections", SETTING_NUMBER, 100, NULL); /* told already */
        set(run_of(&new, i), "connections", SETTING_NUMBER, 200, NULL);
    }
    set(run_of(&old, 1), "raw_headers", SETTING_FLAG, 0, NULL);
    set(run_of(&new, 1), "raw_headers", SETTING_FLAG, 1, NULL);
    set(run_of(&old, 1), "method", SETTING_TEXT, 0, "GET");
    set(run_of(&new, 0), "socket_path", SETTING_TEXT, 0, "/run/app.sock");
    set(run_of(&new, 1), "socket_path", SETTING_NULL, 0, NULL); /* as without the option */
    replace(&run_of(&new, 0)->url, "http://127.0.0.1:40123/other");
    run_of(&new, 0)->work_n = 5;
    replace(&run_of(&new, 1)->strategy, "inline");
    new.rounds = 5;
    struct diff_file file = diff_bed_comparisons(&old, &new);
    diff_bed_expect(&file, DIFF_PLAN, "connections: 100 > 200");
    diff_bed_expect(&file, DIFF_PLAN, "duration: 10 > 2.5");
    diff_bed_expect(&file, DIFF_PLAN, "raw-headers: off > on [b]");
    diff_bed_expect(&file, DIFF_PLAN, "method: GET > - [b]");
    diff_bed_expect(&file, DIFF_PLAN, "URL: /heavy > /other [a]");
    diff_bed_expect(&file, DIFF_PLAN, "socket path: none > /run/app.sock [a]");
    diff_bed_expect(&file, DIFF_PLAN, "work: count:20000000 > count:5 [a]");
    diff_bed_expect(&file, DIFF_PLAN, "strategy: pool > inline [b]");
    diff_bed_expect(&file, DIFF_PLAN, "rounds: 1 > 5");
    assert_int_equal(file.nentries, 9);
    diff_file_fini(&file);
    comparison_fini(&old);
    comparison_fini(&new);
}

static void a_url_of_ones_own_counts_whole(void **state)
{
    (void)state;
    struct trial_shape shape = plain_trial;
    shape.strategy = NULL;
    struct comparison old;
    struct comparison new;
    comparison_init(&old);
    comparison_init(&new);
    add_arm(&old, "a", &shape);
    add_arm(&new, "a", &shape);
    replace(&run_of(&new, 0)->url, "http://127.0.0.1:50505/heavy");
    struct diff_file file = diff_bed_results(&old, &new);
    diff_bed_expect(&file, DIFF_PLAN,
                    "URL: http://127.0.0.1:40123/heavy > http://127.0.0.1:50505/heavy");
    diff_file_fini(&file);
    comparison_fini(&old);
    comparison_fini(&new);
}

static void the_machine_and_the_version_are_named(void **state)
{
    (void)state;
    struct comparison old = pair_of();
    struct comparison new = pair_of();
    for (size_t i = 0; i < 2; i++) {
        struct environment *e = &run_of(&new, i)->environment;
        replace(&e->cpu_model, "Other CPU");
        replace(&e->kernel, "Linux 9");
        e->cores_online = 8;
        e->cpu_quota_cores = 1.5;
        e->memory_bytes = INT64_C(8) << 30;
        run_of(&old, i)->environment.memory_bytes = INT64_C(16) << 30;
        replace(&run_of(&new, i)->tool_version, "0.2.0");
        replace(&run_of(&new, i)->engine, "libuv");
    }
    struct diff_file file = diff_bed_comparisons(&old, &new);
    diff_bed_expect(&file, DIFF_MACHINE, "CPU: - > Other CPU");
    diff_bed_expect(&file, DIFF_MACHINE, "cores: 2 > 2 of 8");
    diff_bed_expect(&file, DIFF_MACHINE, "CPU quota: none > 1.5 cores");
    diff_bed_expect(&file, DIFF_MACHINE, "memory: 17.2 GB > 8.59 GB");
    diff_bed_expect(&file, DIFF_MACHINE, "kernel: - > Linux 9");
    diff_bed_expect(&file, DIFF_TOOL, "bench: 0.1.0 > 0.2.0");
    diff_bed_expect(&file, DIFF_TOOL, "engine: - > libuv");
    assert_int_equal(diff_bed_count(&file, DIFF_PLAN), 0);
    for (size_t i = 1; i < file.nentries; i++)
        assert_true(file.entries[i].group >= file.entries[i - 1].group);
    diff_file_fini(&file);
    comparison_fini(&old);
    comparison_fini(&new);
}

static void flaws_are_told_even_when_both_have_them(void **state)
{
    (void)state;
    struct comparison old = pair_of();
    struct comparison new = pair_of();
    run_of(&new, 0)->valid = false;
    run_of(&old, 0)->interrupted = true;
    run_of(&old, 1)->machine.is_disturbed = true;
    run_of(&new, 1)->machine.is_disturbed = true;
    run_of(&new, 1)->client.saturated = true;
    new.interrupted = true;
    result_warn(run_of(&new, 0), "busy-machine", "it was busy", NULL);
    result_warn(run_of(&new, 0), "busy-machine", "and once more", NULL);
    result_warn(run_of(&new, 0), "few-samples", "few", NULL);
    struct diff_file file = diff_bed_comparisons(&old, &new);
    diff_bed_expect(&file, DIFF_STATE, "invalid: 0 of 1 round > 1 of 1 round [a]");
    diff_bed_expect(&file, DIFF_STATE, "interrupted: 1 of 1 round > 0 of 1 round [a]");
    diff_bed_expect(&file, DIFF_STATE,
                    "disturbed by other programs or steal: 1 of 1 round > 1 of 1 round [b]");
    diff_bed_expect(&file, DIFF_STATE, "load generator saturated: 0 of 1 round > 1 of 1 round [b]");
    diff_bed_expect(&file, DIFF_STATE, "comparison interrupted: no > yes");
    diff_bed_expect(&file, DIFF_STATE, "warnings: none > busy-machine, few-samples [a]");
    diff_file_fini(&file);
    struct diff_file results = diff_bed_results(&old, &new);
    diff_bed_expect(&results, DIFF_STATE, "invalid: no > yes");
    diff_file_fini(&results);
    comparison_fini(&old);
    comparison_fini(&new);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alike_differ_in_nothing),
        cmocka_unit_test(the_plan_is_named_setting_by_setting),
        cmocka_unit_test(a_url_of_ones_own_counts_whole),
        cmocka_unit_test(the_machine_and_the_version_are_named),
        cmocka_unit_test(flaws_are_told_even_when_both_have_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
