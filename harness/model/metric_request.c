/* Figures of the requests that have one name. */
#include <string.h>

#include "model/metric_internal.h"
#include "model/named_view.h"

static bool is_named(const struct metric *m, const char *name)
{
    return strlen(name) == m->request_len && memcmp(name, m->name, m->request_len) == 0;
}

/* The names of several URLs are known once these are read. */
bool metric_plans_request(const struct metric *m, const struct plan *plan)
{
    if (plan->requests.count == 0)
        return plan->more_urls.count > 0;
    for (size_t i = 0; i < plan->requests.count; i++) {
        if (is_named(m, plan->requests.items[i].name))
            return true;
    }
    return plan->requests.count > REQUEST_NAMES_MAX && is_named(m, NAMED_REQUEST_OTHERS);
}

bool metric_view(const struct metric *m, const struct result *r, struct result *view)
{
    const struct named_request *n =
        m->request_len == 0 ? NULL
                            : named_requests_find(r->named, r->nnamed, m->name, m->request_len);
    if (n == NULL)
        return false;
    named_view(n, r, view);
    return true;
}
