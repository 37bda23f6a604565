#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "targets/http/host_rule.h"

static void set(struct head *h, const char *name, const char *value)
{
    if (value == NULL)
        return;
    assert_true(head_add_name(h, name, strlen(name)));
    head_add_value(h, value, strlen(value));
}

static void pages_of_others_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *own, *allow, *host, *origin, *site, *dest, *target;
        const char *want; /* NULL: it may */
    } cases[] = {
        {"127.0.0.1", NULL, "127.0.0.1:80", NULL, NULL, NULL, NULL, NULL},
        {"127.0.0.1", NULL, "LOCALHOST", NULL, NULL, NULL, NULL, NULL},
        {"127.0.0.1", NULL, "[::1]:9", NULL, NULL, NULL, NULL, NULL},
        {"127.0.0.1", NULL, NULL, NULL, NULL, NULL, NULL, NULL},
        {"::1", NULL, "127.0.0.2", "http://localhost:3000", "same-site", "empty", NULL, NULL},
        {"localhost", NULL, "evil.example", NULL, NULL, NULL, NULL, "--allow-host evil.example"},
        {"127.0.0.1", NULL, "10.0.0.1", NULL, NULL, NULL, NULL, "Host '10.0.0.1'"},
        {"127.0.0.1", NULL, "localhost", NULL, NULL, NULL, "evil.example", "'evil.example'"},
        {"127.0.0.1", NULL, "localhost", NULL, NULL, NULL, "127.0.0.1", NULL},
        {"127.0.0.1", NULL, "localhost", "http://evil.example", NULL, NULL, NULL,
         "'http://evil.example'"},
        {"127.0.0.1", NULL, "localhost", "null", NULL, NULL, NULL, "'null'"},
        {"127.0.0.1", NULL, "localhost", "http://localhost, http://evil", NULL, NULL, NULL, "evil"},
        {"127.0.0.1", NULL, "localhost", NULL, "cross-site", "image", NULL, "other sites"},
        {"127.0.0.1", NULL, "localhost", NULL, "none", "document", NULL, NULL},
        {"127.0.0.1", "bench.example", "Bench.Example:80", "https://bench.example", "same-origin",
         "empty", NULL, NULL},
        {"127.0.0.1", "bench.example", "x.bench.example", NULL, NULL, NULL, NULL, "x.bench"},
        {"127.0.0.1", "[fe80::1]", "[fe80:0::1]", NULL, NULL, NULL, NULL, NULL},
        {"10.0.0.1", NULL, "any.example", "http://evil.example", "cross-site", "image", NULL, NULL},
        {"10.0.0.1", "bench.example", "10.0.0.1:80", NULL, NULL, NULL, NULL, NULL},
        {"10.0.0.1", "bench.example", "any.example", NULL, NULL, NULL, NULL, "any.example"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct str_list allowed = {0};
        struct head head;
        struct message message = {.head = &head};
        struct err err = {0};
        const char *why = NULL;
        if (cases[i].allow != NULL)
            str_list_add(&allowed, cases[i].allow);
        if (cases[i].target != NULL)
            memcpy(message.query.host, cases[i].target, strlen(cases[i].target));
        head_begin(&head);
        set(&head, "Host", cases[i].host);
        set(&head, "Origin", cases[i].origin);
        set(&head, "Sec-Fetch-Site", cases[i].site);
        set(&head, "Sec-Fetch-Dest", cases[i].dest);
        assert_int_equal(head_check(&head, 1, 0, &why), 0);
        const struct host_rule rule = host_rule_of(cases[i].own, &allowed);
        int got = host_rule_check(&rule, &message, &err);
        if (got != (cases[i].want == NULL ? 0 : -1) ||
            (got < 0 && strstr(err.text, cases[i].want) == NULL))
            fail_msg("%zu: %d %s", i, got, err.text);
        str_list_fini(&allowed);
    }
}

/* Judges a request with these fields beside the Host. */
static int judge(struct head *head)
{
    struct str_list none = {0};
    const struct host_rule rule = host_rule_of("127.0.0.1", &none);
    struct message message = {.head = head};
    struct err err = {0};
    const char *why = NULL;
    set(head, "Host", "localhost");
    assert_int_equal(head_check(head, 1, 1, &why), 0);
    return host_rule_check(&rule, &message, &err);
}

static void a_link_needs_a_click(void **state)
{
    (void)state;
    static const struct {
        const char *dest, *user;
        int want;
    } cases[] = {{"document", "?1", 0},
                 {"document", NULL, -1},
                 {"document", "?0", -1},
                 {"iframe", "?1", -1}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct head head;
        head_begin(&head);
        set(&head, "Sec-Fetch-Site", "cross-site");
        set(&head, "Sec-Fetch-Dest", cases[i].dest);
        set(&head, "Sec-Fetch-User", cases[i].user);
        assert_int_equal(judge(&head), cases[i].want);
    }
}

static void an_origin_that_is_not_whole_is_foreign(void **state)
{
    (void)state;
    char origin[HEAD_VALUE_BYTES + 20];
    struct head head;
    (void)snprintf(origin, sizeof origin, "%-*s.evil.example", HEAD_VALUE_BYTES,
                   "http://localhost");
    head_begin(&head);
    set(&head, "Origin", origin);
    assert_int_equal(judge(&head), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_others_are_refused),
        cmocka_unit_test(a_link_needs_a_click),
        cmocka_unit_test(an_origin_that_is_not_whole_is_foreign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
