#include "analysis/warnings_internal.h"

/* Those that could not be compared are mismatches, but say nothing about the server. */
void warnings_mismatches(struct result *r)
{
    const struct accounting *a = &r->accounting;
    int64_t others = a->mismatches - a->match_limit - a->body_limit;
    if (others > 0)
        warn(r, "mismatches", "look at one response to see what the server sends",
             "%lld responses were not as expected", (long long)others);
    if (a->match_limit > 0)
        warn(
            r, "match-limit",
            "write the regular expression so that fewer ways lead to a match: without a repetition "
            "in a repetition",
            "for %lld responses the search for a regular expression was given up: they count as "
            "mismatches",
            (long long)a->match_limit);
    if (a->body_limit > 0)
        warn(r, "body-limit",
             "expect a size, a digest or a text that is contained: these need not keep the body",
             "%lld responses had more than the 1 MiB that is kept for regular expressions and "
             "JSON pointers: they count as mismatches",
             (long long)a->body_limit);
}
