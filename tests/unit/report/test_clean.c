#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/diff/diff.h"
#include "analysis/gate/gate.h"
#include "base/mem.h"
#include "base/str.h"
#include "cases/compare_cases.h"
#include "cases/render_cases.h"
#include "report/compare/markdown.h"
#include "report/compare/report.h"
#include "report/diff/report.h"
#include "report/gate/report.h"
#include "report/markdown.h"
#include "report/plot/shift.h"
#include "report/run/report.h"
#include "store/comparison_json.h"
#include "store/diff_json.h"
#include "store/doc.h"
#include "store/gate_json.h"
#include "store/result_json.h"

/* ESC [31m, DEL, CSI as C1, and one of each kind of invisible or turning character: in bytes, so
 * that no reader of this file is deceived. */
static const unsigned char poison_bytes[] = {
    0x1b, '[',  '3',  '1',  'm',  0x7f, 0xc2, 0x9b, 0xc2, 0xad, 0xcd, 0x8f, 0xd8, 0x9c, 0xe1, 0x85,
    0x9f, 0xe1, 0xa0, 0x8e, 0xe2, 0x80, 0x8b, 0xe2, 0x80, 0xae, 0xe2, 0x80, 0xa8, 0xe2, 0x81, 0xa0,
    0xe2, 0x81, 0xa6, 0xe2, 0x81, 0xaf, 0xe3, 0x85, 0xa4, 0xef, 0xbb, 0xbf, 0xef, 0xbe, 0xa0, 0xef,
    0xbf, 0xb9, 0xf0, 0x9d, 0x85, 0xb3, 0xf3, 0xa0, 0x81, 0x81, 0xf3, 0xa0, 0x84, 0x80, 0};
static const char *const poison = (const char *)poison_bytes;

/* The same characters as code points: the test's own list, which asks nothing of base/str. */
static const uint32_t never[][2] = {
    {0x7f, 0x9f},     {0xad, 0xad},     {0x34f, 0x34f},   {0x61c, 0x61c},     {0x115f, 0x1160},
    {0x180b, 0x180f}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0x3164, 0x3164},
    {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff9, 0xfffb}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static uint32_t code_of(const unsigned char *p, size_t len)
{
    uint32_t code = len == 1 ? p[0] : p[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++)
        code = code << 6 | (p[i] & 0x3fu);
    return code;
}

static size_t len_of(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Only line ends, and tabs and the like where `tabs` are part of the format. */
static void expect_clean(const char *what, const struct buf *out, const char *tabs)
{
    assert_false(out->overflow);
    assert_true(out->len > 0);
    assert_int_equal(strlen(out->data), out->len);
    if (!str_is_utf8(out->data, out->len))
        fail_msg("%s: a character was cut", what);
    for (size_t i = 0; i < out->len; i += len_of((unsigned char)out->data[i])) {
        const unsigned char *p = (const unsigned char *)out->data + i;
        uint32_t code = code_of(p, len_of(*p));
        bool bad = code < 0x20 && code != '\n' && strchr(tabs, (int)code) == NULL;
        for (size_t k = 0; k < LEN(never); k++)
            bad |= code >= never[k][0] && code <= never[k][1];
        if (bad)
            fail_msg("%s: U+%04X after '%.40s'", what, code, out->data + (i > 40 ? i - 40 : 0));
    }
}

/* --- documents with every text spoilt --- */

/* Texts with a form of their own: another is refused, so that they cannot hold anything. */
static bool is_formal(const char *key, const json_t *value)
{
    static const char *const keys[] = {"schema", "start",   "finish",   "unit",       "data", "how",
                                       "cut_by", "verdict", "arrivals", "histograms", "state"};
    for (size_t i = 0; key != NULL && i < LEN(keys); i++) {
        if (strcmp(key, keys[i]) == 0)
            return true;
    }
    return key != NULL && strcmp(key, "tls") == 0 && json_is_string(value); /* a kind of trouble */
}

static json_t *spoilt_text(const char *text)
{
    /* Behind 17 letters too, where a table cuts. */
    char *more = mem_printf("%s%sabcdefghijklmnopq%s%s\xc3\xbc\xc3\xbc\xc3\xbc%s", text, poison,
                            poison, text, poison);
    json_t *value = json_string(more);
    free(more);
    return value;
}

static size_t spoil(json_t *value);

/* The text that stands for this value, or NULL after the texts in it were spoilt.
 * NOLINTNEXTLINE(misc-no-recursion) */
static json_t *spoilt_value(const char *key, json_t *value, size_t *count)
{
    if (json_is_string(value) && !is_formal(key, value)) {
        (*count)++;
        return spoilt_text(json_string_value(value));
    }
    if (!is_formal(key, value))
        *count += spoil(value);
    return NULL;
}

/* Every text of an object or array, as deep as documents are. Returns how many.
 * NOLINTNEXTLINE(misc-no-recursion) */
static size_t spoil(json_t *value)
{
    size_t count = 0;
    const char *key = NULL;
    json_t *inner = NULL;
    void *next = NULL;
    json_object_foreach_safe(value, next, key, inner)
    {
        json_t *text = spoilt_value(key, inner, &count);
        if (text != NULL)
            assert_int_equal(json_object_set_new(value, key, text), 0);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        json_t *text = spoilt_value(NULL, json_array_get(value, i), &count);
        if (text != NULL)
            assert_int_equal(json_array_set_new(value, i, text), 0);
    }
    return count;
}

/* Texts that the cases leave out. */
static void fill_texts(struct result *r)
{
    char **const texts[] = {&r->title,
                            &r->url,
                            &r->address,
                            &r->tool_version,
                            &r->engine,
                            &r->command,
                            &r->target_end,
                            &r->environment.hostname,
                            &r->environment.cpu_model,
                            &r->environment.governor};
    for (size_t i = 0; i < LEN(texts); i++) {
        if (*texts[i] == NULL)
            *texts[i] = mem_strdup("some");
    }
    result_warn(r, "a-code", "a message", "a remedy");
    char name[] = "broker";
    char place[] = "a place";
    result_add_setting(r, &(struct setting){.name = name, .kind = SETTING_TEXT, .text = place});
}

static void spoilt_result(const char *name, struct result *out)
{
    struct result r;
    struct err err;
    assert_int_equal(render_case(name, &r), 0);
    fill_texts(&r);
    json_t *doc = result_to_json(&r);
    assert_true(spoil(doc) > 12);
    if (result_from_json(doc, out, &err) < 0)
        fail_msg("%s", err.text);
    json_decref(doc);
    result_fini(&r);
}

static void spoilt_comparison(const char *name, struct comparison *out)
{
    struct comparison c;
    struct err err;
    assert_int_equal(compare_case(name, &c), 0);
    for (size_t i = 0; i < c.narms; i++) {
        for (size_t k = 0; k < c.arms[i].nresults; k++)
            fill_texts(&c.arms[i].results[k]);
    }
    json_t *doc = comparison_to_json(&c);
    assert_true(spoil(doc) > 12);
    if (comparison_from_json(doc, out, &err) < 0)
        fail_msg("%s", err.text);
    json_decref(doc);
    comparison_fini(&c);
}

/* --- every output --- */

static const struct report_style styles[] = {
    {.utf8 = true},
    {.utf8 = false},
    {.utf8 = true, .width = 60, .latency_table = true, .status_codes = true},
    {.utf8 = false, .width = 120, .latency_table = true, .status_codes = true},
};

static void expect_document(const json_t *doc)
{
    static const enum doc_layout layouts[] = {DOC_INDENTED, DOC_LINE};
    for (size_t i = 0; i < LEN(layouts); i++) {
        struct err err;
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        doc_dump(doc, layouts[i], &out);
        expect_clean("JSON", &out, "");
        json_t *same = doc_parse(out.data, out.len, &err);
        char *before = json_dumps(doc, JSON_COMPACT | JSON_REAL_PRECISION(DOC_DIGITS));
        char *after = json_dumps(same, JSON_COMPACT | JSON_REAL_PRECISION(DOC_DIGITS));
        assert_string_equal(before, after); /* escaped, not changed */
        free(before);
        free(after);
        json_decref(same);
        buf_fini(&out);
    }
}

static void expect_run(const char *name)
{
    struct result r;
    spoilt_result(name, &r);
    for (size_t i = 0; i < LEN(styles); i++) {
        struct buf out;
        struct buf fenced;
        buf_init(&out, BUF_TEXT_MAX);
        buf_init(&fenced, BUF_TEXT_MAX);
        report_run(&r, &styles[i], &out);
        markdown_fence(&fenced, out.data);
        expect_clean(name, &out, "");
        expect_clean(name, &fenced, "");
        buf_fini(&fenced);
        buf_fini(&out);
    }
    json_t *doc = result_to_json(&r);
    expect_document(doc);
    json_decref(doc);
    result_fini(&r);
}

static void results_are_clean_in_every_output(void **state)
{
    (void)state;
    for (const char *const *name = render_case_names; *name != NULL; name++)
        expect_run(*name);
}

static void expect_plots(const struct comparison *c)
{
    for (const struct plot_file *f = plot_files; f->name != NULL; f++) {
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        f->write(c, &out);
        expect_clean(f->name, &out, "\t");
        buf_fini(&out);
    }
}

static void comparisons_are_clean_in_every_output(void **state)
{
    (void)state;
    for (const char *const *name = compare_case_names; *name != NULL; name++) {
        struct comparison c;
        struct buf out;
        spoilt_comparison(*name, &c);
        for (size_t i = 0; i < LEN(styles); i++) {
            buf_init(&out, BUF_TEXT_MAX);
            report_comparison(&c, &styles[i], &out);
            expect_clean(*name, &out, "");
            buf_fini(&out);
        }
        buf_init(&out, BUF_TEXT_MAX);
        report_comparison_markdown(&c, 0, &out);
        expect_clean(*name, &out, "");
        buf_fini(&out);
        expect_plots(&c);
        json_t *doc = comparison_to_json(&c);
        expect_document(doc);
        json_decref(doc);
        comparison_fini(&c);
    }
}

static void gates_are_clean_in_every_output(void **state)
{
    (void)state;
    static const char *const limits[] = {"p99>1ms", "p99>1h", "probe.p99>1us", "p99.999>1ms"};
    struct gate_threshold thresholds[LEN(limits)];
    struct gate_sheet sheet = {0};
    struct result r;
    struct buf out;
    struct err err;
    char *file = mem_printf("a%s.json: %s", poison, poison);
    spoilt_result("pool", &r);
    for (size_t i = 0; i < LEN(limits); i++) {
        assert_int_equal(gate_parse(limits[i], GATE_FAIL, &thresholds[i], &err), 0);
        struct gate_outcome o = gate_judge(&thresholds[i], &r, &(struct gate_policy){0});
        o.file = file;
        gate_sheet_add(&sheet, &o);
    }
    for (size_t i = 0; i < r.nwarnings; i++)
        gate_sheet_warn(&sheet, file, &r.warnings[i]);
    for (size_t i = 0; i < LEN(styles); i++) {
        buf_init(&out, BUF_TEXT_MAX);
        report_gate_text(&sheet, &styles[i], &out);
        expect_clean("text", &out, "");
        buf_fini(&out);
    }
    static const struct {
        const char *name;
        void (*write)(const struct gate_sheet *sheet, struct buf *out);
        const char *tabs;
    } pages[] = {{"Markdown", report_gate_markdown, ""},
                 {"JUnit", report_gate_junit, ""},
                 {"GitHub", report_gate_github, ""},
                 {"CSV", report_gate_csv, "\r"}};
    for (size_t i = 0; i < LEN(pages); i++) {
        buf_init(&out, BUF_TEXT_MAX);
        pages[i].write(&sheet, &out);
        expect_clean(pages[i].name, &out, pages[i].tabs);
        buf_fini(&out);
    }
    buf_init(&out, BUF_TEXT_MAX);
    gate_write(&sheet, DOC_INDENTED, &out);
    expect_clean("JSON", &out, "");
    buf_fini(&out);
    gate_sheet_fini(&sheet);
    result_fini(&r);
    free(file);
}

/* Two comparisons with every text spoilt, and file names that are. */
static struct diff spoilt_diff(void)
{
    static const char *const nothing[] = {NULL};
    struct diff d = {0};
    struct diff_file file;
    struct comparison old;
    struct comparison new;
    struct err err;
    spoilt_comparison("five", &old);
    spoilt_comparison("rounds", &new);
    const struct diff_document sides[] = {{DIFF_COMPARISONS, &old}, {DIFF_COMPARISONS, &new}};
    assert_int_equal(diff_documents(&sides[0], &sides[1], nothing, &file, &err), 0);
    file.name = mem_strdup(poison);
    d.old_path = mem_printf("old%s/a%s.json", poison, poison);
    d.new_path = mem_printf("new%s", poison);
    diff_add_file(&d, &file);
    diff_add_left(&d, poison, poison);
    comparison_fini(&old);
    comparison_fini(&new);
    return d;
}

static void expect_shift_files(const struct diff *d)
{
    struct shift shift = diff_shift(d);
    const struct shift_picture picture = {&shift, {poison, poison}};
    for (const struct plot_file *f = shift_files; f->name != NULL; f++) {
        struct buf out;
        buf_init(&out, BUF_TEXT_MAX);
        f->write(&picture, &out);
        expect_clean(f->name, &out, "\t");
        buf_fini(&out);
    }
    shift_fini(&shift);
}

static void diffs_are_clean_in_every_output(void **state)
{
    (void)state;
    static void (*const pages[])(const struct diff *d, struct buf *out) = {report_diff_markdown,
                                                                           report_diff_csv};
    struct diff d = spoilt_diff();
    struct buf out;
    for (int folders = 0; folders < 2; folders++) {
        d.is_folders = folders == 1;
        for (size_t i = 0; i < LEN(styles); i++) {
            buf_init(&out, BUF_TEXT_MAX);
            report_diff_text(&d, &styles[i], &out);
            expect_clean("text", &out, "");
            buf_fini(&out);
        }
    }
    for (size_t i = 0; i < LEN(pages); i++) {
        buf_init(&out, BUF_TEXT_MAX);
        pages[i](&d, &out);
        expect_clean("a page", &out, i == 0 ? "" : "\r");
        buf_fini(&out);
    }
    buf_init(&out, BUF_TEXT_MAX);
    diff_write(&d, DOC_INDENTED, &out);
    expect_clean("JSON", &out, "");
    buf_fini(&out);
    expect_shift_files(&d);
    diff_fini(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_clean_in_every_output),
        cmocka_unit_test(comparisons_are_clean_in_every_output),
        cmocka_unit_test(gates_are_clean_in_every_output),
        cmocka_unit_test(diffs_are_clean_in_every_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
