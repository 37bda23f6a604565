/* The probe in a document: read back, refused when it is spoilt, and as older versions wrote it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/probed_result.h"
#include "store/result_json.h"
#include "support/damage.h"

static json_t *written(void)
{
    struct result r;
    probed_result(&r);
    json_t *doc = result_to_json(&r);
    result_fini(&r);
    return doc;
}

static struct result read_back(const json_t *doc)
{
    struct result r;
    struct err err;
    if (result_from_json(doc, &r, &err) < 0)
        fail_msg("%s", err.text);
    return r;
}

static void read_back_it_is_the_same(void **state)
{
    (void)state;
    struct result want;
    probed_result(&want);
    json_t *doc = written();
    struct result got = read_back(doc);
    const struct probe_counts *c = &got.probe_counts;
    assert_string_equal(c->path, "/healthz");
    assert_memory_equal(&c->all, &want.probe_counts.all, sizeof c->all);
    assert_memory_equal(&c->opened, &want.probe_counts.opened, sizeof c->opened);
    assert_memory_equal(c->statuses, want.probe_counts.statuses, sizeof c->statuses);
    assert_int_equal(hist_count(got.probe_new), 20);
    assert_int_equal(hist_count(got.probe_new_unfinished), 1);
    json_decref(doc);
    result_fini(&got);
    result_fini(&want);
}

/* Replies that are no 2xx were failures with an age, and there was one connection. */
static void a_file_of_an_older_version_is_read(void **state)
{
    (void)state;
    json_t *doc = written();
    static const char *const added[] = {"non_2xx", "statuses", "new"};
    json_t *probe = json_object_get(doc, "probe");
    json_t *hists = json_object_get(doc, "histograms");
    for (size_t i = 0; i < LEN(added); i++)
        assert_int_equal(json_object_del(probe, added[i]), 0);
    assert_int_equal(json_object_del(hists, "probe_new"), 0);
    assert_int_equal(json_object_del(hists, "probe_new_unfinished"), 0);
    damage_at(doc, "probe/due", "102");
    damage_at(doc, "probe/completed", "100");
    damage_at(doc, "probe/timed_out", "0");
    damage_at(doc, "probe/failed", "2");
    damage_at(doc, "probe/open_at_end", "0");
    struct result r = read_back(doc);
    assert_int_equal(r.probe_counts.all.failed, 2);
    assert_int_equal(r.probe_counts.all.non_2xx, 0);
    assert_int_equal(r.probe_counts.opened.due, 0);
    assert_null(r.probe_new);
    /* The ages of its failures are not taken for those of a stall. */
    assert_null(probe_waiting(&r.probe_counts.all, r.probe_unfinished));
    json_decref(doc);
    result_fini(&r);
}

static void damaged_documents_are_refused_by_key(void **state)
{
    (void)state;
    static const struct damage damages[] = {
        {"probe/path", "null", "probe.path is not a text"},
        {"probe/due", "201", "probe.due is not completed + non_2xx + timed_out"},
        {"probe/non_2xx", NULL, "probe.non_2xx is missing"},
        {"probe/statuses", NULL, "probe.statuses is missing"},
        {"probe/statuses/500/count", "69", "probe.statuses does not add up to probe.non_2xx"},
        {"probe/statuses/200", "{\"count\": 0}", NULL},
        {"probe/statuses/204", "{\"count\": 1}", "probe.statuses has a 2xx"},
        {"probe/statuses/50", "{\"count\": 1}", "probe.statuses has a key"},
        {"probe/new", "7", "probe.new is not an object"},
        {"probe/new/due", "23", "probe.new.due is not"},
        {"probe/new/non_2xx", NULL, "probe.new.non_2xx is missing"},
        {"probe/new",
         "{\"due\": 121, \"completed\": 121, \"non_2xx\": 0, \"timed_out\": 0, "
         "\"failed\": 0, \"open_at_end\": 0}",
         "probe.new counts more than there were probes"},
        {"histograms/probe_unfinished", NULL, "histograms.probe_unfinished is missing"},
        {"histograms/probe_new/count", "21", "histograms.probe_new.count is not"},
    };
    for (size_t i = 0; i < LEN(damages); i++) {
        struct result got;
        struct err err = {0};
        json_t *doc = written();
        damage_at(doc, damages[i].path, damages[i].value);
        int read = result_from_json(doc, &got, &err);
        if (damages[i].complaint == NULL) {
            assert_int_equal(read, 0);
            result_fini(&got);
        } else if (read == 0 || strstr(err.text, damages[i].complaint) == NULL) {
            fail_msg("%s: '%s' instead of '%s'", damages[i].path, err.text, damages[i].complaint);
        }
        json_decref(doc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_back_it_is_the_same),
        cmocka_unit_test(a_file_of_an_older_version_is_read),
        cmocka_unit_test(damaged_documents_are_refused_by_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
