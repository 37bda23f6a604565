#include "model/named_request.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void named_counts_init(struct named_counts *c)
{
    *c = (struct named_counts){.latency = hist_new_latency(), .unfinished = hist_new_latency()};
}

void named_counts_fini(struct named_counts *c)
{
    hist_free(c->latency);
    hist_free(c->unfinished);
    *c = (struct named_counts){0};
}

/* Nothing is in the histograms either, and their memory need not be looked at. With a thousand
 * names that would take as long as many requests, while a window opens. */
static bool is_empty(const struct named_counts *c)
{
    return c->sent == 0 && c->completed == 0 && c->timed_out == 0 && c->failed == 0;
}

void named_counts_reset(struct named_counts *c)
{
    if (is_empty(c)) {
        c->unbound = 0;
        return;
    }
    struct hist *latency = c->latency;
    struct hist *unfinished = c->unfinished;
    hist_reset(latency);
    hist_reset(unfinished);
    *c = (struct named_counts){.latency = latency, .unfinished = unfinished};
}

void named_counts_add(struct named_counts *sum, const struct named_counts *part)
{
    sum->sent += part->sent;
    sum->completed += part->completed;
    sum->non_2xx += part->non_2xx;
    sum->mismatches += part->mismatches;
    sum->unbound += part->unbound;
    sum->timed_out += part->timed_out;
    sum->failed += part->failed;
    if (is_empty(part))
        return;
    hist_merge(sum->latency, part->latency);
    hist_merge(sum->unfinished, part->unfinished);
}

int64_t named_counts_in_flight(const struct named_counts *c)
{
    return c->sent - c->completed - c->timed_out - c->failed;
}

void named_request_init(struct named_request *n, const char *name, const char *method,
                        const char *path)
{
    *n = (struct named_request){.name = mem_strdup(name),
                                .method = mem_strdup_or_null(method),
                                .path = mem_strdup_or_null(path)};
    named_counts_init(&n->counts);
}

void named_requests_free(struct named_request *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(items[i].name);
        free(items[i].method);
        free(items[i].path);
        named_counts_fini(&items[i].counts);
    }
    free(items);
}

const struct named_request *named_requests_find(const struct named_request *items, size_t count,
                                                const char *name, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(items[i].name) == len && memcmp(items[i].name, name, len) == 0)
            return &items[i];
    }
    return NULL;
}
