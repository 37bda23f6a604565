#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/session_cases.h"
#include "store/session_file.h"
#include "store/session_json.h"
#include "support/damage.h"
#include "support/document_text.h"

/* --- there and back --- */

static void read_and_written_again_it_is_the_same_text(void **state)
{
    (void)state;
    for (size_t i = 0; session_case_names[i] != NULL; i++) {
        struct session s;
        struct session got;
        struct err err;
        assert_int_equal(session_case(session_case_names[i], &s), 0);
        char *text = session_text(&s);
        if (session_read(text, strlen(text), &got, &err) < 0)
            fail_msg("%s: %s", session_case_names[i], err.text);
        char *again = session_text(&got);
        assert_string_equal(text, again);
        free(text);
        free(again);
        session_fini(&s);
        session_fini(&got);
    }
}

static void read_back_it_is_the_same_session(void **state)
{
    (void)state;
    struct session s;
    struct session got;
    struct err err;
    assert_int_equal(session_case("open", &s), 0);
    assert_int_equal(session_as_stored(&s, &got, &err), 0);
    assert_int_equal(got.nargv, 6);
    assert_string_equal(got.environment.cpu_model, "AMD EPYC 7B13");
    assert_true(got.interrupted && !got.out_of_time && isnan(got.budget_s));
    assert_int_equal(got.ngates, 5);
    assert_true(got.gates[2].is_default && got.gates[2].kind == SESSION_GATE_DETECT);
    assert_string_equal(got.gates[2].text, "p99 20%");
    assert_int_equal(got.narms, 2);
    assert_string_equal(got.arms[1].target, "./head --port {port}");
    assert_string_equal(got.arms[1].config[1].text, "pool");
    assert_int_equal(got.nblocks, 7);
    assert_int_equal(got.nredone, 2);
    assert_int_equal(got.redone[0].flaw, SESSION_FLAW_STOLEN);
    assert_int_equal(got.redone[0].arm, 1);
    assert_true(got.redone[0].imbalance == 0.127 && isnan(got.redone[1].imbalance));
    assert_null(got.redone[0].text);
    const struct session_side *want = &s.blocks[6].sides[1];
    const struct session_side *side = &got.blocks[6].sides[1];
    assert_int_equal(side->padding_bytes, want->padding_bytes);
    assert_true(side->share.idle == want->share.idle);
    assert_int_equal(side->result.accounting.completed, want->result.accounting.completed);
    assert_int_equal(hist_percentile_ns(side->result.latency, 0.99),
                     hist_percentile_ns(want->result.latency, 0.99));
    assert_int_equal(hist_count(side->result.unfinished), 16);
    assert_true(side->result.server.total.cpu_per_request_us ==
                result_stored(want->result.server.total.cpu_per_request_us));
    session_fini(&s);
    session_fini(&got);
}

static void last_words_that_are_not_text_are_made_so(void **state)
{
    (void)state;
    struct session s;
    struct session got;
    struct err err;
    assert_int_equal(session_case("died", &s), 0);
    assert_int_equal(session_as_stored(&s, &got, &err), 0);
    assert_non_null(strstr(got.redone[1].text, "out of \xef\xbf\xbd handles\nat main.c:12"));
    assert_string_equal(got.blocks[0].sides[1].result.target_end, "exit 1");
    assert_string_equal(got.blocks[0].sides[1].result.warnings[0].code, "died");
    assert_false(got.blocks[0].is_valid);
    session_fini(&s);
    session_fini(&got);
}

/* --- untrusted documents --- */

static void expect_complaint(int result, const struct err *err, const char *complaint)
{
    if (result == 0)
        fail_msg("accepted, without '%s'", complaint);
    assert_int_equal(err->kind, ERR_USAGE);
    if (strstr(err->text, complaint) == NULL)
        fail_msg("'%s' instead of '%s'", err->text, complaint);
}

static void expect_refused(const char *bytes, size_t len, const char *complaint)
{
    struct session got;
    struct err err = {0};
    expect_complaint(session_read(bytes, len, &got, &err), &err, complaint);
}

/* To the session "open". */
static const struct damage damages[] = {
    {"schema", NULL, "schema is missing: not a session"},
    {"schema", "\"bench.session/2\"", "schema is not bench.session/1"},
    {"schema", "\"bench.result/1\"", "schema is not bench.session/1"},
    {"title", "7", "title is neither null nor a text"},
    {"start", "\"now\"", "start is not a time"},
    {"finish", NULL, "finish is missing"},
    {"measured_s", "-1", "measured_s is neither null nor a number"},
    {"interrupted", "0", "interrupted is neither true nor false"},
    {"out_of_time", NULL, "out_of_time is missing"},
    {"problem", "{}", "problem is neither null nor a text"},
    {"path", "7", "path is neither null nor a text"},
    {"seed", "9007199254740992", "seed is not a whole number"},
    {"max_blocks", "0", "max_blocks is not from 1 to 24"},
    {"max_blocks", "25", "max_blocks is not from 1 to 24"},
    {"max_blocks", "1e9", "max_blocks is not a whole number"},
    {"budget_s", "\"10m\"", "budget_s is neither null nor a number"},
    {"control", "true", "arms are not three, as with a control"},
    {"control", "null", "control is neither true nor false"},
    {"all_gates", NULL, "all_gates is missing"},
    {"allow_errors", "1", "allow_errors is neither true nor false"},
    {"tool", NULL, "tool is missing"},
    {"tool/argv/1", "7", "tool.argv holds something that is not a text"},
    {"environment/kernel", NULL, "environment.kernel is missing"},
    {"gates", "{}", "gates is not an array"},
    {"gates/0", "7", "gates[0].kind is none of detect, fail, warn"},
    {"gates/0/kind", "\"prove\"", "gates[0].kind is none of"},
    {"gates/1/text", "\"\"", "gates[1].text is empty"},
    {"gates/1/text", "null", "gates[1].text is not a text"},
    {"gates/2/default", NULL, "gates[2].default is missing"},
    {"arms", "[]", "arms are not two"},
    {"arms/0", "7", "arms[0].name is not a text"},
    {"arms/0/name", "\"\"", "arms[0].name is not a text of one character"},
    {"arms/1/name", "\"base\"", "arms[1].name is that of another arm"},
    {"arms/1/target", "null", "arms[1].target is not a text"},
    {"arms/1/is_url", NULL, "arms[1].is_url is missing"},
    {"arms/0/config", NULL, "arms[0].config is missing"},
    {"arms/0/config/duration", "[]", "arms[0].config holds something that is not a plain value"},
    {"layout", "\"rounds\"", "layout is none of slices, trials"},
    {"layout", "\"trials\"", "apart contradicts the layout"},
    {"apart", "\"asked\"", "apart contradicts the layout"},
    {"apart", "\"because\"", "apart is none of"},
    {"slice_ns", "-5", "slice_ns is not a whole number"},
    {"guard_ns", NULL, "guard_ns is missing"},
    {"one_sided", "null", "one_sided is neither true nor false"},
    {"redone", "7", "redone is not an array"},
    {"redone/0", "7", "redone[0].block is missing"},
    {"redone/0/block", "24", "redone[0].block is none of a session's"},
    {"redone/0/flaw", "\"p99\"", "redone[0].flaw is none of stolen"},
    {"redone/0/arm", "\"nobody\"", "redone[0].arm is not the name of an arm"},
    {"redone/1/arm", "null", "redone[1].arm is not the name of an arm"},
    {"redone/1/imbalance", "-1", "redone[1].imbalance is neither"},
    {"redone/1/text", "[]", "redone[1].text is neither null nor a text"},
    {"blocks", "{}", "blocks is not an array"},
    {"blocks/0", "7", "blocks[0].start is missing"},
    {"blocks/1/mirrored", "0", "blocks[1].mirrored is neither true nor false"},
    {"blocks/1/valid", NULL, "blocks[1].valid is missing"},
    {"blocks/2/sides", "{}", "blocks[2].sides is not an array"},
    {"blocks/2/sides", "[]", "blocks[2].sides are not one for each arm"},
    {"blocks/2/sides/1", "7", "blocks[2].sides[1]: padding_bytes is missing"},
    {"blocks/2/sides/1/padding_bytes", "4097", "blocks[2].sides[1]: padding_bytes is more than"},
    {"blocks/2/sides/1/duration", "\"x\"", "blocks[2].sides[1]: duration is neither null"},
    {"blocks/2/sides/1/saturated", NULL, "blocks[2].sides[1]: saturated is missing"},
    {"blocks/2/sides/1/late", "0", "blocks[2].sides[1]: late is neither true nor false"},
    {"blocks/2/sides/1/end", "7", "blocks[2].sides[1]: end is neither null nor a text"},
    {"blocks/2/sides/0/share", NULL, "blocks[2].sides[0]: share is missing"},
    {"blocks/2/sides/0/share/idle", "true", "blocks[2].sides[0]: share.idle is neither"},
    {"blocks/2/sides/0/accounting", NULL, "blocks[2].sides[0]: accounting is missing"},
    {"blocks/2/sides/0/accounting/sent", "1", "blocks[2].sides[0]: accounting.sent is not"},
    {"blocks/2/sides/0/statusCodeStats", "{}", "blocks[2].sides[0]: statusCodeStats does not add"},
    {"blocks/2/sides/0/server", "7", "blocks[2].sides[0]: server is not an object"},
    {"blocks/2/sides/0/server", NULL, "blocks[2].sides[0]: server is missing"},
    {"blocks/2/sides/0/server/cpu_user_s", NULL, "blocks[2].sides[0]: server.cpu_user_s is miss"},
    {"blocks/2/sides/0/server/rss_peak_bytes", "-1", "server.rss_peak_bytes is neither null"},
    {"blocks/2/sides/0/warnings", "{}", "blocks[2].sides[0]: warnings is not an array"},
    {"blocks/2/sides/0/warnings", "[7]", "blocks[2].sides[0]: warnings[0].code is missing"},
    {"blocks/2/sides/0/histograms", NULL, "blocks[2].sides[0]: histograms is missing"},
    {"blocks/2/sides/0/histograms/latency", NULL, "histograms.latency is missing"},
    {"blocks/2/sides/0/histograms/latency/unit", "\"ms\"", "histograms.latency.unit is not"},
    {"blocks/2/sides/0/histograms/latency/count", "1", "histograms.latency.count is not the"},
    {"blocks/2/sides/0/histograms/latency/digits", "5", "histograms.latency.digits or the range"},
    {"blocks/2/sides/0/histograms/unfinished/data", "\"HISTF\"", "histograms.unfinished.data"},
};

static void damaged_documents_are_refused_by_key(void **state)
{
    (void)state;
    struct session s;
    struct err err;
    assert_int_equal(session_case("open", &s), 0);
    char *text = session_text(&s);
    json_t *good = doc_parse(text, strlen(text), &err);
    for (size_t i = 0; i < LEN(damages); i++) {
        struct session got;
        json_t *doc = json_deep_copy(good);
        damage_at(doc, damages[i].path, damages[i].value);
        expect_complaint(session_from_json(doc, &got, &err), &err, damages[i].complaint);
        json_decref(doc);
    }
    json_decref(good);
    free(text);
    session_fini(&s);
}

/* The array under the key, with its first entry so many times more. */
static void expect_too_many(const char *key, size_t more, const char *complaint)
{
    struct session s;
    struct session got;
    struct err err;
    assert_int_equal(session_case("open", &s), 0);
    json_t *doc = session_to_json(&s);
    json_t *array = json_object_get(doc, key);
    for (size_t i = 0; i < more; i++)
        (void)json_array_append(array, json_array_get(array, 0));
    expect_complaint(session_from_json(doc, &got, &err), &err, complaint);
    json_decref(doc);
    session_fini(&s);
}

static void more_than_a_session_has_are_refused(void **state)
{
    (void)state;
    expect_too_many("arms", 2, "arms are not two");
    expect_too_many("gates", SESSION_GATES_MAX, "gates are more than 100");
    expect_too_many("blocks", SESSION_BLOCKS_MAX, "blocks are more than 24");
    expect_too_many("redone", SESSION_REDONE_MAX, "redone are more than two for each block");
}

/* A small document, so that it can be cut at every byte. */
static char *small_text(size_t *len)
{
    struct session s;
    struct buf out;
    assert_int_equal(session_case("nothing", &s), 0);
    buf_init(&out, BUF_TEXT_MAX);
    session_write(&s, DOC_LINE, &out);
    *len = out.len;
    char *text = buf_take(&out);
    buf_fini(&out);
    session_fini(&s);
    return text;
}

static void cut_at_any_byte_it_is_refused(void **state)
{
    (void)state;
    size_t len = 0;
    char *text = small_text(&len);
    /* It is whole without its newline, too. */
    for (size_t cut = 0; cut + 1 < len; cut++) {
        char *copy = malloc(cut > 0 ? cut : 1); /* its end is where the sanitizer looks */
        assert_non_null(copy);
        memcpy(copy, text, cut);
        expect_refused(copy, cut, cut == 0 ? "the file is empty" : "not JSON");
        free(copy);
    }
    free(text);
}

/* The byte becomes one that JSON gives a meaning to. The worst that may happen is a refusal. */
static void with_a_byte_changed_it_is_read_or_refused(void **state)
{
    (void)state;
    static const char others[] = {'"', '{', '9', ',', '\xff'};
    struct session s;
    assert_int_equal(session_case("died", &s), 0);
    char *text = session_text(&s);
    size_t len = strlen(text);
    for (size_t at = 0; at < len; at += 13) {
        struct session got;
        struct err err = {0};
        char was = text[at];
        text[at] = others[at % sizeof others];
        if (session_read(text, len, &got, &err) == 0)
            session_fini(&got);
        else
            assert_true(err.text[0] != '\0');
        text[at] = was;
    }
    free(text);
    session_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_and_written_again_it_is_the_same_text),
        cmocka_unit_test(read_back_it_is_the_same_session),
        cmocka_unit_test(last_words_that_are_not_text_are_made_so),
        cmocka_unit_test(damaged_documents_are_refused_by_key),
        cmocka_unit_test(more_than_a_session_has_are_refused),
        cmocka_unit_test(cut_at_any_byte_it_is_refused),
        cmocka_unit_test(with_a_byte_changed_it_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
