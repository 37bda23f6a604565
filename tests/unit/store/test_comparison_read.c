#include <inttypes.h>
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

#include "analysis/findings/findings.h"
#include "base/mem.h"
#include "base/rng.h"
#include "cases/compare_cases.h"
#include "cases/render_cases.h"
#include "store/comparison_file.h"
#include "store/comparison_json.h"
#include "store/file.h"
#include "store/result_file.h"
#include "support/damage.h"

static char *text_of(const struct comparison *c)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    comparison_write(c, DOC_INDENTED, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

/* --- order --- */

static void every_round_has_every_arm_once(void **state)
{
    (void)state;
    struct trial_ref trials[5 * 40];
    size_t first[5] = {0};
    comparison_order(7, 5, 40, trials);
    for (size_t round = 0; round < 40; round++) {
        unsigned seen = 0;
        for (size_t i = 0; i < 5; i++) {
            const struct trial_ref *trial = &trials[round * 5 + i];
            assert_int_equal(trial->round, round + 1);
            seen |= 1U << trial->arm;
        }
        assert_int_equal(seen, 0x1f);
        first[trials[round * 5].arm]++;
    }
    /* Of 40 rounds an arm is first in 8; one that never is, or always, is not shuffled. */
    for (size_t arm = 0; arm < 5; arm++)
        assert_true(first[arm] > 0 && first[arm] < 24);
}

static void a_seed_gives_one_order(void **state)
{
    (void)state;
    struct trial_ref a[12];
    struct trial_ref b[12];
    comparison_order(99, 4, 3, a);
    comparison_order(99, 4, 3, b);
    for (size_t i = 0; i < LEN(a); i++)
        assert_true(a[i].arm == b[i].arm && a[i].round == b[i].round);
    comparison_order(100, 4, 3, b);
    size_t same = 0;
    for (size_t i = 0; i < LEN(a); i++)
        same += a[i].arm == b[i].arm;
    assert_true(same < LEN(a));
}

/* Each round gave either a result or a problem, in whatever order they are told. */
static void results_keep_the_order_of_the_rounds(void **state)
{
    (void)state;
    static const int64_t rounds[] = {4, 1, 3};
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "a");
    comparison_add_problem(&c, 0, 2, "no port");
    for (size_t i = 0; i < LEN(rounds); i++) {
        struct result r;
        result_init(&r);
        r.connections = rounds[i];
        r.title = mem_strdup("moved");
        comparison_add_result(&c, 0, rounds[i], &r);
        assert_null(r.title);
    }
    assert_int_equal(c.arms[0].nresults, 3);
    assert_int_equal(c.arms[0].results[0].connections, 1);
    assert_int_equal(c.arms[0].results[1].connections, 3);
    assert_int_equal(c.arms[0].results[2].connections, 4);
    comparison_fini(&c);
}

/* --- there and back --- */

static void read_back_it_is_the_same_text(void **state)
{
    (void)state;
    for (size_t i = 0; compare_case_names[i] != NULL; i++) {
        struct comparison c;
        struct comparison again;
        struct err err;
        assert_int_equal(compare_case(compare_case_names[i], &c), 0);
        char *first = text_of(&c);
        if (comparison_read(first, strlen(first), &again, &err) < 0)
            fail_msg("%s: %s", compare_case_names[i], err.text);
        char *second = text_of(&again);
        assert_string_equal(first, second);
        free(first);
        free(second);
        comparison_fini(&c);
        comparison_fini(&again);
    }
}

static void made_again_the_findings_are_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; compare_case_names[i] != NULL; i++) {
        struct comparison c;
        struct comparison again;
        struct err err;
        assert_int_equal(compare_case(compare_case_names[i], &c), 0);
        char *first = text_of(&c);
        assert_int_equal(comparison_read(first, strlen(first), &again, &err), 0);
        findings_add(&again);
        char *second = text_of(&again);
        assert_string_equal(first, second);
        free(first);
        free(second);
        comparison_fini(&c);
        comparison_fini(&again);
    }
}

/* Numbers of many digits, which a document rounds: what was said of them stays. */
static void odd_numbers_leave_the_findings_as_they_were(void **state)
{
    (void)state;
    struct rng rng;
    rng_init(&rng, 5);
    for (int n = 0; n < 2; n++) {
        struct comparison c;
        struct comparison again;
        struct err err;
        assert_int_equal(compare_case("five", &c), 0);
        for (size_t i = 0; i < c.narms; i++) {
            struct result *r = &c.arms[i].results[0];
            r->duration_s = 10 + rng_unit(&rng) / 3;
            r->client.busiest_worker = rng_unit(&rng) / 7;
            r->client.run_wait_s = rng_unit(&rng) * 2;
            r->server.total.cpu_per_request_us = 1000 * rng_unit(&rng);
            r->queue.completed_per_s = 100 * rng_unit(&rng);
        }
        findings_add(&c);
        char *first = text_of(&c);
        assert_int_equal(comparison_read(first, strlen(first), &again, &err), 0);
        findings_add(&again);
        char *second = text_of(&again);
        assert_string_equal(first, second);
        free(first);
        free(second);
        comparison_fini(&c);
        comparison_fini(&again);
    }
}

static void read_back_it_is_the_same_comparison(void **state)
{
    (void)state;
    struct comparison c;
    struct comparison got;
    struct err err;
    assert_int_equal(compare_case("rounds", &c), 0);
    char *text = text_of(&c);
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
    char *text = text_of(&c);
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
    {"rounds", "2", "arms[0].results and its problems are more than the rounds"},
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

static void expect_damages_refused(const char *name, const struct damage *each, size_t count)
{
    struct comparison c;
    struct err err;
    assert_int_equal(compare_case(name, &c), 0);
    char *text = text_of(&c);
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
}

/* Small, so that every byte can be the last; with a result it is ten times as long. */
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
    /* Without its newline it is whole as well. */
    for (size_t cut = 0; cut + 1 < len; cut++) {
        char *copy = malloc(cut > 0 ? cut : 1); /* its end is where the sanitizer looks */
        assert_non_null(copy);
        memcpy(copy, text, cut);
        expect_refused(copy, cut, "not JSON");
        free(copy);
    }
    free(text);
}

/* A byte turned into one that means something: never more than a refusal. */
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
    const size_t size = (size_t)1 << 20;
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
    char *text = text_of(&c);
    expect_refused(text, strlen(text), "arms are more than 100");
    free(text);
    comparison_fini(&c);
}

/* --- files --- */

struct folder {
    char path[64];
};

static int folder_make(void **state)
{
    struct folder *f = mem_zalloc(sizeof *f);
    (void)snprintf(f->path, sizeof f->path, "/tmp/test_comparison.XXXXXX");
    *state = f;
    return mkdtemp(f->path) == NULL ? -1 : 0;
}

static int folder_remove(void **state)
{
    struct folder *f = *state;
    int result = rmdir(f->path);
    free(f);
    return result;
}

static void saved_and_loaded_it_is_the_same(void **state)
{
    const struct folder *f = *state;
    struct comparison c;
    struct stored stored;
    struct err err;
    char *first = NULL;
    char *second = NULL;
    assert_int_equal(compare_case("nothing", &c), 0);
    assert_int_equal(comparison_save(&c, f->path, &first, &err), 0);
    assert_int_equal(comparison_save(&c, f->path, &second, &err), 0);
    char *want = mem_printf("%s/20261122T210405Z-comparison.json", f->path);
    char *want_second = mem_printf("%s/20261122T210405Z-comparison-2.json", f->path);
    assert_string_equal(first, want);
    assert_string_equal(second, want_second);
    assert_int_equal(stored_load(first, &stored, &err), 0);
    assert_int_equal(stored.kind, STORED_COMPARISON);
    char *a = text_of(&c);
    char *b = text_of(&stored.comparison);
    assert_string_equal(a, b);
    stored_fini(&stored);
    struct comparison loaded;
    assert_int_equal(comparison_load(second, &loaded, &err), 0);
    comparison_fini(&loaded);
    assert_int_equal(unlink(first), 0);
    assert_int_equal(unlink(second), 0);
    char *texts[] = {first, second, want, want_second, a, b};
    for (size_t i = 0; i < LEN(texts); i++)
        free(texts[i]);
    comparison_fini(&c);
}

static void a_stored_result_is_known_as_one(void **state)
{
    const struct folder *f = *state;
    struct result r;
    struct stored stored;
    struct comparison c;
    struct err err;
    char *path = NULL;
    char *to = mem_printf("%s/a.json", f->path);
    assert_int_equal(render_case("pool", &r), 0);
    assert_int_equal(result_save(&r, NULL, to, &path, &err), 0);
    assert_int_equal(stored_load(to, &stored, &err), 0);
    assert_int_equal(stored.kind, STORED_RESULT);
    assert_string_equal(stored.result.strategy, "pool");
    stored_fini(&stored);
    assert_int_equal(comparison_load(to, &c, &err), -1);
    assert_non_null(strstr(err.text, "a.json: schema is not bench.comparison/1"));
    assert_int_equal(unlink(to), 0);
    free(path);
    free(to);
    result_fini(&r);
}

static void what_is_stored_must_be_known(void **state)
{
    const struct folder *f = *state;
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"{\"schema\": \"bench.plan/1\"}", "a.json: schema is 'bench.plan/1', which this bench"},
        {"{\"schema\": \"a\\u001b[31mb\"}", "a.json: schema is 'a?[31mb', which this bench"},
        {"{}", "a.json: schema is missing"},
        {"[]", "a.json: schema is missing"},
        {"{\"schema\": \"bench.comparison/1\"}", "a.json: title is missing"},
        {"{\"schema\": \"bench.result/1\"}", "a.json: title is missing"},
        {"", "a.json: line 1"},
    };
    char *path = mem_printf("%s/a.json", f->path);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct stored stored;
        struct err err;
        assert_int_equal(store_file_write(path, cases[i].text, strlen(cases[i].text), &err), 0);
        assert_int_equal(stored_load(path, &stored, &err), -1);
        if (strstr(err.text, cases[i].complaint) == NULL)
            fail_msg("'%s' instead of '%s'", err.text, cases[i].complaint);
    }
    assert_int_equal(unlink(path), 0);
    struct stored stored;
    struct err err;
    assert_int_equal(stored_load(path, &stored, &err), -1);
    assert_non_null(strstr(err.text, "cannot read"));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_round_has_every_arm_once),
        cmocka_unit_test(a_seed_gives_one_order),
        cmocka_unit_test(results_keep_the_order_of_the_rounds),
        cmocka_unit_test(read_back_it_is_the_same_text),
        cmocka_unit_test(made_again_the_findings_are_the_same),
        cmocka_unit_test(odd_numbers_leave_the_findings_as_they_were),
        cmocka_unit_test(read_back_it_is_the_same_comparison),
        cmocka_unit_test(read_back_they_are_the_same_claims),
        cmocka_unit_test(damaged_documents_are_refused_by_key),
        cmocka_unit_test(cut_at_any_byte_it_is_refused),
        cmocka_unit_test(with_a_byte_changed_it_is_read_or_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(more_arms_than_fit_are_refused),
        cmocka_unit_test_setup_teardown(saved_and_loaded_it_is_the_same, folder_make,
                                        folder_remove),
        cmocka_unit_test_setup_teardown(a_stored_result_is_known_as_one, folder_make,
                                        folder_remove),
        cmocka_unit_test_setup_teardown(what_is_stored_must_be_known, folder_make, folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
