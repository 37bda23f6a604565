#include "runner/expected.h"

#include <ctype.h>
#include <string.h>

#include "base/units.h"
#include "match/status_set.h"

#define SHA256_DIGITS 64

static int add_size(struct expectation *expect, const char *text, struct err *err)
{
    int64_t bytes = 0;
    if (text == NULL)
        return 0;
    if (units_parse_size(text, &bytes, err) < 0)
        return err_wrap(err, "--expect-size");
    expectation_add_check(expect, BODY_SIZE, NULL, 0, bytes);
    return 0;
}

static int add_sha256(struct expectation *expect, const char *text, struct err *err)
{
    char digits[SHA256_DIGITS + 1] = {0};
    if (text == NULL)
        return 0;
    if (strlen(text) != SHA256_DIGITS || strspn(text, "0123456789abcdefABCDEF") != SHA256_DIGITS)
        return err_set(err, ERR_USAGE,
                       "--expect-sha256: '%.80s' is not a SHA-256: that has 64 hexadecimal digits, "
                       "as sha256sum prints them",
                       text);
    for (size_t i = 0; i < SHA256_DIGITS; i++)
        digits[i] = (char)tolower((unsigned char)text[i]);
    expectation_add_check(expect, BODY_SHA256, digits, SHA256_DIGITS, 0);
    return 0;
}

static void add_text(struct expectation *expect, enum body_check_kind kind, const char *text)
{
    if (text != NULL)
        expectation_add_check(expect, kind, text, strlen(text), 0);
}

static int fill(struct expectation *expect, const struct plan *plan, struct err *err)
{
    if (plan->expected_status != NULL && status_set_parse(plan->expected_status, expect, err) < 0)
        return err_wrap(err, "--expect-status");
    add_text(expect, BODY_EQUAL, plan->expected_body);
    add_text(expect, BODY_CONTAINS, plan->expected_contains);
    add_text(expect, BODY_REGEX, plan->expected_regex);
    if (add_size(expect, plan->expected_size, err) < 0)
        return -1;
    return add_sha256(expect, plan->expected_sha256, err);
}

int expected_make(struct expected *e, const struct plan *plan, struct err *err)
{
    *e = (struct expected){0};
    if (fill(&e->expect, plan, err) < 0)
        return -1;
    const struct rule_of of = {.expect = &e->expect};
    return rule_make(&e->rule, &of, err) < 0 ? err_wrap(err, "--expect-regex") : 0;
}

void expected_fini(struct expected *e)
{
    rule_free(e->rule);
    expectation_fini(&e->expect);
    *e = (struct expected){0};
}
