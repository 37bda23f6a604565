#include "match/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int make_check(struct rule *rule, const struct body_check *told, struct err *err)
{
    struct rule_check *check = &rule->checks[rule->nchecks++];
    check->told = told;
    rule->wants_body = true;
    if (told->kind == BODY_CONTAINS)
        needle_init(&check->needle, told->text, told->len);
    if (told->kind != BODY_REGEX)
        return 0;
    rule->keeps_body = true;
    check->pattern = pattern_new(told->text, told->len, err);
    return check->pattern == NULL ? -1 : 0;
}

static int make_capture(struct rule *rule, const struct capture_spec *told, struct err *err)
{
    struct rule_capture *capture = &rule->captures[rule->ncaptures++];
    capture->told = told;
    if (told->from == CAPTURE_HEADER || told->from == CAPTURE_COOKIE) {
        capture->name_len = strlen(told->what);
        rule->wants_headers = true;
        return 0;
    }
    rule->wants_body = rule->keeps_body = true;
    if (told->from == CAPTURE_POINTER)
        return pointer_parse(&capture->pointer, told->what, err);
    capture->pattern = pattern_new(told->what, strlen(told->what), err);
    return capture->pattern == NULL ? -1 : 0;
}

static int fill(struct rule *rule, const struct rule_of *of, struct err *err)
{
    rule->expect = of->expect;
    rule->checks = mem_array(of->expect->nchecks, sizeof *rule->checks);
    rule->captures = mem_array(of->ncaptures, sizeof *rule->captures);
    for (size_t i = 0; i < of->expect->nchecks; i++) {
        if (make_check(rule, &of->expect->checks[i], err) < 0)
            return -1;
    }
    for (size_t i = 0; i < of->ncaptures; i++) {
        if (make_capture(rule, &of->captures[i], err) < 0)
            return err_wrap(err, "capture '%s'", of->captures[i].name);
    }
    return 0;
}

int rule_make(struct rule **out, const struct rule_of *of, struct err *err)
{
    *out = NULL;
    if (expectation_is_empty(of->expect) && of->ncaptures == 0)
        return 0;
    struct rule *rule = mem_zalloc(sizeof *rule);
    if (fill(rule, of, err) < 0) {
        rule_free(rule);
        return -1;
    }
    *out = rule;
    return 0;
}

void rule_free(struct rule *rule)
{
    if (rule == NULL)
        return;
    for (size_t i = 0; i < rule->nchecks; i++) {
        needle_fini(&rule->checks[i].needle);
        pattern_free(rule->checks[i].pattern);
    }
    for (size_t i = 0; i < rule->ncaptures; i++) {
        pointer_fini(&rule->captures[i].pointer);
        pattern_free(rule->captures[i].pattern);
    }
    free(rule->checks);
    free(rule->captures);
    free(rule);
}
