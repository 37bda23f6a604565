/* article_cases: the published comparison as if all of it were true, for tests of its claims.
 *
 * Shape   each arm with two rounds as published, on 8 cores. Every claim holds that can; the
 *         figures of different arms need not fit each other. Tests change what they are about.
 * Owner   the caller finishes the comparison with comparison_fini.
 * Errors  none: the names are those of article_case_names.
 */
#ifndef TESTS_ARTICLE_CASES_H
#define TESTS_ARTICLE_CASES_H

#include <stddef.h>

#include "model/comparison.h"

#define ARTICLE_CASE_ROUNDS 2
#define ARTICLE_CASE_ARMS   15

extern const char *const article_case_names[ARTICLE_CASE_ARMS];

/* The arms of these names; NULL in between and repeated ones are passed over. */
void article_case(struct comparison *out, const char *const *names, size_t count);
struct arm *article_case_arm(struct comparison *c, const char *name); /* NULL: not there */

/* What the results of that arm name, and how it was set up; nothing that was measured. */
void article_case_identify(struct result *r, const char *name);

/* One change of a result; the rest stays. */
enum change_how {
    CHANGE_NOTHING,
    CHANGE_COUNT,  /* an int64_t, at `at` */
    CHANGE_NUMBER, /* a double */
    CHANGE_HIST,   /* count samples, evenly from low to high; none: not measured */
    CHANGE_ANSWER, /* this many requests were answered; those in flight stay as they are */
    CHANGE_CALL,
};
struct change {
    enum change_how how;
    size_t at;
    double value, low_ms, high_ms;
    void (*call)(struct result *r);
};
#define COUNT(field, n)                                                                            \
    {                                                                                              \
        .how = CHANGE_COUNT, .at = offsetof(struct result, field), .value = (double)(n)            \
    }
#define NUMBER(field, x)                                                                           \
    {                                                                                              \
        .how = CHANGE_NUMBER, .at = offsetof(struct result, field), .value = (x)                   \
    }
#define HIST(field, n, low, high)                                                                  \
    {                                                                                              \
        .how = CHANGE_HIST, .at = offsetof(struct result, field), .value = (n), .low_ms = (low),   \
        .high_ms = (high)                                                                          \
    }
#define ANSWER(n)                                                                                  \
    {                                                                                              \
        .how = CHANGE_ANSWER, .value = (n)                                                         \
    }
#define CALL(function)                                                                             \
    {                                                                                              \
        .how = CHANGE_CALL, .call = (function)                                                     \
    }
void article_case_change(struct result *r, const struct change *change);
void article_case_change_arm(struct arm *arm, const struct change *change); /* every round */

#endif
