#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/capacity_cases.h"
#include "store/capacity_file.h"
#include "store/stored.h"
#include "support/damage.h"

static char *text_of(const struct capacity *c)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    capacity_write(c, DOC_INDENTED, &text);
    char *taken = buf_take(&text);
    buf_fini(&text);
    return taken;
}

static void read_and_written_again_it_is_the_same_text(void **state)
{
    (void)state;
    for (size_t i = 0; capacity_case_names[i] != NULL; i++) {
        struct capacity c;
        struct capacity got;
        struct err err;
        assert_int_equal(capacity_case(capacity_case_names[i], &c), 0);
        char *text = text_of(&c);
        if (capacity_read(text, strlen(text), &got, &err) < 0)
            fail_msg("%s: %s", capacity_case_names[i], err.text);
        char *again = text_of(&got);
        assert_string_equal(text, again);
        assert_int_equal(got.ntrials, c.ntrials);
        free(text);
        free(again);
        capacity_fini(&c);
        capacity_fini(&got);
    }
}

static void saved_again_it_replaces_what_was_there(void **state)
{
    (void)state;
    char folder[] = "/tmp/test_capacity.XXXXXX";
    struct capacity c;
    struct stored stored;
    struct err err;
    char *path = NULL;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(capacity_case("never", &c), 0);
    const struct document d = capacity_document(&c);
    assert_int_equal(document_save(&d, folder, &path, &err), 0);
    char *want = mem_printf("%s/20261122T210405Z-capacity.json", folder);
    assert_string_equal(path, want);
    (void)capacity_add_trial(&c);
    c.trials[c.ntrials - 1].round = 9;
    c.trials[c.ntrials - 1].outcome = CAPACITY_INVALID;
    assert_int_equal(document_save_again(&d, path, &err), 0);
    assert_int_equal(stored_load(path, &stored, &err), 0);
    assert_int_equal(stored.kind, STORED_CAPACITY);
    assert_int_equal(stored.capacity.ntrials, c.ntrials);
    stored_fini(&stored);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(document_save_again(&d, path, &err), -1);
    assert_non_null(strstr(err.text, path));
    free(want);
    free(path);
    capacity_fini(&c);
}

/* Each is said with its place. */
static void damaged_documents_are_refused(void **state)
{
    (void)state;
    static const struct damage cases[] = {
        {"schema", "\"bench.capacity/2\"", "schema"},
        {"goal", NULL, "goal"},
        {"goal", "3", "goal"},
        {"resolution", "0", "resolution is not a share"},
        {"resolution", "null", "resolution is not a share"},
        {"least_rate", "null", "least_rate is not a rate"},
        {"max_trials", "0", "max_trials is not from 1 to 200"},
        {"max_trials", "201", "max_trials is not from 1 to 200"},
        {"clauses", "[]", "clauses are not from 1 to 8"},
        {"clauses", "[\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\"]", "clauses are not"},
        {"arms", "[]", "arms are not from 1 to 64"},
        {"arms/1/name", "\"slow\"", "arms[1].name is that of another arm"},
        {"arms/0/name", "\"\"", "arms[0].name is not a text"},
        {"arms/0/target", "null", "arms[0].target is not a text"},
        {"trials/0/arm", "\"other\"", "trials[0].arm is not the name of an arm"},
        {"trials/0/outcome", "\"won\"", "trials[0].outcome is none of pilot"},
        {"trials/0/outcome", "\"held\"", "trials[0].outcome contradicts rate"},
        {"trials/2/outcome", "\"pilot\"", "trials[2].outcome contradicts rate"},
        {"trials/0/answered", "0", "trials[0].answered is not above 0"},
        {"trials/2/rate", "0.001", "trials[2].rate is not from 0.01 to 10M"},
        {"trials/2/rate", "1e9", "trials[2].rate is not from 0.01 to 10M"},
        {"trials/2/round", "0", "trials[2].round is 0"},
        {"trials/2/figures", "[]", "trials[2].figures are not one for each clause"},
        {"trials/2/figures", "[\"1\"]", "trials[2].figures have one"},
        {"trials/2/figures", "[-1]", "trials[2].figures have one"},
        {"trials/8/unsent", "3", "trials[8].unsent is not 0 where the rate was held"},
        {"trials/2/why", "3", "trials[2].why"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct capacity c;
        struct capacity got;
        struct err err = {0};
        assert_int_equal(capacity_case("never", &c), 0);
        char *text = text_of(&c);
        json_t *doc = json_loads(text, 0, NULL);
        damage_at(doc, cases[i].path, cases[i].value);
        if (capacity_from_json(doc, &got, &err) == 0)
            fail_msg("%s: %s is taken", cases[i].path, cases[i].value);
        if (strstr(err.text, cases[i].complaint) == NULL)
            fail_msg("%s: %s", cases[i].path, err.text);
        json_decref(doc);
        free(text);
        capacity_fini(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_and_written_again_it_is_the_same_text),
        cmocka_unit_test(saved_again_it_replaces_what_was_there),
        cmocka_unit_test(damaged_documents_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
