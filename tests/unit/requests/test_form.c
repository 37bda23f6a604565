#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "requests/form.h"

static char path[64];

static int write_file(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/bench-test-form-%d.png", (int)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite("\x89PNG\0x", 1, 6, file), 6);
    return fclose(file);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

#define BOUNDARY "----bench-form-boundary-0"

static void fields_and_files_are_parts(void **state)
{
    (void)state;
    struct form form;
    struct err err;
    char *text = mem_printf("{\"a\\\"b\": {\"type\": \"text\", \"value\": \"x\\u0000y\"},"
                            " \"f\": {\"type\": \"file\", \"path\": \"%s\"},"
                            " \"g\": {\"type\": \"file\", \"path\": \"%s\", \"options\":"
                            " {\"filename\": \"n.txt\", \"filepath\": \"d/n.bin\"}},"
                            " \"h\": {\"type\": \"file\", \"path\": \"%s\", \"options\":"
                            " {\"filename\": \"n.txt\", \"contentType\": \"a/b\"}}}",
                            path, path, path);
    char *want = mem_printf(
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"a%%22b\"\r\n\r\nx*y\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"%s\"\r\n"
        "Content-Type: image/png\r\n\r\n\x89PNG*x\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"g\"; filename=\"d/n.bin\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n\x89PNG*x\r\n"
        "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"h\"; filename=\"n.txt\"\r\n"
        "Content-Type: a/b\r\n\r\n\x89PNG*x\r\n"
        "--" BOUNDARY "--\r\n",
        strrchr(path, '/') + 1);
    size_t len = strlen(want);
    for (size_t i = 0; i < len; i++)
        if (want[i] == '*')
            want[i] = '\0';
    if (form_read(text, &form, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(form.body.len, len);
    assert_memory_equal(form.body.data, want, len);
    assert_string_equal(form.content_type, "multipart/form-data; boundary=" BOUNDARY);
    form_fini(&form);
    free(text);
    free(want);
}

static void the_boundary_is_in_no_value(void **state)
{
    (void)state;
    struct form form;
    struct err err;
    assert_int_equal(
        form_read("{\"a\": {\"type\": \"text\", \"value\": \"" BOUNDARY "\"}}", &form, &err), 0);
    assert_string_equal(form.content_type,
                        "multipart/form-data; boundary=----bench-form-boundary-1");
    form_fini(&form);
}

static void errors_name_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"a=b", "-F/--form: cannot read a=b: No such file or directory"},
        {"{", "-F/--form:1:2: not JSON: "},
        {"{} x", "-F/--form:1:4: nothing may follow the form"},
        {"{}", "-F/--form:1:1: a form is an object of fields"},
        {"{\"a\": 1}", "-F/--form:1:7: a field must be an object, in braces"},
        {"{\"a\": {\"value\": \"x\"}}", "-F/--form:1:7: a field has a \"type\""},
        {"{\"a\": {\"type\": \"txt\"}}", "-F/--form:1:16: 'type' must be \"text\" or \"file\""},
        {"{\"a\": {\"type\": \"text\"}}",
         "-F/--form:1:7: a field of type \"text\" has a \"value\""},
        {"{\"a\": {\"type\": \"text\", \"value\": 1}}", "-F/--form:1:33: 'value' must be a text"},
        {"{\"a\": {\"type\": \"file\"}}", "-F/--form:1:7: a field of type \"file\" has a \"path\""},
        {"{\"a\": {\"type\": \"file\",\n \"path\": \"/nowhere\"}}",
         "-F/--form:1:7: cannot read /nowhere: No such file or directory"},
        {"{\"a\": {\"type\": \"text\", \"valu\": 1}}",
         "-F/--form:1:24: a field has no 'valu'; did"},
        {"{\"a\": {\"type\": \"file\", \"options\": {\"contentType\": \"a\\nb\"}}}",
         "-F/--form:1:51: 'contentType' must be a media type"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct form form;
        struct err err = {0};
        assert_int_equal(form_read(cases[i].text, &form, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].want) != err.text)
            fail_msg("'%s' and not '%s'", err.text, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_and_files_are_parts),
        cmocka_unit_test(the_boundary_is_in_no_value),
        cmocka_unit_test(errors_name_the_place),
    };
    return cmocka_run_group_tests(tests, write_file, remove_file);
}
