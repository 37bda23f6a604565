#include "targets/queue/sqlite/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct ask *ask_new(enum ask_kind kind, const char *text, size_t len, void *ctx)
{
    struct ask *ask = mem_zalloc(sizeof *ask + len + 1);
    ask->kind = kind;
    ask->ctx = ctx;
    memcpy(ask->text, text, len);
    return ask;
}

/* -1, which no job has, for what is no id of ours. */
static int64_t id_parse(const char *text)
{
    char *end = NULL;
    errno = 0;
    int64_t id = strtoll(text, &end, 10);
    return *text < '1' || *text > '9' || *end != '\0' || errno != 0 ? -1 : id;
}

static int do_ask(struct job_store *s, struct ask *ask, struct err *err)
{
    switch (ask->kind) {
    case ASK_ADD:
        return job_store_add(s, ask->text, ask->added_ns, &ask->id, err);
    case ASK_TAKE:
        return job_store_take(s, ask->most, ask->jobs, &ask->count, &ask->next_ns, err);
    case ASK_RENEW:
        return job_store_renew(s, &ask->job, err);
    case ASK_RELEASE:
        return job_store_release(s, &ask->job, err);
    case ASK_FINISH:
        return job_store_finish(s, &ask->job, ask->result, ask->error, &ask->end, err);
    case ASK_FIND:
        ask->how_many = job_store_find(s, id_parse(ask->text), &ask->found, err);
        return ask->how_many < 0 ? -1 : 0;
    }
    return 0;
}

int ask_do_all(struct job_store *s, struct lane_ask *first, struct err *err)
{
    for (struct lane_ask *at = first; at != NULL; at = at->next)
        if (do_ask(s, (struct ask *)at, err) < 0)
            return -1;
    return 0;
}

static void answer_add(const struct ask *ask, const struct err *err)
{
    char id[JOB_ID_MAX];
    (void)snprintf(id, sizeof id, "%lld", (long long)ask->id);
    ask->done.added(ask->ctx, err == NULL ? id : NULL, err);
}

static void answer_find(struct ask *ask, const struct err *err)
{
    ask->found.view.id = ask->text;
    ask->done.found(ask->ctx, err == NULL && ask->how_many > 0 ? &ask->found.view : NULL, err);
    job_found_fini(&ask->found);
}

void ask_answer(struct ask *ask, const struct err *err)
{
    switch (ask->kind) {
    case ASK_ADD:
        answer_add(ask, err);
        break;
    case ASK_FINISH:
        ask->done.finished(ask->ctx, ask->end, err);
        break;
    case ASK_FIND:
        answer_find(ask, err);
        break;
    case ASK_RENEW:
    case ASK_RELEASE:
    case ASK_TAKE:
        break; /* of the first two the lease tells, in time */
    }
}
