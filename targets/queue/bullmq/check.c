/* Checks once, before the first job, whether a Redis server can be the broker: its version, what it
 * does when memory is full, what the user may do, and whether the queue's keys have the right
 * types.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "targets/queue/bullmq/bullmq_internal.h"

#define OLDEST_MAJOR 6 /* 6.2: RPOP with a count */
#define OLDEST_MINOR 2

/* A request and its answer. */
struct awaited {
    bool came;
    struct err err; /* kind NONE: it was done */
    char *text;     /* of the reply, if that is text */
    struct job_counts counts;
    bool has_counts; /* the reply */
};

static void on_answer(void *ctx, const struct link_answer *answer)
{
    struct awaited *a = ctx;
    a->came = true;
    if (redis_reply_err(answer, &a->err) != NULL)
        return;
    a->text = mem_strdup_or_null(redis_reply_text(answer->reply));
    a->has_counts = redis_reply_counts(answer->reply, 0, &a->counts);
}

static int wait_for(struct redis_broker *b, const struct awaited *a, struct err *err)
{
    while (!a->came)
        (void)uv_run(b->loop, UV_RUN_ONCE);
    return a->err.kind == ERR_NONE
               ? 0
               : err_set(err, ERR_USAGE, "the broker cannot be used: %s", a->err.text);
}

static int run_script(struct redis_broker *b, enum redis_script script, struct awaited *a,
                      struct err *err)
{
    const char *const keys[] = {b->key};
    const struct link_request r = {.argv = keys, .argc = 1, .done = on_answer, .ctx = a};
    *a = (struct awaited){0};
    if (link_send_script(b->link, script, 1, &r, err) < 0)
        return -1;
    return wait_for(b, a, err);
}

static int run_command(struct redis_broker *b, const char *const *words, size_t count,
                       struct awaited *a, struct err *err)
{
    const struct link_request r = {.argv = words, .argc = count, .done = on_answer, .ctx = a};
    *a = (struct awaited){0};
    if (link_send(b->link, &r, err) < 0)
        return -1;
    return wait_for(b, a, err);
}

/* ---- what is checked ---- */

/* The text after `name` in the reply to INFO; "" when it is missing. */
static const char *info_value(const char *info, const char *name)
{
    const char *at = strstr(info, name);
    return at == NULL ? "" : at + strlen(name);
}

static int check_server(const char *info, struct broker_setup *setup, struct err *err)
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
    setup->has_no_log = str_starts(info_value(info, "\naof_enabled:"), "0");
    if (str_starts(policy, "noeviction"))
        return 0;
    (void)snprintf(setup->eviction, sizeof setup->eviction, "%.*s", (int)strcspn(policy, "\r\n"),
                   policy);
    log_warn("the broker: Redis removes keys when it is out of memory (maxmemory-policy %s), jobs "
             "too; set it to noeviction",
             setup->eviction);
    return 0;
}

static int check_info(struct redis_broker *b, struct err *err)
{
    const char *const words[] = {"INFO"};
    struct awaited info;
    if (run_command(b, words, LEN(words), &info, err) < 0)
        return -1;
    int failed = info.text == NULL ? 0 : check_server(info.text, &b->base.setup, err);
    free(info.text);
    return failed;
}

static int check_rights(struct redis_broker *b, struct err *err)
{
    struct awaited refused;
    int failed = run_script(b, REDIS_RIGHTS, &refused, err);
    if (refused.text != NULL)
        failed = err_set(err, ERR_USAGE,
                         "the broker cannot be used: the user may not run %s on the keys %s:%s:*; "
                         "give the user that right, or name another user in --broker",
                         refused.text, b->options->prefix, b->options->queue);
    free(refused.text);
    return failed;
}

/* The command that a worker sleeps in. */
static int check_sleeping(struct redis_broker *b, struct err *err)
{
    char *key = mem_printf("%s:%s:rights", b->options->prefix, b->options->queue);
    const char *const words[] = {"BZPOPMIN", key, "0.001"};
    struct awaited popped;
    int failed = run_command(b, words, LEN(words), &popped, err);
    free(popped.text);
    free(key);
    return failed;
}

/* Counting fails on a key of the wrong type. */
static int check_keys(struct redis_broker *b, struct err *err)
{
    struct awaited counted;
    int failed = run_script(b, REDIS_COUNTS, &counted, err);
    if (counted.has_counts) {
        b->counts = counted.counts;
        b->counted_ns = clock_now_ns();
    }
    free(counted.text);
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
