#include "load/http2_requests.h"

#include <stdlib.h>

#include "base/mem.h"

const char *http2_requests_scheme(const struct load_spec *spec, size_t origin)
{
    return spec->origins[origin].tls == NULL ? "http" : "https";
}

static int init_listed(struct http2_requests *r, size_t at, struct err *err)
{
    const struct source_list *list = r->spec->lists[at];
    r->listed[at] = mem_array(list->count, sizeof **r->listed);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct template *t = &list->entries[i].template;
        if (h2_request_init(&r->listed[at][i], t->text, t->len, http2_requests_scheme(r->spec, at),
                            err) < 0)
            return -1;
    }
    return 0;
}

int http2_requests_init(struct http2_requests *r, const struct load_spec *spec, struct err *err)
{
    int failed = 0;
    *r = (struct http2_requests){.spec = spec};
    if (spec->nlists == 0)
        return h2_request_init(&r->text, spec->text.request, spec->text.request_len,
                               http2_requests_scheme(spec, 0), err);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what it holds */
    r->listed = mem_array(spec->nlists, sizeof *r->listed);
    for (size_t i = 0; i < spec->nlists && failed == 0; i++)
        failed = init_listed(r, i, err);
    return failed;
}

void http2_requests_fini(struct http2_requests *r)
{
    for (size_t i = 0; r->listed != NULL && i < r->spec->nlists; i++) {
        for (uint32_t k = 0; r->listed[i] != NULL && k < r->spec->lists[i]->count; k++)
            h2_request_fini(&r->listed[i][k]);
        free(r->listed[i]);
    }
    free(r->listed);
    h2_request_fini(&r->text);
}
