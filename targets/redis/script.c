#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "targets/redis/command.h"
#include "targets/redis/session.h"

#define TIMES_MAX 3 /* that one call is sent again */

static void on_loaded(void *ctx, const struct link_answer *answer)
{
    struct script *s = ctx;
    const redisReply *reply = answer->reply;
    if (answer->end != LINK_ANSWERED)
        greeting_refused(s->owner, "SCRIPT LOAD", answer);
    else if (reply->type == REDIS_REPLY_STRING && reply->len == SHA_LEN)
        memcpy(s->sha, reply->str, SHA_LEN + 1);
    else
        link_drop(s->owner, "SCRIPT LOAD gave no name of a script");
}

void script_load(struct script *s)
{
    struct link *l = s->owner;
    struct question q = {.limit_ns = l->answer_limit_ns, .done = on_loaded, .ctx = s};
    command_begin(&l->command, 3);
    command_add_text(&l->command, "SCRIPT");
    command_add_text(&l->command, "LOAD");
    command_add_text(&l->command, s->text);
    link_send(l, &q);
    s->load_number = q.number;
}

/* Every call that was under way comes back like this: the first of them loads the script, and the
 * others, asked before that, find it there. */
bool script_sent_again(struct question *q, const redisReply *reply)
{
    struct script *s = q->script;
    struct link *l = s->owner;
    if (reply->type != REDIS_REPLY_ERROR || !str_starts(reply->str, "NOSCRIPT") ||
        q->times == TIMES_MAX)
        return false;
    if (q->number > s->load_number)
        script_load(s);
    q->times++;
    buf_clear(&l->command);
    buf_add(&l->command, q->command, q->command_len);
    link_send(l, q);
    return true;
}

static char *copy_bytes(const struct buf *b)
{
    char *copy = mem_zalloc(b->len);
    memcpy(copy, b->data, b->len);
    return copy;
}

int link_script(struct link *l, size_t script, size_t keys, const struct link_question *q,
                struct err *err)
{
    struct script *s = &l->scripts[script];
    command_begin(&l->command, q->argc + 3);
    command_add_text(&l->command, "EVALSHA");
    command_add_text(&l->command, s->sha);
    command_add_number(&l->command, keys);
    link_add_words(l, q);
    if (link_check(l, err) < 0)
        return -1;
    struct question asked = {
        .limit_ns = q->limit_ns == 0 ? l->answer_limit_ns : q->limit_ns,
        .done = q->done,
        .ctx = q->ctx,
        .script = s,
        .command = copy_bytes(&l->command),
        .command_len = l->command.len,
    };
    link_send(l, &asked);
    return 0;
}
