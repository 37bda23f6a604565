#include "targets/redis/script.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "targets/redis/command.h"

#define RESENDS_MAX 3

static void on_loaded(void *ctx, const struct link_answer *answer)
{
    struct script *s = ctx;
    const redisReply *reply = answer->reply;
    if (answer->end != LINK_ANSWERED)
        session_drop_if_refused(s->session, "SCRIPT LOAD", answer);
    else if (reply->type == REDIS_REPLY_STRING && reply->len == SCRIPT_SHA_LEN)
        memcpy(s->sha, reply->str, SCRIPT_SHA_LEN + 1);
    else
        session_drop(s->session, "SCRIPT LOAD gave no name of a script");
}

void script_load(struct script *s)
{
    struct session *session = s->session;
    struct pending_request r = {.limit_ns = session->answer_limit_ns, .done = on_loaded, .ctx = s};
    command_begin(&session->command, 3);
    command_add_text(&session->command, "SCRIPT");
    command_add_text(&session->command, "LOAD");
    command_add_text(&session->command, s->text);
    session_send(session, &r);
    s->load_number = r.number;
}

/* All requests that were under way are refused like this. The first of them loads the script again;
 * the others were sent before that load, so they need no further one. */
bool script_resend(struct pending_request *r, const redisReply *reply)
{
    struct script *s = r->script;
    struct session *session = s->session;
    if (!str_starts(reply->str, "NOSCRIPT") || r->resends == RESENDS_MAX)
        return false;
    if (r->number > s->load_number)
        script_load(s);
    r->resends++;
    buf_clear(&session->command);
    buf_add(&session->command, r->command, r->command_len);
    session_send(session, r);
    return true;
}

static char *copy_bytes(const struct buf *b)
{
    char *copy = mem_zalloc(b->len);
    memcpy(copy, b->data, b->len);
    return copy;
}

int script_send(struct script *s, size_t keys, const struct link_request *request, struct err *err)
{
    struct session *session = s->session;
    command_begin(&session->command, request->argc + 3);
    command_add_text(&session->command, "EVALSHA");
    command_add_text(&session->command, s->sha);
    command_add_number(&session->command, keys);
    session_add_words(session, request);
    if (session_check(session, err) < 0)
        return -1;
    struct pending_request r = session_pending_request(session, request);
    r.script = s;
    r.command = copy_bytes(&session->command);
    r.command_len = session->command.len;
    session_send(session, &r);
    return 0;
}
