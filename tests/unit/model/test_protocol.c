/* What connections spoke, in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/protocol.h"

static void add_text(struct result *r, const char *text)
{
    char name[] = "header";
    char *copy = mem_strdup(text);
    result_add_setting(r, &(struct setting){.name = name, .kind = SETTING_TEXT, .text = copy});
    free(copy);
}

static void add_flag(struct result *r, bool on)
{
    char name[] = "tls_resume";
    result_add_setting(r, &(struct setting){.name = name, .kind = SETTING_FLAG, .number = on});
}

static void the_mode_follows_from_the_options(void **state)
{
    (void)state;
    static const struct {
        const char *headers; /* NULL: none */
        bool resumes;
        enum tls_mode want;
    } cases[] = {
        {NULL, false, TLS_MODE_KEEP_ALIVE},
        {NULL, true, TLS_MODE_KEEP_ALIVE},
        {"Connection: keep-alive", false, TLS_MODE_KEEP_ALIVE},
        {"X-Connection: close", false, TLS_MODE_KEEP_ALIVE},
        {"A: connection", false, TLS_MODE_KEEP_ALIVE},
        {"", true, TLS_MODE_KEEP_ALIVE},
        {"Connection: close", false, TLS_MODE_FULL},
        {"connection:Close", false, TLS_MODE_FULL},
        {"Connection=close", true, TLS_MODE_RESUMED},
        {"A: 1; b=2; Connection: close; C: 3", true, TLS_MODE_RESUMED},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        result_init(&r);
        if (cases[i].headers != NULL)
            add_text(&r, cases[i].headers);
        add_flag(&r, cases[i].resumes);
        if (result_tls_mode(&r) != cases[i].want)
            fail_msg("%s: %s", cases[i].headers, tls_mode_names[result_tls_mode(&r)]);
        result_fini(&r);
    }
}

static void the_protocol_is_told_when_a_connection_was_open(void **state)
{
    (void)state;
    char text[PROTOCOL_TEXT];
    struct result r;
    result_init(&r);
    assert_string_equal(result_protocol(&r, text), "");
    r.accounting.connected = 1;
    assert_string_equal(result_protocol(&r, text), "HTTP/1.1");
    r.has_http2 = true;
    assert_string_equal(result_protocol(&r, text), "HTTP/2");
    r.has_tls = true;
    assert_string_equal(result_protocol(&r, text), "HTTP/2 over TLS with an unknown cipher");
    r.tls.version = mem_strdup("TLSv1.2");
    r.tls.cipher = mem_strdup("ECDHE-ECDSA-AES128-GCM-SHA256");
    assert_string_equal(result_protocol(&r, text),
                        "HTTP/2 over TLSv1.2 with ECDHE-ECDSA-AES128-GCM-SHA256");
    result_fini(&r);
}

static void failures_of_tls_are_counted_apart(void **state)
{
    (void)state;
    char key[] = "expired";
    struct connect_error errors[] = {
        {.number = 111, .count = 3}, {.trouble = key, .count = 4}, {.trouble = key, .count = 5}};
    struct accounting a = {.connect_errors = errors, .nconnect_errors = LEN(errors)};
    assert_int_equal(accounting_tls_failed(&a), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mode_follows_from_the_options),
        cmocka_unit_test(the_protocol_is_told_when_a_connection_was_open),
        cmocka_unit_test(failures_of_tls_are_counted_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
