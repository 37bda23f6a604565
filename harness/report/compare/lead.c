/* The one line that a comparison comes down to. */
#include <string.h>

#include "base/mem.h"
#include "report/compare/report_internal.h"
#include "report/text.h"

static const struct report_style style = {.utf8 = true};

/* The first kind that there is leads. */
static const char *const leading[] = {
    "recommendation", "not-ranked",         "no-recommendation", "own-most-work",
    "most-work",      "own-fastest-p99",    "fastest-p99",       "recommendation-later",
    "falls-behind",   "keeping-up-unknown", "unanswered",        "light-path-blocked",
    "refusals",       "left-out",
};

static const struct finding *find(const struct comparison *c, const char *code)
{
    for (size_t i = 0; i < c->nfindings; i++) {
        if (strcmp(c->findings[i].code, code) == 0)
            return &c->findings[i];
    }
    return NULL;
}

static const struct finding *leading_finding(const struct comparison *c)
{
    const struct finding *lead = NULL;
    for (size_t i = 0; i < LEN(leading) && lead == NULL; i++)
        lead = find(c, leading[i]);
    return lead;
}

static size_t count_results(const struct comparison *c)
{
    size_t count = 0;
    for (size_t i = 0; i < c->narms; i++)
        count += c->arms[i].nresults;
    return count;
}

static void lead_without_finding(const struct comparison *c, struct buf *out)
{
    struct str_list problems = {0};
    compare_problems(c, &style, &problems);
    if (count_results(c) > 0)
        compare_size(c, out);
    else
        buf_puts(out, "No arm gave a result");
    if (count_results(c) == 0 && problems.count > 0)
        buf_printf(out, ": %s", problems.items[0]);
    str_list_fini(&problems);
}

void compare_lead(const struct comparison *c, struct buf *out)
{
    const struct finding *lead = leading_finding(c);
    if (c->interrupted)
        buf_puts(out, "INTERRUPTED, these are partial results: ");
    if (c->nclaims > 0)
        compare_claims_sum(c, out);
    else if (c->reference != NULL && c->reference->narms > 0)
        compare_reference_lead(c, &style, out);
    else if (count_results(c) > 0 && lead != NULL)
        buf_puts(out, lead->text);
    else
        lead_without_finding(c, out);
}
