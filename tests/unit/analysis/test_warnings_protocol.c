/* Warnings on TLS and HTTP/2. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/warnings.h"
#include "base/mem.h"
#include "cases/healthy_result.h"

static void fail_connects(struct result *r, const char *text, int64_t count)
{
    struct accounting *a = &r->accounting;
    a->connect_failed = count;
    a->connect_errors = mem_array(1, sizeof *a->connect_errors);
    a->connect_errors[0] = (struct connect_error){
        .trouble = mem_strdup("self_signed"), .text = mem_strdup(text), .count = count};
    a->nconnect_errors = 1;
}

static void only(const struct result *r, const char *code)
{
    if (r->nwarnings != 1 || strcmp(r->warnings[0].code, code) != 0)
        fail_msg("%s: %zu warnings, the first %s", code, r->nwarnings,
                 r->nwarnings > 0 ? r->warnings[0].code : "-");
}

static void a_failed_handshake_has_its_own_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *text, *what, *remedy;
    } cases[] = {
        {"it is self-signed (CN = a); give it with --ca FILE", "it is self-signed (CN = a)",
         "give it with --ca FILE"},
        {"no version; allow an older one; or a newer", "no version",
         "allow an older one; or a newer"},
        {"odd (CN = b); c (d); remedy", "odd (CN = b); c (d)", "remedy"},
        {"no remedy", "no remedy", NULL},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        char want[200];
        healthy_result(&r);
        fail_connects(&r, cases[i].text, 10);
        warnings_add(&r);
        only(&r, "connects-failed");
        (void)snprintf(want, sizeof want,
                       "50.00 %% of the attempts to connect failed, mostly in TLS: %s",
                       cases[i].what);
        assert_string_equal(r.warnings[0].message, want);
        if (cases[i].remedy == NULL)
            assert_null(r.warnings[0].remedy);
        else
            assert_string_equal(r.warnings[0].remedy, cases[i].remedy);
        result_fini(&r);
    }
}

/* It is all that `bench run` prints, as an error, so the remedy is a part of it. */
static void without_any_connection_the_message_has_the_remedy(void **state)
{
    (void)state;
    struct result r;
    struct err err;
    char text[400];
    result_init(&r);
    fail_connects(&r, "the certificate is self-signed (CN = a); give it with --ca FILE", 50);
    warnings_add(&r);
    only(&r, "nothing-connected");
    assert_false(r.valid);
    assert_string_equal(r.warnings[0].message,
                        "no connection could be opened: the certificate is self-signed (CN = a); "
                        "give it with --ca FILE");
    result_fini(&r);
    result_init(&r);
    memset(text, 'x', 250); /* a long name must not push it out of an error's text */
    (void)snprintf(text + 250, sizeof text - 250, "); give it with --ca FILE, or use --insecure");
    fail_connects(&r, text, 50);
    warnings_add(&r);
    (void)err_set(&err, ERR_INVALID, "%s", r.warnings[0].message);
    assert_non_null(strstr(err.text, "; give it with --ca FILE, or use --insecure"));
    result_fini(&r);
}

static void what_http2_kept_from_the_load_is_told(void **state)
{
    (void)state;
    struct result r;
    healthy_result(&r);
    r.has_http2 = true;
    r.pipelining = 100;
    r.http2 = (struct http2_use){.max_streams = 100};
    r.client.little_residual = 0;
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    r.http2.max_streams = 99;
    warnings_add(&r);
    only(&r, "stream-limit");
    assert_string_equal(r.warnings[0].message,
                        "the server allows 99 streams on a connection: -p 100 asked for more, and "
                        "was not reached");
    result_fini(&r);
    healthy_result(&r);
    r.has_http2 = true;
    r.http2 = (struct http2_use){.max_streams = MISSING, .blocked = 20, .blocked_s = 0.9};
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    r.http2.blocked_s = 2;
    warnings_add(&r);
    only(&r, "window-blocked");
    assert_string_equal(r.warnings[0].message,
                        "request bodies waited for the server's flow-control window 20 times, 2.0 "
                        "% of the time of all connections");
    result_fini(&r);
}

static void losses_of_streams_have_remedies(void **state)
{
    (void)state;
    static const struct {
        enum loss_kind kind;
        const char *remedy;
    } cases[] = {{LOSS_TLS, "was no TLS"},
                 {LOSS_REFUSED, "lower -p"},
                 {LOSS_GOAWAY, "keepalive_requests"},
                 {LOSS_STREAM, "the code of its reset"}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        healthy_result(&r);
        r.has_http2 = true;
        r.http2.max_streams = MISSING;
        r.accounting.completed -= 100;
        r.accounting.failed[cases[i].kind] = 90;
        r.accounting.failed[LOSS_EOF] = 10;
        warnings_add(&r);
        only(&r, "lost");
        assert_non_null(strstr(r.warnings[0].remedy, cases[i].remedy));
        result_fini(&r);
    }
}

static void streams_are_no_pipelining(void **state)
{
    (void)state;
    struct result r;
    healthy_result(&r);
    r.has_http2 = true;
    r.http2.max_streams = MISSING;
    r.pipelining = 10;
    r.accounting.completed -= 200;
    r.accounting.failed[LOSS_EOF] = 200;
    warnings_add(&r);
    only(&r, "lost");
    result_fini(&r);
}

static void mixed_connections_are_told(void **state)
{
    (void)state;
    struct result r;
    healthy_result(&r);
    r.has_tls = true;
    r.tls.is_mixed = true;
    warnings_add(&r);
    only(&r, "tls-mixed");
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_handshake_has_its_own_remedy),
        cmocka_unit_test(without_any_connection_the_message_has_the_remedy),
        cmocka_unit_test(what_http2_kept_from_the_load_is_told),
        cmocka_unit_test(losses_of_streams_have_remedies),
        cmocka_unit_test(streams_are_no_pipelining),
        cmocka_unit_test(mixed_connections_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
