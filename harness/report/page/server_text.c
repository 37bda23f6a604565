#include "report/page/server_text.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "report/text.h"

static const struct setting *setting_of(const struct result *r, const char *name)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        if (strcmp(r->config[i].name, name) == 0)
            return &r->config[i];
    }
    return NULL;
}

static const char *text_of(const struct result *r, const char *name)
{
    const struct setting *s = setting_of(r, name);
    return s == NULL || s->kind != SETTING_TEXT ? NULL : s->text;
}

/* "8 threads"; "threads" when the number is not known, or is left to the program. */
static void add_number_of(const struct result *r, const char *name, const char *one,
                          const char *many, struct buf *out)
{
    const struct setting *s = setting_of(r, name);
    bool is_known = s != NULL && s->kind == SETTING_NUMBER && s->number > 0;
    if (is_known)
        buf_printf(out, "%.0f ", s->number);
    buf_puts(out, is_known && s->number == 1 ? one : many);
}

/* What it does when more requests come than it can hold. */
static void add_overload(const struct result *r, const char *limit, const char *what,
                         struct buf *out)
{
    char number[32];
    const struct setting *s = setting_of(r, limit);
    if (s == NULL || s->kind != SETTING_NUMBER || !(s->number >= 0))
        return;
    buf_printf(out, " When %s %s wait, the next request gets a 503.",
               text_grouped((int64_t)s->number, number, sizeof number), what);
}

/* --- the bundled strategies --- */

static void describe_inline(const struct result *r, struct buf *out)
{
    (void)r;
    buf_puts(out, "Does the work on the event loop itself. Meanwhile it answers nothing else.");
}

static void describe_threads(const struct result *r, struct buf *out)
{
    const char *isolate = text_of(r, "isolate");
    buf_puts(out, "Starts ");
    add_number_of(r, "fanout", "new thread", "new threads", out);
    buf_puts(out, " for every request, without a limit. They share its work.");
    if (isolate != NULL && strcmp(isolate, "none") != 0)
        buf_puts(out, " As a model of Node, each thread also pays for a JavaScript engine of its "
                      "own (an isolate).");
}

static void describe_pool(const struct result *r, struct buf *out)
{
    buf_puts(out, "Does the work in a fixed pool of ");
    add_number_of(r, "pool_size", "thread", "threads", out);
    buf_puts(out, ". Further requests wait in memory until a thread is free.");
    add_overload(r, "max_queue", "requests", out);
}

static void describe_offload(const struct result *r, struct buf *out)
{
    bool is_rust = text_of(r, "compute_program") != NULL &&
                   strstr(text_of(r, "compute_program"), "rust") != NULL;
    buf_printf(out,
               "A gateway passes each request over HTTP to a separate compute service%s, which "
               "splits the work over all cores.",
               is_rust ? " written in Rust" : "");
    add_overload(r, "max_queue", "requests", out);
}

static void describe_queue(const struct result *r, struct buf *out)
{
    const char *broker = text_of(r, "broker");
    buf_puts(out, "A gateway stores each request as a job");
    if (broker != NULL && strstr(broker, "redis") != NULL)
        buf_puts(out, " in Redis");
    else if (broker != NULL && strstr(broker, "sqlite") != NULL)
        buf_puts(out, " in SQLite");
    buf_puts(out, " and answers 202 Accepted at once. ");
    buf_puts(out, "Later ");
    add_number_of(r, "queue_workers", "separate worker process does",
                  "separate worker processes do", out);
    buf_puts(out, " the work, and the client fetches the result.");
    add_overload(r, "max_backlog", "jobs", out);
}

/* clang-format off */
static const struct {
    const char *name;
    void (*describe)(const struct result *r, struct buf *out);
} strategies[] = {
    {"inline", describe_inline},
    {"threads", describe_threads},
    {"pool", describe_pool},
    {"offload", describe_offload},
    {"queue", describe_queue},
};

/* The article's, rebuilt with the packages that it names. */
static const struct {
    const char *name, *text;
} originals[] = {
    {"express-inline", "does the work on Node's event loop. Meanwhile it answers nothing else."},
    {"express-threads", "starts 8 new worker threads for every request, without a limit."},
    {"express-piscina", "does the work in a fixed pool of 8 worker threads (Piscina)."},
    {"express-compute", "passes each request over HTTP to a compute service that splits the work over all cores. Here it is bench's own service, in C."},
    {"express-rust", "passes each request over HTTP to a compute service in Rust that splits the work over all cores."},
    {"express-bullmq", "stores each request as a job in Redis (BullMQ) and answers 202 Accepted at once. A separate worker process does the work later."},
};
/* clang-format on */

/* --- what all share --- */

static bool describe(const struct result *r, struct buf *out)
{
    for (size_t i = 0; r->strategy != NULL && i < LEN(strategies); i++) {
        if (strcmp(strategies[i].name, r->strategy) == 0) {
            strategies[i].describe(r, out);
            return true;
        }
    }
    for (size_t i = 0; r->original != NULL && i < LEN(originals); i++) {
        if (strcmp(originals[i].name, r->original) == 0) {
            buf_printf(out, "The article's program, rebuilt in Node.js: it %s", originals[i].text);
            return true;
        }
    }
    return false;
}

void server_text(const struct result *r, struct buf *out)
{
    if (describe(r, out))
        return;
    if (r->command != NULL)
        buf_printf(out, "A server started with %s", r->command);
    else if (r->url != NULL)
        buf_printf(out, "The server at %s", r->url);
}
