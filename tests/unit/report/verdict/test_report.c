#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/session_cases.h"
#include "report/verdict/report.h"
#include "store/session_file.h"
#include "store/verdict_json.h"

#define MARKDOWN_MOST ((size_t)60000) /* less than the characters of a comment on GitHub */
#define LONG_TEXT     100000

enum format { TEXT, MARKDOWN, JUNIT, GITHUB, CSV, JSON, FORMATS };

static char *report(const struct session *s, enum format format)
{
    static const struct report_style style = {.utf8 = true};
    struct verdict v;
    struct err err;
    struct buf out;
    if (verdict_make(s, &v, &err) < 0)
        fail_msg("%s", err.text);
    const struct verdict_page page = {.verdict = &v, .file = "a.json"};
    buf_init(&out, BUF_TEXT_MAX);
    switch (format) {
    case TEXT:
        report_verdict_text(&page, &style, &out);
        report_verdict_blocks(&v, &style, &out);
        break;
    case MARKDOWN:
        report_verdict_markdown(&page, &out);
        break;
    case JUNIT:
        report_verdict_junit(&page, &out);
        break;
    case GITHUB:
        report_verdict_github(&page, &out);
        break;
    case CSV:
        report_verdict_csv(&page, &out);
        break;
    default:
        verdict_write(&v, "a.json", false, DOC_INDENTED, &out);
        break;
    }
    verdict_fini(&v);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

static void expect_same(const struct session *s, const struct session *other, const char *name)
{
    for (enum format format = TEXT; format < FORMATS; format++) {
        char *a = report(s, format);
        char *b = report(other, format);
        if (strcmp(a, b) != 0)
            fail_msg("%s: format %d: '%s' and '%s'", name, (int)format, a, b);
        free(a);
        free(b);
    }
}

/* But for texts that are no UTF-8, which only a stored session has not ("died"). */
static void a_document_gives_the_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; session_case_names[i] != NULL; i++) {
        struct session s;
        struct session once;
        struct session twice;
        struct err err;
        assert_int_equal(session_case(session_case_names[i], &s), 0);
        assert_int_equal(session_as_stored(&s, &once, &err), 0);
        assert_int_equal(session_as_stored(&once, &twice, &err), 0);
        expect_same(&once, &twice, session_case_names[i]);
        if (strcmp(session_case_names[i], "died") != 0)
            expect_same(&s, &once, session_case_names[i]);
        session_fini(&s);
        session_fini(&once);
        session_fini(&twice);
    }
}

static char *long_text(void)
{
    char *text = mem_array(LONG_TEXT + 1, 1);
    memset(text, '|', LONG_TEXT);
    text[LONG_TEXT] = '\0';
    return text;
}

static void replace(char **text)
{
    free(*text);
    *text = long_text();
}

static void the_largest_session_fits_a_summary(void **state)
{
    (void)state;
    struct session s;
    assert_int_equal(session_case("open", &s), 0);
    while (s.ngates < SESSION_GATES_MAX)
        session_add_gate(&s, SESSION_GATE_FAIL, "p50>+1% and +1us", false);
    replace(&s.arms[0].name);
    replace(&s.arms[1].name);
    s.arms[1].name[0] = 'a'; /* another one */
    replace(&s.arms[0].target);
    replace(&s.environment.os);
    replace(&s.environment.cpu_model);
    replace(&s.tool_version);
    replace(&s.path);
    while (s.nredone < SESSION_REDONE_MAX) {
        struct session_redo died = {.flaw = SESSION_FLAW_DIED, .text = s.path};
        session_add_redo(&s, &died);
    }
    char *text = report(&s, MARKDOWN);
    assert_true(strlen(text) < MARKDOWN_MOST);
    free(text);
    session_fini(&s);
}

/* What TLS was spoken is in the document, and in each report on it that has a place for it. */
static void tls_is_told(void **state)
{
    (void)state;
    struct session s;
    struct session stored;
    struct err err;
    assert_int_equal(session_case("pass", &s), 0);
    char *text = report(&s, TEXT);
    assert_null(strstr(text, "TLS"));
    free(text);
    for (size_t i = 0; i < s.nblocks; i++) {
        for (size_t k = 0; k < s.narms; k++) {
            struct result *r = &s.blocks[i].sides[k].result;
            r->has_tls = true;
            r->tls.version = mem_strdup("TLSv1.3");
            r->tls.cipher = mem_strdup("TLS_AES_256_GCM_SHA384");
            r->tls.is_verified = k == 0;
        }
    }
    assert_int_equal(session_as_stored(&s, &stored, &err), 0);
    text = report(&stored, TEXT);
    assert_non_null(strstr(text, "TLS        base: TLSv1.3, TLS_AES_256_GCM_SHA384, certificate "
                                 "verified; head: TLSv1.3,"));
    assert_non_null(strstr(text, "not verified (--insecure)"));
    free(text);
    text = report(&stored, MARKDOWN);
    assert_non_null(strstr(text, "\n- TLS: base: TLSv1.3, TLS"));
    free(text);
    session_fini(&s);
    session_fini(&stored);
}

/* An older session only has the options. */
static void insecure_arms_of_old_sessions_are_told(void **state)
{
    (void)state;
    static char name[] = "insecure";
    const struct setting on = {.name = name, .kind = SETTING_FLAG, .number = 1};
    struct session s;
    assert_int_equal(session_case("pass", &s), 0);
    settings_add(&s.arms[1].config, &s.arms[1].nconfig, &on);
    char *text = report(&s, TEXT);
    assert_non_null(strstr(text, "TLS        head: certificate not verified (--insecure)\n"));
    free(text);
    session_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_is_told),
        cmocka_unit_test(insecure_arms_of_old_sessions_are_told),
        cmocka_unit_test(a_document_gives_the_same_bytes),
        cmocka_unit_test(the_largest_session_fits_a_summary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
