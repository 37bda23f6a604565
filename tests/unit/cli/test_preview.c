/* What --dry-run shows of a request, and which files it finds missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cli/preview.h"
#include "support/parsed_run.h"

#define AGENT "bench/" BENCH_VERSION

/* The caller frees it; NULL: see err. */
static char *preview(const char *line, struct err *err)
{
    struct parsed_run p;
    struct buf request;
    char *text = NULL;
    assert_int_equal(parsed_run(&p, line), 0);
    buf_init(&request, BUF_TEXT_MAX);
    if (preview_request(&p.options.plan, &request, err) == 0)
        text = preview_text(&p.options.plan, &request);
    buf_fini(&request);
    plan_fini(&p.options.plan);
    return text;
}

static void the_request_is_shown_as_it_is_sent(void **state)
{
    (void)state;
    static const struct {
        const char *line, *want;
    } cases[] = {
        {"run --insecure https://h/a",
         "GET /a HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nUser-Agent: " AGENT "\r\n\r\n"},
        {"run --strategy pool --tls",
         "GET /heavy HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n"
         "User-Agent: " AGENT "\r\n\r\n"},
        {"run --http2 --insecure https://h:8443/a?b=c",
         ":method: GET\n:scheme: https\n:authority: h:8443\n:path: /a?b=c\n"
         "user-agent: " AGENT "\n\n"},
        {"run --http2 --cmd x -H X-Api-Key:geheim -b body -m POST",
         ":method: POST\n:scheme: http\n:authority: 127.0.0.1\n:path: /\n"
         "user-agent: " AGENT "\ncontent-length: 4\nx-api-key: (hidden)\n\nbody"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        char *text = preview(cases[i].line, &err);
        assert_non_null(text);
        assert_string_equal(text, cases[i].want);
        free(text);
    }
}

static void what_tls_cannot_use_is_told_before_the_run(void **state)
{
    (void)state;
    static const struct {
        const char *line, *want;
    } cases[] = {
        {"run --ca /nonexistent https://h/", "/nonexistent"},
        {"run --ca /dev/null https://h/", "/dev/null"},
        {"run --cert /nonexistent --key /nonexistent https://h/", "/nonexistent"},
        {"run --insecure --ciphers nonsense https://h/", "nonsense"},
        {"run --insecure --tls-min 1.3 --tls-max 1.2 https://h/", "--tls-min or --tls-max"},
        {"run --strategy pool --tls --ciphers nonsense", "nonsense"},
        {"run --cmd x --cmd-scheme https --ca /nonexistent", "/nonexistent"},
        {"run --http2 --raw-headers -H Host:a -H Host:b h", "--http2: two Host headers"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        assert_null(preview(cases[i].line, &err));
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].want) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].line, err.text, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_is_shown_as_it_is_sent),
        cmocka_unit_test(what_tls_cannot_use_is_told_before_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
