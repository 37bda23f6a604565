#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "analysis/reference.h"
#include "base/mem.h"
#include "cases/compare_cases.h"
#include "store/comparison_file.h"
#include "store/comparison_json.h"
#include "support/damage.h"
#include "support/document_text.h"

/* --- there and back --- */

static void read_back_it_is_the_same_comparison(void **state)
{
    (void)state;
    struct comparison c;
    struct comparison got;
    struct err err;
    assert_int_equal(compare_case("rounds", &c), 0);
    char *text = comparison_text(&c);
    assert_int_equal(comparison_read(text, strlen(text), &got, &err), 0);
    assert_string_equal(got.title, "pool or offload");
    assert_string_equal(got.tool_version, "0.1.0");
    assert_int_equal(got.nargv, 4);
    assert_string_equal(got.argv[3], "100");
    assert_true(got.seed == 42 && got.rounds == 3 && !got.interrupted);
    assert_int_equal(got.started_wall_ms, c.started_wall_ms);
    assert_int_equal(got.narms, 3);
    assert_int_equal(got.arms[1].nresults, 2);
    assert_int_equal(got.arms[1].problems[0].round, 2);
    assert_int_equal(got.arms[1].results[1].accounting.completed, 3380);
    assert_int_equal(got.ntrials, 9);
    for (size_t i = 0; i < got.ntrials; i++)
        assert_true(got.trials[i].arm == c.trials[i].arm &&
                    got.trials[i].round == c.trials[i].round);
    assert_int_equal(got.nfindings, c.nfindings);
    free(text);
    comparison_fini(&c);
    comparison_fini(&got);
}

static void read_back_they_are_the_same_claims(void **state)
{
    (void)state;
    struct comparison c;
    struct comparison got;
    struct err err;
    assert_int_equal(compare_case("claims", &c), 0);
    char *text = comparison_text(&c);
    assert_int_equal(comparison_read(text, strlen(text), &got, &err), 0);
    assert_int_equal(got.nclaims, 7);
    assert_string_equal(got.claims[1].code, "threads-time-out");
    assert_string_equal(got.claims[1].text, "unpooled threads complete 0 requests and time out");
    assert_null(got.claims[0].published);
    assert_string_equal(got.claims[1].published, "0 requests, all timed out");
    assert_string_equal(got.claims[1].arm, "threads");
    assert_string_equal(got.claims[1].measured, "14 requests, 86 in flight");
    assert_string_equal(got.claims[2].reason, "It completed 0 of 100 requests.");
    assert_null(got.claims[4].measured);
    assert_int_equal(got.claims[0].verdict, CLAIM_HOLDS);
    assert_int_equal(got.claims[1].verdict, CLAIM_FAILS);
    assert_int_equal(got.claims[4].verdict, CLAIM_NOT_COMPARABLE);
    assert_int_equal(got.claims[1].nfigures, 1);
    assert_string_equal(got.claims[1].figures[0].arm, "threads");
    assert_string_equal(got.claims[1].figures[0].metric, "completed");
    assert_true(got.claims[1].figures[0].value == 14);
    assert_true(isnan(got.claims[4].figures[0].value));
    free(text);
    comparison_fini(&c);
    comparison_fini(&got);
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
    struct comparison got;
    struct err err = {0};
    expect_complaint(comparison_read(bytes, len, &got, &err), &err, complaint);
}

/* To the comparison "rounds". */
static const struct damage damages[] = {
    {"schema", NULL, "schema is missing: not a comparison"},
    {"schema", "\"bench.result/1\"", "schema is not bench.comparison/1"},
    {"schema", "7", "schema is missing"},
    {"title", "7", "title is neither null nor a text"},
    {"seed", "-1", "seed is not a whole number"},
    {"seed", "9007199254740992", "seed is not a whole number"},
    {"rounds", "2", "arms[0].results are more than the rounds"},
    {"rounds", "0", "rounds is not from 1 to 1000"},
    {"rounds", "1001", "rounds is not from 1 to 1000"},
    {"rounds", "100000000", "rounds is not from 1 to 1000"},
    {"rounds", "334", "rounds times the arms are more than 1000"},
    {"rounds", "\"3\"", "rounds is not a whole number"},
    {"start", "\"now\"", "start is not a time"},
    {"finish", NULL, "finish is missing"},
    {"interrupted", "0", "interrupted is neither true nor false"},
    {"tool", NULL, "tool is missing"},
    {"tool/argv", "{}", "tool.argv is not an array"},
    {"tool/argv/1", "7", "tool.argv holds something that is not a text"},
    {"order", "{}", "order is not an array"},
    {"order/0", "\"who\"", "order holds something that is not the name of an arm"},
    {"order/0", "null", "order holds something that is not the name of an arm"},
    {"order", "[\"pool\", \"pool\", \"pool\", \"pool\"]", "order has an arm more often"},
    {"order",
     "[\"pool\", \"pool\", \"pool\", \"pool\", \"pool\", \"pool\", \"pool\", \"pool\", \"pool\", "
     "\"pool\"]",
     "order has more trials than the rounds of all arms"},
    {"findings", "7", "findings is not an array"},
    {"findings/0", "7", "findings[0].code is missing"},
    {"findings/0/text", "null", "findings[0].text is not a text"},
    {"findings/1/figures", NULL, "findings[1].figures is missing"},
    {"findings/1/figures/0/value", "\"x\"", "findings[1].figures[0].value is neither"},
    {"findings/1/figures/0/metric", "null", "findings[1].figures[0].metric is not a text"},
    {"claims", NULL, "claims is missing"},
    {"arms", "{}", "arms is not an array"},
    {"arms/0", "7", "arms[0].name is not a text"},
    {"arms/0/name", "\"\"", "arms[0].name is not a text of one character"},
    {"arms/1/name", "\"pool\"", "arms[1].name is that of another arm"},
    {"arms/0/results", "7", "arms[0].results is not an array"},
    {"arms/0/results/1", "7", "arms[0].results[1]: not a JSON object"},
    {"arms/0/results/1/schema", "\"bench.result/2\"", "arms[0].results[1]: schema is not"},
    {"arms/0/results/2/accounting/sent", "1", "arms[0].results[2]: accounting.sent is not"},
    {"arms/1/problems", NULL, "arms[1].problems is missing"},
    {"arms/1/problems/0/round", "0", "arms[1].problems[0].round is none of the rounds"},
    {"arms/1/problems/0/round", "4", "arms[1].problems[0].round is none of the rounds"},
    {"arms/0/problems", "[{}]", "arms[0].results and its problems are more than the rounds"},
    {"arms/1/problems/0/text", "[]", "arms[1].problems[0].text is not a text"},
};

/* To the comparison "claims". */
static const struct damage claim_damages[] = {
    {"claims", "{}", "claims is not an array"},
    {"claims/0", "7", "claims[0].code is missing"},
    {"claims/0/code", "null", "claims[0].code is not a text"},
    {"claims/1/claim", NULL, "claims[1].claim is missing"},
    {"claims/1/claim", "[]", "claims[1].claim is not a text"},
    {"claims/1/published", NULL, "claims[1].published is missing"},
    {"claims/1/published", "7", "claims[1].published is neither null nor a text"},
    {"claims/0/arm", "null", "claims[0].arm is not a text"},
    {"claims/0/arm", "\"nobody\"", "claims[0].arm is not the name of an arm"},
    {"claims/0/arm", "\"\"", "claims[0].arm is not the name of an arm"},
    {"claims/2/measured", NULL, "claims[2].measured is missing"},
    {"claims/2/measured", "{}", "claims[2].measured is neither null nor a text"},
    {"claims/0/verdict", NULL, "claims[0].verdict is none of holds, does_not_hold, not_comp"},
    {"claims/0/verdict", "null", "claims[0].verdict is none of"},
    {"claims/0/verdict", "\"does not hold\"", "claims[0].verdict is none of"},
    {"claims/6/verdict", "0", "claims[6].verdict is none of"},
    {"claims/6/reason", NULL, "claims[6].reason is missing"},
    {"claims/6/reason", "null", "claims[6].reason is not a text"},
    {"claims/1/figures", NULL, "claims[1].figures is missing"},
    {"claims/1/figures", "7", "claims[1].figures is not an array"},
    {"claims/1/figures/0", "7", "claims[1].figures[0].arm is missing"},
    {"claims/1/figures/0/value", "\"x\"", "claims[1].figures[0].value is neither"},
    {"claims/1/figures/0/metric", "null", "claims[1].figures[0].metric is not a text"},
};

/* To the comparison "reference". What is judged again is not read. */
static const struct damage reference_damages[] = {
    {"reference", "7", "reference is not an object"},
    {"reference", "[]", "reference is not an object"},
    {"reference/arm", NULL, "reference.arm is not the name of an arm"},
    {"reference/arm", "0", "reference.arm is not the name of an arm"},
    {"reference/arm", "\"nobody\"", "reference.arm is not the name of an arm"},
};

static void expect_damages_refused(const char *name, const struct damage *each, size_t count)
{
    struct comparison c;
    struct err err;
    assert_int_equal(compare_case(name, &c), 0);
    char *text = comparison_text(&c);
    json_t *good = doc_parse(text, strlen(text), &err);
    for (size_t i = 0; i < count; i++) {
        struct comparison got;
        json_t *doc = json_deep_copy(good);
        damage_at(doc, each[i].path, each[i].value);
        expect_complaint(comparison_from_json(doc, &got, &err), &err, each[i].complaint);
        json_decref(doc);
    }
    json_decref(good);
    free(text);
    comparison_fini(&c);
}

static void damaged_documents_are_refused_by_key(void **state)
{
    (void)state;
    expect_damages_refused("rounds", damages, LEN(damages));
    expect_damages_refused("claims", claim_damages, LEN(claim_damages));
    expect_damages_refused("reference", reference_damages, LEN(reference_damages));
}

/* Older files lack it; and a verdict in a file is no verdict of ours. */
static void of_the_reference_only_its_name_is_read(void **state)
{
    (void)state;
    struct comparison c;
    struct comparison got;
    struct err err;
    assert_int_equal(compare_case("reference", &c), 0);
    json_t *doc = comparison_to_json(&c);
    assert_int_equal(comparison_from_json(doc, &got, &err), 0);
    assert_true(got.reference->arm == 0 && got.reference->narms == 0);
    comparison_fini(&got);
    damage_at(doc, "reference/arms/0/verdicts/0/verdict", "\"better\"");
    assert_int_equal(comparison_from_json(doc, &got, &err), 0);
    reference_judge(&got, got.reference->arm);
    assert_int_equal(got.reference->arms[0].verdicts[0].word, REFERENCE_WORSE);
    comparison_fini(&got);
    damage_at(doc, "reference", "null");
    assert_int_equal(comparison_from_json(doc, &got, &err), 0);
    assert_null(got.reference);
    comparison_fini(&got);
    damage_at(doc, "reference", NULL);
    assert_int_equal(comparison_from_json(doc, &got, &err), 0);
    assert_null(got.reference);
    comparison_fini(&got);
    json_decref(doc);
    comparison_fini(&c);
}

/* A small document, so that it can be cut at every byte; a result makes it ten times as long. */
static char *small_text(size_t results, size_t *len)
{
    struct comparison c;
    struct buf out;
    struct result r;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "a");
    comparison_add_problem(&c, 0, 1, "no \xc3\xbc port");
    result_init(&r);
    c.rounds = 2;
    if (results > 0)
        comparison_add_result(&c, 0, 2, &r);
    findings_add(&c);
    buf_init(&out, BUF_TEXT_MAX);
    comparison_write(&c, DOC_LINE, &out);
    *len = out.len;
    char *text = buf_take(&out);
    buf_fini(&out);
    comparison_fini(&c);
    return text;
}

static void cut_at_any_byte_it_is_refused(void **state)
{
    (void)state;
    size_t len = 0;
    struct comparison got;
    struct err err;
    char *text = small_text(0, &len);
    assert_int_equal(comparison_read(text, len, &got, &err), 0);
    comparison_fini(&got);
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
    size_t len = 0;
    char *text = small_text(1, &len);
    for (size_t at = 0; at < len; at += 7) {
        struct comparison got;
        struct err err = {0};
        char was = text[at];
        text[at] = others[at % sizeof others];
        if (comparison_read(text, len, &got, &err) == 0)
            comparison_fini(&got);
        else
            assert_true(err.text[0] != '\0');
        text[at] = was;
    }
    free(text);
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    static const char *const openings[] = {"[", "{\"a\":", "{\"arms\":[{\"results\":["};
    const size_t size = (size_t)1 << 19;
    for (size_t i = 0; i < LEN(openings); i++) {
        struct buf text;
        buf_init(&text, 2 * size);
        while (text.len < size)
            buf_puts(&text, openings[i]);
        expect_refused(text.data, text.len, "not JSON");
        buf_fini(&text);
    }
}

static void more_arms_than_fit_are_refused(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    for (int i = 0; i <= COMPARISON_ARMS_MAX; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "arm%d", i);
        (void)comparison_add_arm(&c, name);
    }
    char *text = comparison_text(&c);
    expect_refused(text, strlen(text), "arms are more than 100");
    free(text);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_back_it_is_the_same_comparison),
        cmocka_unit_test(read_back_they_are_the_same_claims),
        cmocka_unit_test(damaged_documents_are_refused_by_key),
        cmocka_unit_test(of_the_reference_only_its_name_is_read),
        cmocka_unit_test(cut_at_any_byte_it_is_refused),
        cmocka_unit_test(with_a_byte_changed_it_is_read_or_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(more_arms_than_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
