/* rule: what is right as a reply to one request, and what is captured from it, ready to be applied.
 *
 * Shape   made before the run of an expectation and captures; then nothing of it changes, and all
 *         threads use it (match/matching.h).
 * Owner   rule_free frees it. What it is made of is borrowed.
 * Errors  kind USAGE: an expression that does not compile, a malformed pointer; the text says which
 *         and where in it.
 */
#ifndef MATCH_RULE_H
#define MATCH_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "match/needle.h"
#include "match/pattern.h"
#include "match/pointer.h"
#include "model/request_list.h"

struct rule_check {
    const struct body_check *told;
    struct needle needle;    /* BODY_CONTAINS */
    struct pattern *pattern; /* BODY_REGEX */
};

struct rule_capture {
    const struct capture_spec *told;
    size_t name_len; /* CAPTURE_HEADER */
    struct pointer pointer;
    struct pattern *pattern;
};

struct rule {
    const struct expectation *expect;
    struct rule_check *checks;
    struct rule_capture *captures;
    size_t nchecks, ncaptures;
    bool wants_body;    /* as it comes */
    bool keeps_body;    /* to its end */
    bool wants_headers; /* captures one */
};

struct rule_of {
    const struct expectation *expect;
    const struct capture_spec *captures;
    size_t ncaptures;
};

/* *out is NULL when there is nothing to expect and nothing to capture. */
int rule_make(struct rule **out, const struct rule_of *of, struct err *err);
void rule_free(struct rule *rule); /* NULL is fine */

/* Whether it says which statuses are right; NULL is fine. */
static inline bool rule_has_statuses(const struct rule *rule)
{
    return rule != NULL && rule->expect->nstatuses > 0;
}

#endif
