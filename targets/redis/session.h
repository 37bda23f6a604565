/* redis_link_parts: what the files of a redis_link know of each other.
 *
 * Shape   redis_link.c makes the connection, loses it and makes it again; redis_greeting.c is what
 *         is said before it is up; redis_script.c calls scripts, and loads what the server lost.
 */
#ifndef TARGETS_REDIS_SESSION_H
#define TARGETS_REDIS_SESSION_H

#include "base/buf.h"
#include "base/rng.h"
#include "targets/redis/link.h"
#include "targets/redis/questions.h"
#include "targets/redis/resolver.h"
#include "targets/redis/url.h"
#include "targets/redis/wire.h"

#define SHA_LEN   40
#define WORDS_MAX 400 /* of the server's */

enum link_state { LINK_RESTS, LINK_RESOLVES, LINK_CONNECTS, LINK_GREETS, LINK_IS_UP, LINK_CLOSES };

/* A script of the options. */
struct script {
    struct link *owner;
    const char *text;
    char sha[SHA_LEN + 1]; /* what the server calls it */
    uint64_t load_number;  /* of the question that loads it, the last one */
};

struct link {
    struct link_events events;
    uv_loop_t *loop;
    enum link_state state;
    uv_timer_t timer; /* the rest, the connect limit or the oldest question, by the state */
    int open_parts;   /* that have yet to close */
    struct redis_url url;
    char *client_name;
    struct script *scripts;
    size_t script_count;
    int64_t connect_limit_ns, answer_limit_ns;

    struct resolver resolver;
    bool was_tried; /* an address that needs no look-up */
    struct wire *wire;
    struct err why;   /* it is down, or was */
    int64_t pause_ms; /* before it tries again; 0: it was up */
    int64_t up_since_ns, told_ns;
    struct rng rng;

    struct questions questions;
    int64_t timer_due_ns; /* NEVER_NS: it stands still */
    bool is_late;         /* the oldest question; it has one more turn of the loop */
    size_t unwritten;     /* questions, when it was closed */
    struct buf command;   /* the one that is being made; kept for its memory */
};

/* l->command goes out as this question. The wire is there. */
void link_send(struct link *l, struct question *q);
/* Down, or the command is too long. */
int link_check(const struct link *l, struct err *err);
/* Behind what l->command begins with. */
void link_add_words(struct link *l, const struct link_question *q);
/* Ends the connection, for that reason. */
void link_drop(struct link *l, const char *reason);
void link_came_up(struct link *l);

/* link_came_up or link_drop is how it ends. */
void greeting_send(struct link *l);
/* Words of the server's, safe to print, without the password, cut to that size. */
void greeting_words(const struct link *l, const char *words, char *out, size_t size);
/* Drops the link if that is an error. */
void greeting_refused(struct link *l, const char *what, const struct link_answer *answer);

void script_load(struct script *s);
/* True when the server has lost the script: the question has been sent again. */
bool script_sent_again(struct question *q, const redisReply *reply);

#endif
