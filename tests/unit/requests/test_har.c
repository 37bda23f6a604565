#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "requests/har.h"

static int parse(const char *bytes, const char *target, struct request_list *list, char **left_out,
                 struct err *err)
{
    struct url url;
    const struct written text = {"r.har", bytes, strlen(bytes)};
    *list = (struct request_list){0};
    if (target != NULL)
        assert_int_equal(url_parse(target, &url, err), 0);
    int failed = har_parse(&text, target == NULL ? NULL : &url, list, left_out, err);
    if (target != NULL)
        url_fini(&url);
    return failed;
}

/* A HAR of entries that are `request` objects. */
#define HAR(requests) "{\"log\": {\"version\": \"1.2\", \"entries\": [\n" requests "\n]}}"
#define ENTRY(rest)   "{\"time\": 5, \"request\": {" rest "}, \"response\": {\"status\": 200}}"

static const char two_origins[] = HAR(ENTRY(
    "\"method\": \"GET\", \"url\": \"https://a.example/x?y=1#z\", \"headers\": ["
    "{\"name\": \":path\", \"value\": \"/x\"}, {\"name\": \"host\", \"value\": \"a\"},"
    "{\"name\": \"Accept\", \"value\": \"*/*\", \"comment\": \"\"},"
    "{\"name\": \"connection\", \"value\": \"close\"},"
    "{\"name\": \"content-length\", \"value\": \"99\"}]") "," ENTRY("\"method\": \"POST\", "
                                                                    "\"url\": "
                                                                    "\"https://A.example:443/p\", "
                                                                    "\"headers\": [],"
                                                                    "\"postData\": {\"mimeType\": "
                                                                    "\"text/plain\", \"text\": "
                                                                    "\"a\\u0000b\"}") "," ENTRY("\""
                                                                                                "me"
                                                                                                "th"
                                                                                                "od"
                                                                                                "\""
                                                                                                ": "
                                                                                                "\""
                                                                                                "GE"
                                                                                                "T"
                                                                                                "\""
                                                                                                ", "
                                                                                                "\""
                                                                                                "ur"
                                                                                                "l"
                                                                                                "\""
                                                                                                ": "
                                                                                                "\""
                                                                                                "ht"
                                                                                                "tp"
                                                                                                "s:"
                                                                                                "//"
                                                                                                "cd"
                                                                                                "n."
                                                                                                "ex"
                                                                                                "am"
                                                                                                "pl"
                                                                                                "e/"
                                                                                                "j."
                                                                                                "js"
                                                                                                "\"") "," ENTRY("\"method\": \"GET\", \"url\": \"https://cdn.example/k.js\"") "," ENTRY("\"method\": \"GET\", \"url\": \"data:text/css,x\""));

static void the_target_chooses_the_origin(void **state)
{
    (void)state;
    struct request_list list;
    char *left_out = NULL;
    struct err err;
    if (parse(two_origins, "https://a.example/other", &list, &left_out, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(list.count, 2);
    assert_false(list.has_placeholders);
    assert_string_equal(list.items[0].method, "GET");
    assert_string_equal(list.items[0].path, "/x?y=1");
    assert_int_equal(list.items[0].headers.count, 1);
    assert_string_equal(list.items[0].headers.items[0], "Accept: */*");
    assert_int_equal(list.items[1].body_len, 3);
    assert_string_equal(list.items[1].headers.items[0], "Content-Type: text/plain");
    assert_string_equal(left_out, "r.har: 3 of 5 requests are left out, being for other origins "
                                  "than https://a.example: https://cdn.example (2), data: (1)");
    free(left_out);
    request_list_fini(&list);

    assert_int_equal(parse(two_origins, "https://cdn.example/", &list, &left_out, &err), 0);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].path, "/j.js");
    free(left_out);
    request_list_fini(&list);
}

static void without_a_url_the_first_entry_chooses(void **state)
{
    (void)state;
    struct request_list list;
    char *left_out = NULL;
    struct err err;
    assert_int_equal(parse(two_origins, NULL, &list, &left_out, &err), 0);
    assert_int_equal(list.count, 2);
    free(left_out);
    request_list_fini(&list);
}

static void params_are_a_form(void **state)
{
    (void)state;
    struct request_list list;
    char *left_out = NULL;
    struct err err;
    static const char text[] = HAR(ENTRY(
        "\"method\": \"POST\", \"url\": \"http://h/\", \"postData\": {\"mimeType\":"
        "\"application/x-www-form-urlencoded\", \"params\": [{\"name\": \"a b\", \"value\":"
        "\"\xc3\xa9&\"}, {\"name\": \"c\"}]}") "," ENTRY("\"method\": \"POST\", \"url\": "
                                                         "\"http://h/\", \"headers\": [{\"name\":"
                                                         "\"content-type\", \"value\": "
                                                         "\"multipart/form-data; boundary=old\"}],"
                                                         "\"postData\": {\"mimeType\": "
                                                         "\"multipart/form-data; boundary=old\", "
                                                         "\"params\":"
                                                         "[{\"name\": \"f\", \"value\": \"v\", "
                                                         "\"fileName\": \"n\"}]}"));
    if (parse(text, NULL, &list, &left_out, &err) < 0)
        fail_msg("%s", err.text);
    assert_null(left_out);
    assert_string_equal(list.items[0].body, "a+b=%C3%A9%26&c=");
    assert_string_equal(list.items[0].headers.items[0],
                        "Content-Type: application/x-www-form-urlencoded");
    assert_int_equal(list.items[1].headers.count, 1);
    assert_string_equal(list.items[1].headers.items[0],
                        "Content-Type: multipart/form-data; boundary=----bench-form-boundary-0");
    assert_string_equal(list.items[1].body,
                        "------bench-form-boundary-0\r\nContent-Disposition: form-data; name=\"f\";"
                        " filename=\"n\"\r\n\r\nv\r\n------bench-form-boundary-0--\r\n");
    request_list_fini(&list);
}

static void errors_name_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", "r.har:1:1: not JSON: "},
        {"{}", "r.har:1:1: this is no HAR: it has no list \"entries\" in an object \"log\""},
        {"[]", "r.har:1:1: this is no HAR"},
        {"{\"log\": {\"entries\": {}}}", "r.har:1:1: this is no HAR"},
        {HAR(""), "r.har has no entries"},
        {HAR("") "\n {}", "r.har:4:2: nothing may follow the log"},
        {HAR("1"), "r.har:2:1: an entry has a \"request\""},
        {HAR("{\"request\": []}"), "r.har:2:1: an entry has a \"request\""},
        {HAR("{\"request\": {}}"), "r.har:2:13: a request has a \"url\""},
        {HAR(ENTRY("\"url\": 1")), "r.har:2:32: 'url' must be a text, in quotes"},
        {HAR(ENTRY("\"url\": \"http://h:x/\"")), "r.har:2:32: 'x' is not a port"},
        {HAR(ENTRY("\"url\": \"http://h/\"")), "r.har:2:24: a request has a \"method\""},
        {HAR(ENTRY("\"url\": \"http://h/\", \"method\": \"A B\"")), "r.har:2:55: 'A B' is not a"},
        {HAR(ENTRY("\"url\": \"http://h/\", \"method\": \"GET\", \"headers\": 1")),
         "r.har:2:73: 'headers' must be a list"},
        {HAR(ENTRY("\"url\": \"http://h/\", \"method\": \"GET\", \"headers\": [{}]")),
         "r.har:2:74: a header has a \"name\" and a \"value\""},
        {HAR(ENTRY("\"url\": \"http://h/\", \"method\": \"GET\", \"postData\": 1")),
         "r.har:2:74: 'postData' must be an object"},
        {HAR(ENTRY("\"url\": \"data:x\", \"method\": \"GET\"")),
         "r.har has no request for http:// or https://; its requests are for data: (1)"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct request_list list;
        char *left_out = NULL;
        struct err err = {0};
        assert_int_equal(parse(cases[i].text, NULL, &list, &left_out, &err), -1);
        request_list_fini(&list);
        assert_null(left_out);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].want) != err.text)
            fail_msg("'%s' and not '%s'", err.text, cases[i].want);
    }
    struct request_list list;
    char *left_out = NULL;
    struct err err;
    assert_int_equal(parse(two_origins, "http://127.0.0.1:8080/", &list, &left_out, &err), -1);
    request_list_fini(&list);
    assert_string_equal(err.text, "r.har has no request for http://127.0.0.1:8080; its requests "
                                  "are for https://a.example (2), https://cdn.example (2), data: "
                                  "(1)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_target_chooses_the_origin),
        cmocka_unit_test(without_a_url_the_first_entry_chooses),
        cmocka_unit_test(params_are_a_form),
        cmocka_unit_test(errors_name_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
