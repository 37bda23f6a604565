/* TLS and HTTP/2 in a document: written, read back, and refused where it cannot be. */
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

static json_t *document(const char *name)
{
    struct result r;
    assert_int_equal(render_case(name, &r), 0);
    json_t *doc = result_to_json(&r);
    result_fini(&r);
    return doc;
}

static void reread(const json_t *doc, struct result *r)
{
    struct err err;
    if (result_from_json(doc, r, &err) < 0)
        fail_msg("%s", err.text);
}

static void what_tls_agreed_on_is_read_back(void **state)
{
    (void)state;
    struct result r;
    json_t *doc = document("https");
    reread(doc, &r);
    assert_true(r.has_tls && !r.has_http2);
    assert_string_equal(r.tls.version, "TLSv1.3");
    assert_string_equal(r.tls.cipher, "TLS_AES_256_GCM_SHA384");
    assert_string_equal(r.tls.library, "OpenSSL 3.0.19 27 Jan 2026");
    assert_int_equal(r.tls.handshakes, 20010);
    assert_int_equal(r.tls.resumed, 19800);
    assert_true(r.tls.is_verified && !r.tls.is_mixed);
    assert_int_equal(hist_count(r.handshake), 20010);
    const struct accounting *a = &r.accounting;
    assert_int_equal(a->nconnect_errors, 2);
    assert_string_equal(a->connect_errors[1].trouble, "expired");
    assert_true(str_starts(a->connect_errors[1].text, "the certificate has expired (CN"));
    assert_int_equal(a->connect_errors[1].count, 40);
    assert_int_equal(a->connect_errors[1].number, 0);
    json_t *again = result_to_json(&r);
    assert_true(json_equal(doc, again));
    json_decref(again);
    json_decref(doc);
    result_fini(&r);
}

static void what_http2_met_is_read_back(void **state)
{
    (void)state;
    struct result r;
    json_t *doc = document("http2");
    reread(doc, &r);
    assert_true(r.has_tls && r.has_http2);
    assert_int_equal(r.http2.max_streams, 128);
    assert_int_equal(r.http2.limit_changes, 1);
    assert_int_equal(r.http2.goaways, 64);
    assert_int_equal(r.http2.blocked, 310);
    assert_true(r.http2.blocked_s == 2.125);
    assert_int_equal(r.accounting.failed[LOSS_REFUSED], 7);
    assert_int_equal(r.accounting.failed[LOSS_GOAWAY], 5);
    json_t *again = result_to_json(&r);
    assert_true(json_equal(doc, again));
    json_decref(again);
    json_decref(doc);
    result_fini(&r);
}

/* Before there was TLS, nothing of it was written. */
static void an_older_file_is_read(void **state)
{
    (void)state;
    static const char *const added[] = {"tls",
                                        "http2",
                                        "histograms/handshake",
                                        "accounting/failed/tls",
                                        "accounting/failed/refused",
                                        "accounting/failed/goaway",
                                        "accounting/failed/stream"};
    struct result r;
    json_t *doc = document("collapse");
    assert_true(json_is_null(json_object_get(doc, "tls")));
    assert_true(json_is_null(json_object_get(doc, "http2")));
    for (size_t i = 0; i < LEN(added); i++)
        damage_at(doc, added[i], NULL);
    reread(doc, &r);
    assert_false(r.has_tls || r.has_http2);
    assert_null(r.handshake);
    assert_int_equal(r.accounting.failed[LOSS_TLS], 0);
    assert_int_equal(r.http2.max_streams, MISSING);
    json_decref(doc);
    result_fini(&r);
}

static void a_trouble_of_a_newer_bench_is_kept(void **state)
{
    (void)state;
    struct result r;
    json_t *doc = document("https");
    damage_at(doc, "accounting/connect_errors/0/tls", "\"quantum_9\"");
    reread(doc, &r);
    assert_string_equal(r.accounting.connect_errors[0].trouble, "quantum_9");
    json_decref(doc);
    result_fini(&r);
}

/* To the result "https". */
static const struct damage https_damages[] = {
    {"tls", "7", "tls is not an object"},
    {"tls/version", "7", "tls.version is neither"},
    {"tls/cipher", NULL, "tls.cipher is missing"},
    {"tls/handshakes", "null", "tls.handshakes is not a whole number"},
    {"tls/handshakes", "-1", "tls.handshakes is not a whole number"},
    {"tls/handshakes", "9007199254740991", "tls.handshakes is more than there were connections"},
    {"tls/handshakes", "19900", "histograms.handshake holds more than tls.handshakes"},
    {"tls/resumed", "20011", "tls.resumed is more than tls.handshakes"},
    {"tls/mixed", "1", "tls.mixed is neither true nor false"},
    {"tls/verified", NULL, "tls.verified is missing"},
    {"tls", "null", "tls does not fit the scheme"},
    {"histograms/handshake", "7", "histograms.handshake"},
    {"accounting/failed/stream", NULL, "accounting.failed.stream is missing"},
    {"accounting/failed/goaway", "-1", "accounting.failed.goaway is not a whole"},
    {"accounting/failed/refused", "1", "accounting.sent is not completed +"},
    {"accounting/connect_errors/0/tls", "7", "connect_errors[0].tls is not a text"},
    {"accounting/connect_errors/0/tls", "\"\"", "connect_errors[0].tls is not a kind"},
    {"accounting/connect_errors/0/tls", "\"A b\"", "connect_errors[0].tls is not a kind"},
    {"accounting/connect_errors/0/tls", "\"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddd\"",
     "connect_errors[0].tls is not a kind"},
    {"accounting/connect_errors/0/tls", NULL, "connect_errors[0].errno is missing"},
    {"accounting/connect_errors/0/text", "null", "connect_errors[0].text is not a text"},
    {"accounting/connect_errors/0/errno", "104", "connect_errors[0].errno is beside tls"},
    {"accounting/connect_errors/1/count", "41", "connect_errors count more than connect_failed"},
    {"accounting/connect_errors/1/count", NULL, "connect_errors[1].count is missing"},
};

/* To the result "http2". */
static const struct damage http2_damages[] = {
    {"http2", "[]", "http2 is not an object"},
    {"http2/max_streams", NULL, "http2.max_streams is missing"},
    {"http2/max_streams", "4294967296", "http2.max_streams is more than HTTP/2 can say"},
    {"http2/limit_changes", "null", "http2.limit_changes is not"},
    {"http2/goaways", "1.5", "http2.goaways is not"},
    {"http2/blocked", "0", "http2.blocked_s is time without http2.blocked"},
    {"http2/blocked_s", "-1", "http2.blocked_s is neither"},
};

static void refuse(const char *name, const struct damage *all, size_t count)
{
    json_t *good = document(name);
    for (size_t i = 0; i < count; i++) {
        struct result got;
        struct err err = {0};
        json_t *doc = json_deep_copy(good);
        damage_at(doc, all[i].path, all[i].value);
        if (result_from_json(doc, &got, &err) == 0)
            fail_msg("%s = %s was accepted", all[i].path, all[i].value);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, all[i].complaint) == NULL)
            fail_msg("%s = %s: '%s' instead of '%s'", all[i].path, all[i].value, err.text,
                     all[i].complaint);
        json_decref(doc);
    }
    json_decref(good);
}

static void damaged_documents_are_refused_by_key(void **state)
{
    (void)state;
    refuse("https", https_damages, LEN(https_damages));
    refuse("http2", http2_damages, LEN(http2_damages));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_tls_agreed_on_is_read_back),
        cmocka_unit_test(what_http2_met_is_read_back),
        cmocka_unit_test(an_older_file_is_read),
        cmocka_unit_test(a_trouble_of_a_newer_bench_is_kept),
        cmocka_unit_test(damaged_documents_are_refused_by_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
