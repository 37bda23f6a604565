/* What a report tells of TLS and HTTP/2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/render_cases.h"
#include "support/count_of.h"
#include "support/report_styles.h"
#include "support/run_report.h"

static void a_new_connection_for_each_request_is_told(void **state)
{
    (void)state;
    char *text = report_case("https", &style_utf8);
    assert_says(text,
                "\nTLS        TLSv1.3, TLS_AES_256_GCM_SHA384, resumed handshake per "
                "connection, 20,010 handshakes, 99%\n           resumed, certificate verified");
    assert_says(text, "\nTLS handshake ");
    assert_says(text, "40 x the certificate has expired (CN = localhost, on 2026-11-20); renew it");
    assert_silent(text, "HTTP/2");
    free(text);
}

static void streams_are_told(void **state)
{
    (void)state;
    char *text = report_case("http2", &style_utf8);
    assert_says(text, "closed loop, 10 connections, HTTP/2, 256 streams on each, 10.0 s");
    assert_says(text,
                "keep-alive, 74 handshakes, certificate not verified\n           (--insecure)");
    assert_says(text,
                "\nHTTP/2     the server allows 128 streams per connection, fewer than -p, it "
                "changed that 1 time, it\n           ended 64 connections with GOAWAY, request "
                "bodies waited for its window 310 times, 2.12 s\n           in all\n");
    assert_says(text, "[stream-limit]");
    assert_says(text, "[window-blocked]");
    assert_says(text, "12 failed (7 refused, 5 goaway)");
    free(text);
}

static void without_a_connection_there_is_no_version(void **state)
{
    (void)state;
    char *text = report_case("untrusted", &style_utf8);
    assert_says(text, "100 x the certificate is self-signed (CN = localhost); give it with --ca");
    assert_silent(text, "\nTLS ");
    free(text);
}

static void the_three_modes_are_told_apart(void **state)
{
    (void)state;
    struct result r;
    assert_int_equal(render_case("https", &r), 0);
    for (size_t i = 0; i < r.nconfig; i++) {
        if (strcmp(r.config[i].name, "tls_resume") == 0)
            r.config[i].number = 0;
    }
    r.tls.resumed = 0;
    r.tls.is_mixed = true;
    char *text = report_of(&r, &style_utf8);
    assert_says(text, "TLS_AES_256_GCM_SHA384 (not on all connections), full handshake per "
                      "connection,\n           20,010 handshakes, certificate verified");
    free(text);
    result_fini(&r);
}

static void plain_runs_say_nothing_of_it(void **state)
{
    (void)state;
    char *text = report_case("pool", &style_utf8);
    assert_silent(text, "TLS");
    assert_silent(text, "HTTP/2");
    assert_silent(text, "\nconnect ");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_connection_for_each_request_is_told),
        cmocka_unit_test(streams_are_told),
        cmocka_unit_test(without_a_connection_there_is_no_version),
        cmocka_unit_test(the_three_modes_are_told_apart),
        cmocka_unit_test(plain_runs_say_nothing_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
