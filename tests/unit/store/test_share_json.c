/* The share of a run and the parts of a merged result in a document: written, read back, and
 * refused where they cannot be. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/render_cases.h"
#include "store/result_json.h"
#include "support/damage.h"

static json_t *share_document(void)
{
    struct result r;
    assert_int_equal(render_case("pool", &r), 0);
    r.share = mem_zalloc(sizeof *r.share);
    *r.share = (struct share){.index = 2,
                              .count = 4,
                              .host = mem_strdup("b"),
                              .start_us = INT64_C(1790000000123456),
                              .start_skew_us = -12.5,
                              .clock_error_us = NAN};
    json_t *doc = result_to_json(&r);
    result_fini(&r);
    return doc;
}

static void fill(struct merged_part *p, int64_t index, const struct accounting *a)
{
    static char name[] = "host";
    merged_part_init(p);
    p->share.index = index;
    p->share.count = 2;
    p->share.host = mem_strdup(name);
    p->connections = 50;
    p->duration_s = 10;
    p->completed = index == 0 ? 1000 : a->completed - 1000;
    p->in_flight_at_end = index == 0 ? 40 : a->in_flight_at_end - 40;
    p->sent = p->completed + p->in_flight_at_end;
    p->state = index == 0 ? PART_WHOLE : PART_LOST;
    p->why = index == 0 ? NULL : mem_strdup("no word for 5 s");
}

static json_t *merged_document(void)
{
    struct result r;
    assert_int_equal(render_case("pool", &r), 0);
    struct merged *m = mem_zalloc(sizeof *m);
    m->parts = mem_array(2, sizeof *m->parts);
    m->nparts = 2;
    m->overlap = 0.75;
    m->lost_after_s = 4;
    for (int64_t i = 0; i < 2; i++)
        fill(&m->parts[i], i, &r.accounting);
    m->parts[0].workers = r.workers;
    r.connections = 100;
    r.merged = m;
    json_t *doc = result_to_json(&r);
    result_fini(&r);
    return doc;
}

static void reread(const json_t *doc, struct result *r)
{
    struct err err;
    if (result_from_json(doc, r, &err) < 0)
        fail_msg("%s", err.text);
    json_t *again = result_to_json(r);
    assert_true(json_equal(doc, again));
    json_decref(again);
}

static void a_share_is_read_back(void **state)
{
    (void)state;
    struct result r;
    json_t *doc = share_document();
    reread(doc, &r);
    assert_null(r.merged);
    assert_int_equal(r.share->index, 2);
    assert_int_equal(r.share->count, 4);
    assert_string_equal(r.share->host, "b");
    assert_int_equal(r.share->start_us, INT64_C(1790000000123456));
    assert_true(r.share->start_skew_us == -12.5 && isnan(r.share->clock_error_us));
    assert_false(share_is_synchronized(r.share));
    result_fini(&r);
    json_decref(doc);
}

static void parts_are_read_back(void **state)
{
    (void)state;
    struct result r;
    json_t *doc = merged_document();
    reread(doc, &r);
    assert_null(r.share);
    const struct merged *m = r.merged;
    assert_int_equal(m->nparts, 2);
    assert_true(m->overlap == 0.75 && m->lost_after_s == 4 && !m->partial);
    assert_int_equal(m->parts[0].completed, 1000);
    assert_true(merged_part_achieved_rps(&m->parts[0]) == 100);
    assert_true(isnan(merged_part_offered_rps(&m->parts[0])));
    assert_int_equal(m->parts[1].state, PART_LOST);
    assert_string_equal(m->parts[1].why, "no word for 5 s");
    assert_false(merged_is_whole(m));
    result_fini(&r);
    json_decref(doc);
}

static const struct damage of_share[] = {
    {"share", "null", "share is not an object"},
    {"share", "[]", "share is not an object"},
    {"share/index", NULL, "share.index is missing"},
    {"share/index", "4", "share.index is not below the count"},
    {"share/count", "0", "share.count is not a number of shares"},
    {"share/count", "1001", "share.count is not a number of shares"},
    {"share/host", "7", "share.host is neither null nor a text"},
    {"share/start_us", "-1", "share.start_us is not a whole number"},
    {"share/clock_error_us", "-1", "share.clock_error_us is neither null nor a number"},
    {"merged", "{}", "share and merged do not go together"},
};

static const struct damage of_merged[] = {
    {"merged", "7", "merged is not an object"},
    {"merged/overlap", "1.01", "merged.overlap is not from 0 to 1"},
    {"merged/overlap", "null", "merged.overlap is not from 0 to 1"},
    {"merged/partial", "1", "merged.partial is neither true nor false"},
    {"merged/parts", "[]", "merged.parts are not as many as a plan can have shares"},
    {"merged/parts/1", "[]", "merged.parts[1] is not an object"},
    {"merged/parts/1/index", "0", "merged.parts[1].index is not its place"},
    {"merged/parts/1/count", "3", "merged.parts are not as many as the plan has shares"},
    {"merged/parts/0/state", "\"late\"", "merged.parts[0].state is none"},
    {"merged/parts/0/state", "\"lost\"", "merged.parts[0].why does not fit the state"},
    {"merged/parts/0/sent", "1041", "merged.parts[0].sent is not the sum"},
    {"merged/parts/0/due", "1040", "merged.parts[0].due and accounting.due"},
    {"merged/parts/0/late", "1041", "merged.parts[0].late is more than sent"},
    {"merged/parts/0/achieved_rate", "101", "merged.parts[0].achieved_rate is not what"},
    {"merged/parts/0/achieved_rate", NULL, "merged.parts[0].achieved_rate is not what"},
    {"merged/parts/0/offered_rate", "1", "merged.parts[0].offered_rate is not what"},
    {"merged/parts/0/saturated", "true", "client.saturated is false, and a host was"},
    {"merged/parts/0/connections", "51", "merged.connections of the parts is not"},
    {"merged/parts/0/workers", "9007199254740991", "merged.workers of the parts is not"},
};

static void refuse(json_t *(*document)(void), const struct damage *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct result r;
        struct err err;
        json_t *doc = document();
        damage_at(doc, all[i].path, all[i].value);
        if (result_from_json(doc, &r, &err) == 0)
            fail_msg("accepted: %s = %s", all[i].path, all[i].value);
        if (strstr(err.text, all[i].complaint) == NULL)
            fail_msg("'%s', not '%s'", err.text, all[i].complaint);
        json_decref(doc);
    }
}

static void a_wrong_share_is_refused(void **state)
{
    (void)state;
    refuse(share_document, of_share, LEN(of_share));
}

static void parts_that_do_not_add_up_are_refused(void **state)
{
    (void)state;
    refuse(merged_document, of_merged, LEN(of_merged));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_read_back),
        cmocka_unit_test(parts_are_read_back),
        cmocka_unit_test(a_wrong_share_is_refused),
        cmocka_unit_test(parts_that_do_not_add_up_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
