/* Whether a Redis server can be the broker, asked once before the first job: its version, what it
 * does when it is full, what the user may do, and whether the queue's keys are what they must be.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "targets/queue/bullmq/broker_internal.h"

#define OLDEST_MAJOR 6 /* 6.2: RPOP with a count */
#define OLDEST_MINOR 2

/* A question, which waits for its answer. */
struct asked {
    bool came;
    struct err err; /* kind NONE: it was answered */
    char *text;     /* if it is text */
    struct job_counts counts;
    bool has_counts;
};

static void on_asked(void *ctx, const struct link_answer *answer)
{
    struct asked *asked = ctx;
    asked->came = true;
    if (redis_reply_err(answer, &asked->err) != NULL)
        return;
    asked->text = mem_strdup_or_null(redis_reply_text(answer->reply));
    asked->has_counts = redis_reply_counts(answer->reply, 0, &asked->counts);
}

static int wait_for(struct redis_broker *b, const struct asked *asked, struct err *err)
{
    while (!asked->came)
        (void)uv_run(b->loop, UV_RUN_ONCE);
    return asked->err.kind == ERR_NONE
               ? 0
               : err_set(err, ERR_USAGE, "the broker cannot be used: %s", asked->err.text);
}

static int ask_script(struct redis_broker *b, enum redis_script script, struct asked *asked,
                      struct err *err)
{
    const char *const keys[] = {b->key};
    const struct link_question q = {.argv = keys, .argc = 1, .done = on_asked, .ctx = asked};
    *asked = (struct asked){0};
    if (link_script(b->link, script, 1, &q, err) < 0)
        return -1;
    return wait_for(b, asked, err);
}

static int ask_server(struct redis_broker *b, const char *const *words, size_t count,
                      struct asked *asked, struct err *err)
{
    const struct link_question q = {.argv = words, .argc = count, .done = on_asked, .ctx = asked};
    *asked = (struct asked){0};
    if (link_ask(b->link, &q, err) < 0)
        return -1;
    return wait_for(b, asked, err);
}

/* ---- what is checked ---- */

/* The text after "name:" in what INFO says; "" without it. */
static const char *info_value(const char *info, const char *name)
{
    const char *at = strstr(info, name);
    return at == NULL ? "" : at + strlen(name);
}

static int check_server(const char *info, struct err *err)
{
    const char *version = info_value(info, "\nredis_version:");
    char *rest = NULL;
    long major = strtol(version, &rest, 10);
    long minor = *rest == '.' ? strtol(rest + 1, NULL, 10) : 0;
    if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR))
        return err_set(err, ERR_USAGE,
                       "the broker cannot be used: it is Redis %.*s, and must be %d.%d or newer",
                       (int)strcspn(version, "\r\n"), version, OLDEST_MAJOR, OLDEST_MINOR);
    const char *policy = info_value(info, "\nmaxmemory_policy:");
    if (!str_starts(policy, "noeviction"))
        log_warn("the broker: Redis removes keys when it is out of memory (maxmemory-policy %.*s), "
                 "jobs too; set it to noeviction",
                 (int)strcspn(policy, "\r\n"), policy);
    return 0;
}

static int check_info(struct redis_broker *b, struct err *err)
{
    const char *const words[] = {"INFO"};
    struct asked info;
    if (ask_server(b, words, LEN(words), &info, err) < 0)
        return -1;
    int failed = info.text == NULL ? 0 : check_server(info.text, err);
    free(info.text);
    return failed;
}

static int check_rights(struct redis_broker *b, struct err *err)
{
    struct asked refused;
    int failed = ask_script(b, REDIS_RIGHTS, &refused, err);
    if (refused.text != NULL)
        failed = err_set(err, ERR_USAGE,
                         "the broker cannot be used: the user may not run %s on the keys %s:%s:*; "
                         "give it that right, or another user in --broker",
                         refused.text, b->options->prefix, b->options->queue);
    free(refused.text);
    return failed;
}

/* Of the connection that a worker sleeps on. */
static int check_sleeping(struct redis_broker *b, struct err *err)
{
    char *key = mem_printf("%s:%s:rights", b->options->prefix, b->options->queue);
    const char *const words[] = {"BZPOPMIN", key, "0.001"};
    struct asked asked;
    int failed = ask_server(b, words, LEN(words), &asked, err);
    free(asked.text);
    free(key);
    return failed;
}

/* The counts tell of a key of a wrong type. */
static int check_keys(struct redis_broker *b, struct err *err)
{
    struct asked asked;
    int failed = ask_script(b, REDIS_COUNTS, &asked, err);
    if (asked.has_counts) {
        b->counts = asked.counts;
        b->counted_ns = clock_now_ns();
    }
    free(asked.text);
    return failed;
}

int redis_check(struct redis_broker *b, struct err *err)
{
    if (check_info(b, err) < 0 || check_rights(b, err) < 0)
        return -1;
    if (b->role == BROKER_WORKER && check_sleeping(b, err) < 0)
        return -1;
    return check_keys(b, err);
}
