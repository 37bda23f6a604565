#include "rank/hub.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/stdio.h"
#include "rank/hub_internal.h"
#include "rank/member.h"
#include "store/doc.h"

#define LINES_MAX     ((size_t)256 << 20) /* of the seconds of one member */
#define STOP_LIMIT_NS (10 * NS_PER_S)     /* from a stop to the result */
#define STUCK_NS      (10 * NS_PER_S)     /* without a second */

/* ---- new, free ---- */

struct hub *hub_new(struct mail *mail, const struct arguments *arguments, const char *bench)
{
    struct hub *h = mem_zalloc(sizeof *h);
    h->mail = mail;
    h->arguments = arguments;
    h->bench = bench;
    h->count = mail_count(mail);
    h->seen = mem_array((size_t)h->count, sizeof *h->seen);
    h->seconds = seconds_new(h->count);
    for (int i = 0; i < h->count; i++) {
        h->seen[i].offset = h->seen[i].again = OFFSET_NONE;
        h->seen[i].heard_ns = clock_now_ns();
        h->seen[i].fd = -1;
        buf_init(&h->seen[i].lines, LINES_MAX);
    }
    json_t *plan = json_object();
    doc_put(plan, "words", doc_texts(arguments->load.items, arguments->load.count));
    doc_put(plan, "files", doc_texts(arguments->files.items, arguments->files.count));
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    doc_dump(plan, DOC_LINE, &text);
    json_decref(plan);
    hub_enter(h, PHASE_HELLO);
    hub_send_all(h, LETTER_PLAN, text.data, text.len);
    buf_fini(&text);
    return h;
}

void hub_free(struct hub *h)
{
    if (h == NULL)
        return;
    for (int i = 0; i < h->count; i++) {
        struct seen *s = &h->seen[i];
        char *texts[] = {s->host,  s->version,  s->layout, s->digest,
                         s->error, s->document, s->said,   s->why};
        for (size_t k = 0; k < LEN(texts); k++)
            free(texts[k]);
        buf_fini(&s->lines);
    }
    program_fini(&h->merge);
    seconds_free(h->seconds);
    free(h->seen);
    free(h);
}

bool hub_is_pinging(const struct hub *h)
{
    return h->phase == PHASE_CLOCKS || h->phase == PHASE_CLOCKS_AGAIN;
}

bool hub_is_over(const struct hub *h)
{
    return h->phase == PHASE_OVER;
}

int hub_code(const struct hub *h)
{
    return h->code;
}

bool hub_has_lost(const struct hub *h)
{
    return h->has_lost || h->has_mute;
}

/* ---- names ---- */

char *hub_name(const struct hub *h, int member)
{
    const char *host = h->seen[member].host;
    int same = 0;
    if (host == NULL)
        return mem_printf("rank %d", member);
    for (int i = 0; i < h->count; i++)
        same += h->seen[i].host != NULL && strcmp(h->seen[i].host, host) == 0;
    return same == 1 ? mem_strdup(host) : mem_printf("%s (rank %d)", host, member);
}

char *hub_names(const struct hub *h, hub_is_fn *is)
{
    struct buf text;
    int left = 0, told = 0;
    for (int i = 0; i < h->count; i++)
        left += is(&h->seen[i]);
    if (left == 0)
        return NULL;
    buf_init(&text, BUF_TEXT_MAX);
    for (int i = 0; i < h->count; i++) {
        if (!is(&h->seen[i]))
            continue;
        char *name = hub_name(h, i);
        left--;
        buf_printf(&text, "%s%s", told++ == 0 ? "" : left == 0 ? " and " : ", ", name);
        free(name);
    }
    char *names = buf_take(&text);
    buf_fini(&text);
    return names;
}

/* ---- to the members, and to the user ---- */

void hub_enter(struct hub *h, enum phase phase)
{
    h->phase = phase;
    h->began_ns = clock_now_ns();
}

void hub_send_all(struct hub *h, enum letter_kind kind, const void *bytes, size_t len)
{
    for (int i = 0; i < h->count; i++) {
        if (!h->seen[i].lost)
            mail_send(h->mail, i, kind, bytes, len);
    }
}

void hub_print(struct hub *h, const char *text)
{
    struct err err = {0};
    if (stdio_print(text, &err) == 0)
        return;
    log_error("%s", err.text);
    h->code = err_exit_code(err.kind);
}

void hub_tell(struct hub *h, const char *event, json_t *value)
{
    struct buf line;
    json_t *told = json_object();
    doc_put(told, "schema", doc_text("bench.fleet/1"));
    doc_put(told, "event", doc_text(event));
    (void)json_object_update(told, value);
    json_decref(value);
    buf_init(&line, BUF_TEXT_MAX);
    doc_dump(told, DOC_LINE, &line);
    json_decref(told);
    if (h->arguments->stream)
        hub_print(h, line.data);
    buf_fini(&line);
}

void hub_fail(struct hub *h, int code, const char *format, ...)
{
    struct err err = {0};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err.text, sizeof err.text, format, args);
    va_end(args);
    if (h->arguments->stream) {
        json_t *value = json_object();
        doc_put(value, "message", doc_text(err.text));
        doc_put(value, "code", doc_count(code));
        hub_tell(h, "failed", value);
    } else {
        log_error("%s", err.text);
    }
    hub_send_all(h, LETTER_BYE, NULL, 0);
    h->code = code;
    hub_enter(h, PHASE_OVER);
}

void hub_stop_all(struct hub *h)
{
    if (h->stopping)
        return;
    h->stopping = true;
    h->stopped_ns = clock_now_ns();
    hub_send_all(h, LETTER_STOP, NULL, 0);
}

/* ---- losses ---- */

/* After the run began: before it, the run fails. */
static void tell_lost(struct hub *h, int member, const char *name, const char *why)
{
    double at_s = (double)(clock_now_ns() - h->start_ns) / (double)NS_PER_S;
    json_t *value = json_object();
    doc_put(value, "index", doc_count(member));
    doc_put(value, "host", doc_text(h->seen[member].host));
    doc_put(value, "why", doc_text(why));
    doc_put(value, "at_s", doc_real(at_s));
    hub_tell(h, "lost", value);
    if (!h->arguments->stream)
        log_error("%s was lost %.1f s after the start: %s", name, at_s, why);
}

static bool is_left(const struct seen *s)
{
    return !s->lost;
}

void hub_lose(struct hub *h, int member, const char *why)
{
    struct seen *s = &h->seen[member];
    char *name = hub_name(h, member);
    s->lost = true;
    s->why = mem_strdup(why);
    h->has_lost = true;
    if (h->phase < PHASE_RUN) {
        hub_fail(h, err_exit_code(ERR_INVALID), "%s was lost before the window opened: %s", name,
                 why);
        free(name);
        return;
    }
    if (h->whole_s == 0)
        h->whole_s = seconds_of_all(h->seconds);
    seconds_leave(h->seconds, member);
    tell_lost(h, member, name, why);
    free(name);
    char *left = hub_names(h, is_left);
    free(left);
    if (left == NULL)
        hub_fail(h, err_exit_code(ERR_INVALID), "all hosts were lost");
    else if (!h->arguments->continues)
        hub_stop_all(h);
}

static void look_for_silence(struct hub *h, int64_t now_ns)
{
    for (int i = 0; i < h->count && h->phase != PHASE_OVER; i++) {
        struct seen *s = &h->seen[i];
        bool runs = h->phase == PHASE_RUN && now_ns > h->start_ns;
        int64_t line_ns = s->line_ns > h->start_ns ? s->line_ns : h->start_ns;
        if (s->lost || s->ended)
            continue;
        if (now_ns - s->heard_ns > MEMBER_SILENCE_NS)
            hub_lose(h, i, "no sign of life for 5 s");
        else if (runs && now_ns - line_ns > STUCK_NS)
            hub_lose(h, i, "its generator was silent for 10 s");
        else if (runs && h->stopping && now_ns - h->stopped_ns > STOP_LIMIT_NS)
            hub_lose(h, i, "its generator did not end within 10 s");
    }
}

void hub_forgive(struct hub *h, int64_t gap_ns)
{
    for (int i = 0; i < h->count; i++) {
        h->seen[i].heard_ns += gap_ns;
        h->seen[i].line_ns += gap_ns;
    }
    h->began_ns += gap_ns;
    h->stopped_ns += gap_ns;
}

/* ---- letters ---- */

static void take_line(struct hub *h, int member, const struct letter *letter, int64_t now_ns)
{
    struct seen *s = &h->seen[member];
    struct err err = {0};
    s->line_ns = now_ns;
    buf_add(&s->lines, letter->bytes, letter->len);
    buf_puts(&s->lines, "\n");
    if (seconds_add(h->seconds, member, letter->bytes, &err) < 0)
        log_warn("%s: %s", s->host, err.text);
}

void hub_take(struct hub *h, const struct letter *letter, int64_t now_ns)
{
    struct seen *s = &h->seen[letter->from];
    if (s->lost || h->phase == PHASE_OVER)
        return; /* it was told to be lost, and so it stays */
    s->heard_ns = now_ns;
    if (letter->kind == LETTER_HELLO)
        hub_take_hello(h, s, letter);
    else if (letter->kind == LETTER_READY)
        s->is_ready = true;
    else if (letter->kind == LETTER_STARTED)
        s->has_start = true;
    else if (letter->kind == LETTER_PONG)
        hub_take_pong(h, letter, now_ns);
    else if (letter->kind == LETTER_LINE)
        take_line(h, letter->from, letter, now_ns);
    else if (letter->kind == LETTER_ENDED)
        hub_take_ended(h, letter->from, letter);
}

void hub_interrupt(struct hub *h, int signal)
{
    h->signal = signal;
    if (h->phase == PHASE_RUN)
        hub_stop_all(h);
    else if (h->phase < PHASE_RUN)
        hub_fail(h, err_exit_code(ERR_INTERRUPTED), "interrupted before anything was measured");
}

/* ---- the run ---- */

static void print_seconds(struct hub *h)
{
    struct buf line;
    buf_init(&line, BUF_TEXT_MAX);
    while (!(h->has_lost && !h->arguments->continues) && seconds_take(h->seconds, &line)) {
        if (h->arguments->stream)
            hub_print(h, line.data);
        buf_clear(&line);
    }
    buf_fini(&line);
}

static bool is_open(const struct seen *s)
{
    return !s->lost && !s->ended;
}

static void tick_run(struct hub *h, int64_t now_ns)
{
    if (!h->window_told && now_ns >= h->start_ns) {
        h->window_told = true;
        hub_tell(h, "window", json_object());
    }
    print_seconds(h);
    char *open = hub_names(h, is_open);
    if (open == NULL)
        hub_enter(h, PHASE_CLOCKS_AGAIN);
    free(open);
}

static void beat(struct hub *h, int64_t now_ns)
{
    if (now_ns - h->beat_ns < MEMBER_BEAT_NS)
        return;
    h->beat_ns = now_ns;
    hub_send_all(h, LETTER_BEAT, NULL, 0);
}

void hub_tick(struct hub *h, int64_t now_ns)
{
    look_for_silence(h, now_ns);
    beat(h, now_ns);
    switch (h->phase) {
    case PHASE_HELLO:
    case PHASE_READY:
    case PHASE_START:
        hub_tick_start(h, now_ns);
        break;
    case PHASE_CLOCKS:
    case PHASE_CLOCKS_AGAIN:
        hub_tick_clocks(h, now_ns);
        break;
    case PHASE_RUN:
        tick_run(h, now_ns);
        break;
    case PHASE_MERGE:
        hub_tick_merge(h);
        break;
    case PHASE_OVER:
        break;
    }
}
