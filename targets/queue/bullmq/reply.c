#include "targets/queue/bullmq/reply.h"

#include <stdlib.h>

#define NUMBER_MOST  ((int64_t)1 << 53) /* as far as the library can count */
#define COUNTS_COUNT 6

const struct err *redis_reply_err(const struct link_answer *answer, struct err *err)
{
    switch (answer->end) {
    case LINK_ANSWERED:
        return NULL;
    case LINK_REFUSED:
        (void)err_set(err, ERR_USAGE, "Redis refused it: %s", answer->text);
        break;
    case LINK_NOT_SENT:
    case LINK_UNKNOWN:
        (void)err_set(err, ERR_USAGE, "%s", answer->text); /* the text says which */
        break;
    }
    return err;
}

const struct err *redis_reply_strange(struct err *err, const char *what)
{
    (void)err_set(err, ERR_USAGE, "Redis answered something other than %s; is it really Redis?",
                  what);
    return err;
}

const char *redis_reply_text(const redisReply *field)
{
    return field->type == REDIS_REPLY_STRING ? field->str : NULL;
}

int64_t redis_reply_number(const redisReply *field, int64_t without)
{
    const char *text = redis_reply_text(field);
    int64_t number = text == NULL ? without : strtoll(text, NULL, 10);
    if (number > NUMBER_MOST)
        return NUMBER_MOST;
    return number < -NUMBER_MOST ? -NUMBER_MOST : number;
}

bool redis_reply_counts(const redisReply *reply, size_t at, struct job_counts *out)
{
    int64_t *const fields[COUNTS_COUNT] = {&out->waiting,   &out->delayed, &out->active,
                                           &out->completed, &out->failed,  &out->missing};
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != at + COUNTS_COUNT)
        return false;
    for (size_t i = 0; i < COUNTS_COUNT; i++) {
        if (reply->element[at + i]->type != REDIS_REPLY_INTEGER)
            return false;
        *fields[i] = reply->element[at + i]->integer;
    }
    return true;
}
