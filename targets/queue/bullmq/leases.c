#include "targets/queue/bullmq/leases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FIRST_ROOM 64

static void grow(struct leases *l)
{
    size_t count = l->count == 0 ? FIRST_ROOM : 2 * l->count;
    l->items = mem_grow(l->items, count, sizeof *l->items);
    for (size_t i = l->count; i < count; i++)
        l->items[i] = (struct lease){.next_free = i + 1 < count ? (int64_t)i + 2 : 0};
    l->first_free = (int64_t)l->count + 1;
    l->count = count;
}

int64_t leases_add(struct leases *l, const char *id, size_t id_len, const char *token)
{
    if (l->first_free == 0)
        grow(l);
    int64_t number = l->first_free - 1;
    struct lease *lease = leases_at(l, number);
    l->first_free = lease->next_free;
    *lease = (struct lease){.id = mem_zalloc(id_len + 1), .id_len = id_len};
    memcpy(lease->id, id, id_len);
    (void)snprintf(lease->token, sizeof lease->token, "%s", token);
    return number;
}

struct lease *leases_at(const struct leases *l, int64_t number)
{
    return &l->items[number];
}

void leases_drop(struct leases *l, int64_t number)
{
    struct lease *lease = leases_at(l, number);
    free(lease->id);
    free(lease->deduplication_id);
    job_opts_fini(&lease->opts);
    *lease = (struct lease){.next_free = l->first_free};
    l->first_free = number + 1;
}

struct redis_request *lease_request(const struct lease *lease, void *ctx, size_t room)
{
    struct redis_request *request =
        redis_request_new(ctx, lease->id_len + strlen(lease->token) + room);
    redis_request_add(request, lease->id, lease->id_len);
    redis_request_add_text(request, lease->token);
    return request;
}

void leases_fini(struct leases *l)
{
    for (size_t i = 0; i < l->count; i++) {
        free(l->items[i].id);
        free(l->items[i].deduplication_id);
        job_opts_fini(&l->items[i].opts);
    }
    free(l->items);
    *l = (struct leases){0};
}
