/* What an entry says about its reply: the values of "expect" and "capture". */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "match/pattern.h"
#include "match/pointer.h"
#include "match/status_set.h"
#include "model/placeholder.h"
#include "requests/entry.h"

#define SHA256_DIGITS 64

/* --- what is right --- */

static int read_status(const struct node *n, void *into, struct err *err)
{
    struct expectation *expect = into;
    struct err why;
    char number[24];
    const char *text = number;
    if (json_is_array(n->json) && n->key != NULL && json_array_size(n->json) > 0)
        return node_each(n, read_status, into, err);
    if (json_is_integer(n->json))
        (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(n->json));
    else if (!json_is_string(n->json))
        return node_expected(n, "a status, a text such as \"200-299,404\", or a list of them", err);
    else if (node_text(n, &text, err) < 0)
        return -1;
    if (status_set_parse(text, expect, &why) < 0)
        return node_problem(n, err, "%s", why.text);
    return 0;
}

static int add_text(const struct node *n, enum body_check_kind kind, struct expectation *expect,
                    struct err *err)
{
    if (!json_is_string(n->json))
        return node_expected(n, "a text, or a list of them", err);
    expectation_add_check(expect, kind, json_string_value(n->json), json_string_length(n->json), 0);
    return 0;
}

static int read_contains(const struct node *n, void *into, struct err *err)
{
    if (json_is_array(n->json) && n->key != NULL)
        return node_each(n, read_contains, into, err);
    return add_text(n, BODY_CONTAINS, into, err);
}

static int check_pattern(const struct node *n, const char *text, size_t len, struct err *err)
{
    struct err why;
    struct pattern *made = pattern_new(text, len, &why);
    pattern_free(made);
    return made == NULL ? node_problem(n, err, "%s", why.text) : 0;
}

static int read_regex(const struct node *n, void *into, struct err *err)
{
    if (json_is_array(n->json) && n->key != NULL)
        return node_each(n, read_regex, into, err);
    if (add_text(n, BODY_REGEX, into, err) < 0)
        return -1;
    return check_pattern(n, json_string_value(n->json), json_string_length(n->json), err);
}

static int read_equal(const struct node *n, void *into, struct err *err)
{
    struct buf text;
    if (json_is_string(n->json))
        return add_text(n, BODY_EQUAL, into, err);
    buf_init(&text, BUF_TEXT_MAX);
    node_compact(n, &text);
    expectation_add_check(into, BODY_EQUAL, text.data, text.len, 0);
    buf_fini(&text);
    return 0;
}

static int read_size(const struct node *n, void *into, struct err *err)
{
    if (!json_is_integer(n->json) || json_integer_value(n->json) < 0)
        return node_expected(n, "a number of bytes", err);
    expectation_add_check(into, BODY_SIZE, NULL, 0, json_integer_value(n->json));
    return 0;
}

static int read_sha256(const struct node *n, void *into, struct err *err)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    char lower[SHA256_DIGITS + 1];
    const char *text = NULL;
    if (node_text(n, &text, err) < 0)
        return -1;
    if (strlen(text) != SHA256_DIGITS || strspn(text, digits) != SHA256_DIGITS)
        return node_expected(n, "64 hexadecimal digits, as sha256sum prints them", err);
    for (size_t i = 0; i <= SHA256_DIGITS; i++) {
        lower[i] = text[i];
        if (text[i] >= 'A' && text[i] <= 'F')
            lower[i] = (char)(text[i] - 'A' + 'a');
    }
    expectation_add_check(into, BODY_SHA256, lower, SHA256_DIGITS, 0);
    return 0;
}

int entry_read_expect(const struct node *object, struct expectation *expect, struct err *err)
{
    static const struct node_key keys[] = {
        {"status", read_status},
        {"body", read_equal},
        {"contains", read_contains},
        {"regex", read_regex},
        {"size", read_size},
        {"sha256", read_sha256},
        {NULL, NULL},
    };
    return node_keys(object, "\"expect\"", keys, expect, err);
}

/* --- what is captured --- */

struct capturing {
    struct request_entry *entry;
    const char *name;
};

static int read_pointer(const struct node *n, void *into, struct err *err)
{
    struct capturing *c = into;
    struct pointer made;
    struct err why;
    const char *text = NULL;
    if (node_text(n, &text, err) < 0)
        return -1;
    if (pointer_parse(&made, text, &why) < 0)
        return node_problem(n, err, "%s", why.text);
    pointer_fini(&made);
    request_entry_capture(c->entry, c->name, CAPTURE_POINTER, text);
    return 0;
}

static int read_header_name(const struct node *n, void *into, struct err *err)
{
    struct capturing *c = into;
    const char *text = NULL;
    if (node_text(n, &text, err) < 0)
        return -1;
    if (text[0] == '\0' || strpbrk(text, ":= \t\r\n") != NULL)
        return node_expected(n, "the name of a header, such as \"Location\"", err);
    request_entry_capture(c->entry, c->name, CAPTURE_HEADER, text);
    return 0;
}

static int read_cookie_name(const struct node *n, void *into, struct err *err)
{
    struct capturing *c = into;
    const char *text = NULL;
    if (node_text(n, &text, err) < 0)
        return -1;
    if (text[0] == '\0' || strpbrk(text, "=;, \t\r\n") != NULL)
        return node_expected(n, "the name of a cookie, such as \"sid\"", err);
    request_entry_capture(c->entry, c->name, CAPTURE_COOKIE, text);
    return 0;
}

static int read_expression(const struct node *n, void *into, struct err *err)
{
    struct capturing *c = into;
    const char *text = NULL;
    if (node_text(n, &text, err) < 0 || check_pattern(n, text, strlen(text), err) < 0)
        return -1;
    request_entry_capture(c->entry, c->name, CAPTURE_REGEX, text);
    return 0;
}

static int read_capture(const struct node *n, void *into, struct err *err)
{
    static const struct node_key keys[] = {
        {"pointer", read_pointer},
        {"header", read_header_name},
        {"cookie", read_cookie_name},
        {"regex", read_expression},
        {NULL, NULL},
    };
    struct capturing c = {.entry = into, .name = n->key};
    if (n->key[0] == '\0' || strpbrk(n->key, "{}") != NULL)
        return node_key_problem(n, err,
                                "'%.60s' cannot be the name of a capture: it is written in braces "
                                "where it is used",
                                n->key);
    if (placeholder_is_built_in(n->key))
        return node_key_problem(n, err,
                                "'%s' is a placeholder that bench fills in itself; give the "
                                "capture another name",
                                n->key);
    if (!json_is_object(n->json) || json_object_size(n->json) != 1)
        return node_expected(n, "an object with one of pointer, header, cookie and regex", err);
    return node_keys(n, "a capture", keys, &c, err);
}

int entry_read_captures(const struct node *object, struct request_entry *entry, struct err *err)
{
    if (!json_is_object(object->json))
        return node_expected(object, "an object, as in {\"token\": {\"pointer\": \"/token\"}}",
                             err);
    return node_each(object, read_capture, entry, err);
}
