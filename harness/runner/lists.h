/* lists: the requests of a plan that sends several, or that have placeholders, ready for the load.
 *
 * Shape   one list for each URL: the same requests, with another Host. Without requests of its own
 *         a plan with several URLs has one request for each, which is called as the URL is.
 * Owner   caller's storage from lists_make to lists_fini, also after an error; a load_spec borrows
 *         all of it. The plan, and the URLs, are borrowed.
 * Errors  kind USAGE: a request that cannot be sent, with the line of its file; those of feed_open.
 */
#ifndef RUNNER_LISTS_H
#define RUNNER_LISTS_H

#include "base/err.h"
#include "feed/feed.h"
#include "http/url.h"
#include "load/source/list.h"
#include "load/spec.h"
#include "model/plan.h"
#include "runner/expected.h"

struct lists {
    struct source_list **items; /* one for each URL */
    size_t count;
    struct source_name *names;
    size_t nnames;
    bool is_named; /* a result tells the names apart */
    /* The lists' own: */
    uint64_t *hashes;         /* of the names */
    struct request_list made; /* the requests that a plan does not have */
    struct str_list variables;
    struct str_list own_names; /* of requests that have another path at each URL */
    struct rule **rules;       /* of requests that expect or capture something of their own */
    size_t nrules;
    struct value_names values;
    struct feed *feed;
};

/* Where the requests of one list go. */
struct lists_to {
    const struct url *url;
    const struct url *proxy; /* it takes whole URLs; NULL: there is none */
    const struct expected
        *expected; /* of replies to requests that say nothing of their own; NULL: nothing is */
};

/* Whether the plan needs lists, or sends one text. */
bool lists_are_needed(const struct plan *plan, size_t nurls);
int lists_make(struct lists *l, const struct plan *plan, const struct lists_to *to, size_t count,
               struct err *err);
void lists_fini(struct lists *l); /* one that is all 0 is fine */
/* What a load needs of them. */
void lists_fill(const struct lists *l, struct load_spec *spec);

#endif
