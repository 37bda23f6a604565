#include "runner/fleet.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/warnings.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "model/result_load.h"
#include "proc/child.h"
#include "proc/job_folder.h"
#include "runner/fleet_check.h"
#include "runner/fleet_command.h"
#include "runner/fleet_words.h"
#include "store/fleet_json.h"
#include "store/journal.h"
#include "store/result_file.h"

#define RESULT_GRACE_MS 20000          /* until the figures of all hosts are here */
#define WORDS_MOST      100            /* lines of what it said */
#define LEAVE_MS        3000           /* until it has ended, once it has said all */
#define CHECK_MS        5000           /* without a word from the hosts */
#define STOP_GRACE_NS   (5 * NS_PER_S) /* until mpirun has ended its ranks */

struct fleet {
    const struct plan *plan;
    char *url; /* the first one, for messages */
    int64_t silence_ns;
    struct load_events events;
    struct fleet_command command;
    struct child *child;
    struct fleet_check *check;
    uv_timer_t silence_timer;
    int open_handles;     /* the timers and the children */
    struct buf line;      /* the one that has begun */
    struct journal heard; /* its seconds, in case that no result comes */
    bool has_window;      /* it was opened; then it was also closed: */
    bool has_ended;
    int64_t hosts; /* ranks that run; 0: they do not yet */
    int64_t lost;  /* of these */
    bool is_stopping, is_silent;
    enum err_kind failed_kind;
    char *failed;          /* what bench-rank says about it; NULL */
    struct err wrong;      /* its result cannot be read; NONE */
    struct result *result; /* NULL: none came */
    int status;            /* of mpirun */
};

/* --- what they say --- */

static void open_window(struct fleet *f)
{
    if (f->has_window)
        return;
    f->has_window = true;
    log_debug("loading %s from %s", f->url, f->plan->hosts.text);
    f->events.on_window(f->events.ctx);
}

static void end_window(struct fleet *f)
{
    if (!f->has_window || f->has_ended)
        return;
    f->has_ended = true;
    f->events.on_window_end(f->events.ctx);
}

static void take_hosts(struct fleet *f, const struct str_list *hosts)
{
    f->hosts = (int64_t)hosts->count;
    fleet_check_stop(f->check);
    for (size_t i = 0; i < hosts->count; i++)
        log_debug("share %zu is made on %s", i, hosts->items[i]);
}

static void take_failed(struct fleet *f, struct fleet_line *line)
{
    if (f->failed != NULL)
        return;
    f->failed = line->text != NULL ? line->text : mem_strdup("bench-rank does not say why");
    f->failed_kind = line->code == err_exit_code(ERR_USAGE) ? ERR_USAGE : ERR_INVALID;
    line->text = NULL;
}

static void take_result(struct fleet *f, struct fleet_line *line)
{
    end_window(f);
    if (f->result != NULL)
        return;
    f->result = line->result;
    line->result = NULL;
}

static void take_second(struct fleet *f, struct second *second)
{
    struct err unfit;
    if (!f->has_window || f->has_ended)
        return;
    if (journal_add_sum(&f->heard, f->line.data, f->line.len, &unfit) < 0)
        log_debug("a second of the hosts is left out: %s", unfit.text);
    second->hosts = f->hosts - f->lost;
    f->events.on_second(f->events.ctx, second);
}

static void take(struct fleet *f, struct fleet_line *line)
{
    switch (line->news) {
    case FLEET_HOSTS:
        take_hosts(f, &line->hosts);
        break;
    case FLEET_WINDOW:
        open_window(f);
        break;
    case FLEET_SECOND:
        take_second(f, &line->second);
        break;
    case FLEET_END:
        end_window(f);
        break;
    case FLEET_LOST:
        f->lost += f->lost < f->hosts;
        log_warn("lost %s: %s", line->hosts.items[0], line->text == NULL ? "?" : line->text);
        break;
    case FLEET_FAILED:
        take_failed(f, line);
        break;
    case FLEET_RESULT:
        take_result(f, line);
        break;
    case FLEET_OTHER:
        break;
    }
}

/* What is not JSON was meant for people: a shell's greeting on one of the hosts. */
static void take_line(struct fleet *f)
{
    struct fleet_line line;
    struct err err;
    if (f->line.len == 0 || f->line.data[0] != '{')
        return;
    if (fleet_line_read(f->line.data, f->line.len, &line, &err) == 0) {
        take(f, &line);
        fleet_line_fini(&line);
    } else if (f->wrong.kind == ERR_NONE) {
        f->wrong = err;
    }
}

static void await_more(struct fleet *f);
static void on_out(void *ctx, const char *bytes, size_t len)
{
    struct fleet *f = ctx;
    while (len > 0) {
        const char *newline = memchr(bytes, '\n', len);
        size_t part = newline == NULL ? len : (size_t)(newline - bytes);
        buf_add(&f->line, bytes, part);
        if (newline == NULL)
            break;
        if (!f->line.overflow)
            take_line(f);
        buf_clear(&f->line);
        bytes += part + 1;
        len -= part + 1;
    }
    await_more(f);
}

/* --- how it ends --- */

/* The last line is here. */
static bool has_all(const struct fleet *f)
{
    return f->result != NULL || f->failed != NULL;
}

static void close_handle(struct fleet *f)
{
    if (--f->open_handles > 0)
        return;
    end_window(f);
    f->events.on_done(f->events.ctx);
}

static void on_timer_closed(uv_handle_t *handle)
{
    close_handle(handle->data);
}

static void on_mpirun_exit(void *ctx, const struct child_exit *how)
{
    struct fleet *f = ctx;
    f->status = how->status;
    job_folder_remove_of(child_pid(f->child)); /* it stays where mpirun is killed, or crashes */
    uv_close((uv_handle_t *)&f->silence_timer, on_timer_closed);
    fleet_check_stop(f->check);
    close_handle(f);
}

/* A host without the program is one that mpirun waits for in vain. */
static void on_missing(void *ctx, char *words)
{
    struct fleet *f = ctx;
    if (f->hosts > 0 || has_all(f)) {
        free(words);
        return;
    }
    f->failed = words;
    f->failed_kind = ERR_USAGE;
    child_stop(f->child, STOP_GRACE_NS);
}

static void on_check_closed(void *ctx)
{
    close_handle(ctx);
}

static void on_silence(uv_timer_t *timer)
{
    struct fleet *f = timer->data;
    f->is_silent = !f->is_stopping;
    fleet_stop(f);
}

static void on_overdue(uv_timer_t *timer)
{
    child_stop(((struct fleet *)timer->data)->child, STOP_GRACE_NS);
}

/* After the last line mpirun would end by itself, if it did not wait for a host out of reach. In
 * the window the hosts tell of each second, so a sixth of the time is enough; not while they warm
 * up. */
static void await_more(struct fleet *f)
{
    const struct plan *plan = f->plan;
    int64_t most_ns = plan->sample_ms * NS_PER_MS +
                      (f->has_window && !f->has_ended ? f->silence_ns / 6
                                                      : f->silence_ns + plan->warmup_ns +
                                                            plan->wait_open_ns + plan->timeout_ns);
    if (uv_is_closing((const uv_handle_t *)&f->silence_timer))
        return;
    if (has_all(f))
        (void)uv_timer_start(&f->silence_timer, on_overdue, LEAVE_MS, 0);
    else if (!f->is_stopping)
        (void)uv_timer_start(&f->silence_timer, on_silence, (uint64_t)(most_ns / NS_PER_MS), 0);
}

/* mpirun passes SIGUSR1 on to the ranks, which then end the load. Any other end of mpirun is theirs
 * too, with no time left for their figures. */
void fleet_stop(struct fleet *f)
{
    if (f->is_stopping || has_all(f) || uv_is_closing((const uv_handle_t *)&f->silence_timer))
        return;
    f->is_stopping = true;
    if (f->hosts == 0 || f->is_silent) {
        (void)uv_timer_stop(&f->silence_timer);
        child_stop(f->child, STOP_GRACE_NS);
        return;
    }
    child_signal(f->child, SIGUSR1);
    (void)uv_timer_start(&f->silence_timer, on_overdue, RESULT_GRACE_MS, 0);
}

struct fleet *fleet_start(const struct fleet_spec *spec, struct err *err)
{
    struct fleet *f = mem_zalloc(sizeof *f);
    f->plan = spec->plan;
    f->url = secret_free_url(spec->urls->items[0]);
    f->silence_ns = spec->silence_ns;
    f->events = spec->events;
    journal_init(&f->heard);
    buf_init(&f->line, RESULT_MAX_BYTES);
    if (fleet_command_check(err) < 0 ||
        fleet_command_make(spec->plan, spec->urls, &f->command, err) < 0) {
        fleet_free(f);
        return NULL;
    }
    char **argv = fleet_command_argv(&f->command);
    const char *env[] = {f->command.variable, NULL};
    f->child = child_start(
        spec->loop,
        &(struct child_spec){.argv = argv, .env = env, .role = "mpirun", .tail_lines = WORDS_MOST},
        &(struct child_events){.ctx = f, .on_out = on_out, .on_exit = on_mpirun_exit}, err);
    free(argv);
    if (f->child == NULL) {
        fleet_free(f);
        return NULL;
    }
    (void)uv_timer_init(spec->loop, &f->silence_timer);
    f->silence_timer.data = f;
    f->open_handles = 3;
    await_more(f);
    f->check = fleet_check_start(spec->loop, &f->command, CHECK_MS,
                                 &(struct fleet_check_events){f, on_missing, on_check_closed});
    return f;
}

void fleet_free(struct fleet *f)
{
    if (f == NULL)
        return;
    child_free(f->child);
    fleet_check_free(f->check);
    fleet_command_fini(&f->command);
    buf_fini(&f->line);
    journal_fini(&f->heard);
    free(f->failed);
    free(f->url);
    if (f->result != NULL)
        result_fini(f->result);
    free(f->result);
    free(f);
}

/* --- what is left of it --- */

/* It ended without a result, and bench-rank did not say why. */
static void say_early_end(const struct fleet *f, struct err *err)
{
    char how[CHILD_EXIT_TEXT_MAX];
    (void)child_exit_text(&(struct child_exit){.status = f->status}, how, sizeof how);
    (void)err_set(err, ERR_INVALID, "mpirun ended (%s) before %s", how,
                  f->has_window ? "the hosts gave a result" : "the load began");
}

/* Why there is no result, without the last words of mpirun. */
static void say_why(const struct fleet *f, struct err *err)
{
    if (f->failed != NULL)
        (void)err_set(err, f->failed_kind, "%s", f->failed);
    else if (f->is_silent)
        (void)err_set(err, ERR_INVALID,
                      "nothing was heard from the hosts for too long, so they were stopped");
    else if (f->wrong.kind != ERR_NONE)
        (void)err_set(err, ERR_INVALID, "what bench-rank says cannot be read: %s", f->wrong.text);
    else
        say_early_end(f, err);
}

static bool has_last_words(const struct fleet *f)
{
    return f->failed == NULL && !f->is_silent && f->wrong.kind == ERR_NONE;
}

static bool has_seconds(const struct fleet *f)
{
    return f->has_window && f->heard.nseconds > 0;
}

bool fleet_measured(const struct fleet *f, struct err *err)
{
    if (has_seconds(f) || (f->result != NULL && f->has_window))
        return true;
    say_why(f, err);
    if (has_last_words(f))
        fleet_words_add(f->child, err);
    return false;
}

/* What was asked for is known here, and what became of it from the seconds. */
static void collect_seconds(const struct fleet *f, struct result *r)
{
    struct result heard;
    struct err why;
    int64_t workers = (r->workers > 0 ? r->workers : 1) * (f->hosts > 0 ? f->hosts : 1);
    journal_sum(&f->heard, &heard);
    heard.connections = r->connections;
    heard.workers = workers < PLAN_WORKERS_MAX ? workers : PLAN_WORKERS_MAX;
    heard.offered = r->offered;
    r->offered = (struct offered_load){.rate_rps = NAN, .max_connections = MISSING};
    heard.valid = false;
    heard.interrupted = true;
    result_take_load(r, &heard);
    result_fini(&heard);
    say_why(f, &why);
    char *text = mem_printf("%s: the figures are those of the %.4g s that the hosts had told of",
                            why.text, r->duration_s);
    result_warn(r, "hosts-silent", text,
                "check the hosts and the network between them, and measure again");
    free(text);
    if (!has_last_words(f))
        return;
    fleet_words_add(f->child, &why);
    log_warn("%s", why.text);
}

void fleet_collect(struct fleet *f, struct result *r)
{
    if (f->result == NULL) {
        collect_seconds(f, r);
        return;
    }
    warnings_take(r, f->result);
    result_take_load(r, f->result);
}
