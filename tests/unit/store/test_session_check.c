#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/session_cases.h"
#include "store/session_file.h"
#include "store/session_json.h"
#include "support/damage.h"

static void expect_complaint(int result, const struct err *err, const char *complaint)
{
    if (result == 0)
        fail_msg("accepted, without '%s'", complaint);
    assert_int_equal(err->kind, ERR_USAGE);
    if (strstr(err->text, complaint) == NULL)
        fail_msg("'%s' instead of '%s'", err->text, complaint);
}

/* To the session "pass": each value is possible alone, and contradicts another. */
static const struct damage contradictions[] = {
    {"blocks/2/sides/0/server/cpu_per_request_us", "100",
     "blocks[2].sides[0]: server.cpu_per_request_us is not 503.333, as CPU time and "
     "accounting.completed + carried give"},
    {"blocks/2/sides/0/accounting/carried", "1",
     "blocks[2].sides[0]: accounting.carried is not a part of warmup_discarded"},
    {"blocks/2/sides/0/server/cpu_per_request_us", "null",
     "blocks[2].sides[0]: server.cpu_per_request_us is not 503"},
    {"blocks/2/sides/0/server/cpu_system_s", "0.5", "server.cpu_per_request_us is not"},
    {"blocks/2/sides/0/server/cpu_user_s", "null",
     "blocks[2].sides[0]: server.cpu_per_request_us is known, without CPU time"},
    {"blocks/2/sides/0/histograms/latency", "null",
     "blocks[2].sides[0]: histograms.latency holds 0, and accounting.completed is 1"},
    {"blocks/2/sides/0/histograms/latency/over", "5", "histograms.latency holds 1"},
    {"blocks/2/sides/1/histograms/unfinished", "null",
     "blocks[2].sides[1]: histograms.unfinished holds 0, and accounting.timed_out + failed + "
     "in_flight_at_end is 16"},
    {"blocks/3/sides/1/duration", "0.01",
     "blocks[3].sides[1]: duration is shorter than the 6 slices of 1 s (slice_ns)"},
    {"blocks/3/sides/1/duration", "null", "blocks[3].sides[1]: duration is shorter than"},
    {"slice_ns", "2000000000", "duration is shorter than the 6 slices of 2 s"},
    {"slice_ns", "1000", "slice_ns is less than the 1 ms"},
    {"slices", "5", "slices is not an even number"},
    {"slices", "98", "slices is not an even number"},
    {"slices", "8", "duration is shorter than the 8 slices of 1 s"},
    {"guard_ns", "1000", "guard_ns is less than a slice, and than 25 ms"},
    {"blocks/9/sides/1/duration", "100", "measured_s is less than the durations of all sides"},
    {"measured_s", "100", "measured_s is less than the durations of all sides"},
    {"measured_s", "null", "measured_s is less than the durations of all sides"},
    {"blocks/4/mirrored", "true", "blocks[4].mirrored is not what seed gives"},
    {"blocks/5/mirrored", "true", "blocks[5].mirrored is not what seed gives"},
    {"seed", "43", "is not what seed gives for this block"},
    {"blocks/4/sides/1/padding_bytes", "17",
     "blocks[4].sides[1]: padding_bytes is not what seed gives for this block"},
    {"blocks/4/valid", "false",
     "blocks[4].valid is false, but redone does not have the block twice"},
    {"max_blocks", "9", "blocks are more than max_blocks"},
};

static void expect_damages(const char *name, const struct damage *all, size_t count)
{
    struct session s;
    assert_int_equal(session_case(name, &s), 0);
    json_t *good = session_to_json(&s);
    for (size_t i = 0; i < count; i++) {
        struct session got;
        struct err err = {0};
        json_t *doc = json_deep_copy(good);
        damage_at(doc, all[i].path, all[i].value);
        expect_complaint(session_from_json(doc, &got, &err), &err, all[i].complaint);
        json_decref(doc);
    }
    json_decref(good);
    session_fini(&s);
}

static void documents_that_contradict_themselves_are_refused(void **state)
{
    static const struct damage of_redone[] = {
        {"redone/1/block", "8", "redone has a block behind the next one"}};
    static const struct damage of_trials[] = {
        {"guard_ns", "250000000", "guard_ns is not 0, and layout is trials"}};
    static const struct damage of_urls[] = {
        {"blocks/0/sides/0/padding_bytes", "17", "padding_bytes is not what seed gives"}};
    (void)state;
    expect_damages("pass", contradictions, LEN(contradictions));
    expect_damages("open", of_redone, LEN(of_redone));
    expect_damages("trials", of_trials, LEN(of_trials));
    expect_damages("urls", of_urls, LEN(of_urls));
}

/* Changes the session before it is written. */
static void expect_refused_when(const char *name, void (*change)(struct session *s),
                                const char *complaint)
{
    struct session s;
    struct session got;
    struct err err = {0};
    assert_int_equal(session_case(name, &s), 0);
    change(&s);
    expect_complaint(session_as_stored(&s, &got, &err), &err, complaint);
    session_fini(&s);
}

static void start_at_once(struct session *s)
{
    s->blocks[5].started_wall_ms = s->blocks[2].started_wall_ms;
}

static void start_before(struct session *s)
{
    s->blocks[5].started_wall_ms = s->blocks[4].started_wall_ms - 1;
}

static void answer_nothing(struct session *s)
{
    struct result *r = &s->blocks[1].sides[1].result;
    r->accounting.completed = r->accounting.statuses[200] = 0;
    r->accounting.sent = r->accounting.in_flight_at_end;
    r->server.total.cpu_per_request_us = NAN;
    hist_reset(r->latency);
}

static void redo_often(struct session *s)
{
    const struct session_redo redo = {.block = 2, .flaw = SESSION_FLAW_STOLEN, .imbalance = 0.1};
    session_add_redo(s, &redo);
    session_add_redo(s, &redo);
}

static void blocks_that_cannot_follow_each_other_are_refused(void **state)
{
    (void)state;
    expect_refused_when("pass", start_at_once, "blocks[5].start is that of blocks[2], too");
    expect_refused_when("pass", answer_nothing,
                        "blocks[1].sides[1]: accounting.completed is 0 in a block that is valid");
    expect_refused_when("open", redo_often, "redone has more than twice");
}

/* Somebody set it back between two blocks. */
static void a_clock_that_was_set_harms_no_session(void **state)
{
    struct session s;
    struct session got;
    struct err err;
    (void)state;
    assert_int_equal(session_case("pass", &s), 0);
    start_before(&s);
    if (session_as_stored(&s, &got, &err) < 0)
        fail_msg("%s", err.text);
    session_fini(&got);
    session_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_that_contradict_themselves_are_refused),
        cmocka_unit_test(blocks_that_cannot_follow_each_other_are_refused),
        cmocka_unit_test(a_clock_that_was_set_harms_no_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
