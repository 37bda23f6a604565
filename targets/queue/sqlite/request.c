#include "targets/queue/sqlite/request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct job_request *job_request_new(enum job_request_kind kind, const char *text, size_t len,
                                    void *ctx)
{
    struct job_request *request = mem_zalloc(sizeof *request + len + 1);
    request->kind = kind;
    request->ctx = ctx;
    memcpy(request->text, text, len);
    return request;
}

/* Returns -1, which no job has, if the text is not an id of this broker. */
static int64_t id_parse(const char *text)
{
    char *end = NULL;
    errno = 0;
    int64_t id = strtoll(text, &end, 10);
    return *text < '1' || *text > '9' || *end != '\0' || errno != 0 ? -1 : id;
}

static int do_request(struct job_store *s, struct job_request *request, struct err *err)
{
    switch (request->kind) {
    case REQUEST_ADD:
        return job_store_add(s, request->text, request->added_ns, &request->id, err);
    case REQUEST_TAKE:
        return job_store_take(s, request->most, request->jobs, &request->count, &request->next_ns,
                              err);
    case REQUEST_RENEW:
        return job_store_renew(s, &request->job, err);
    case REQUEST_RELEASE:
        return job_store_release(s, &request->job, err);
    case REQUEST_FINISH:
        return job_store_finish(s, &request->job, request->result, request->error, &request->end,
                                err);
    case REQUEST_FIND:
        request->how_many = job_store_find(s, id_parse(request->text), &request->found, err);
        return request->how_many < 0 ? -1 : 0;
    }
    return 0;
}

int job_requests_do(struct job_store *s, struct lane_request *first, struct err *err)
{
    for (struct lane_request *at = first; at != NULL; at = at->next)
        if (do_request(s, (struct job_request *)at, err) < 0)
            return -1;
    return 0;
}

static void answer_add(const struct job_request *request, const struct err *err)
{
    char id[JOB_ID_MAX];
    (void)snprintf(id, sizeof id, "%lld", (long long)request->id);
    request->done.added(request->ctx, err == NULL ? id : NULL, err);
}

static void answer_find(struct job_request *request, const struct err *err)
{
    request->found.view.id = request->text;
    request->done.found(request->ctx,
                        err == NULL && request->how_many > 0 ? &request->found.view : NULL, err);
    job_found_fini(&request->found);
}

void job_request_answer(struct job_request *request, const struct err *err)
{
    switch (request->kind) {
    case REQUEST_ADD:
        answer_add(request, err);
        break;
    case REQUEST_FINISH:
        request->done.finished(request->ctx, request->end, err);
        break;
    case REQUEST_FIND:
        answer_find(request, err);
        break;
    case REQUEST_RENEW:
    case REQUEST_RELEASE:
    case REQUEST_TAKE:
        break; /* RENEW and RELEASE have no callback */
    }
}
