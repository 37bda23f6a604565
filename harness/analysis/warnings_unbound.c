#include "analysis/warnings_internal.h"

#define NAME_SHOWN 60 /* characters */

/* The request that was most often not sent; NULL: the result does not tell them apart. */
static const struct named_request *most_unbound(const struct result *r)
{
    const struct named_request *most = NULL;
    for (size_t i = 0; i < r->nnamed; i++) {
        if (most == NULL || r->named[i].counts.unbound > most->counts.unbound)
            most = &r->named[i];
    }
    return most;
}

void warnings_unbound(struct result *r)
{
    const struct accounting *a = &r->accounting;
    const struct named_request *most = most_unbound(r);
    if (a->unbound == 0)
        return;
    warn(
        r, "unbound",
        "look at a response that a value is captured from, and at the rows of --feed: the value is "
        "not there, too long, or has a line break that would end a header; or the feed was changed "
        "while it was read",
        "%s not sent %lld times, because a value of theirs was missing%s%.*s",
        a->sent == 0 ? "no request could be sent: they were" : "requests were",
        (long long)a->unbound, most == NULL ? "" : "; mostly ", NAME_SHOWN,
        most == NULL ? "" : most->name);
}
