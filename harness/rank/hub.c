#include "rank/hub.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "rank/hub_internal.h"
#include "rank/member.h"
#include "store/doc.h"

#define LINES_MAX     ((size_t)256 << 20) /* of the seconds of one member */
#define STOP_LIMIT_NS (10 * NS_PER_S)     /* from a stop to the result */
#define HURRY_NS      (500 * NS_PER_MS)   /* the same, before SIGKILL comes */
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

bool hub_hurries(const struct hub *h)
{
    return h->hurries;
}

bool hub_has_mute(const struct hub *h)
{
    return h->has_mute;
}

/* ---- losses ---- */

static void look_for_silence(struct hub *h, int64_t now_ns)
{
    for (int i = 0; i < h->count && h->phase != PHASE_OVER; i++) {
        struct seen *s = &h->seen[i];
        bool runs = h->phase == PHASE_RUN && now_ns > h->start_ns;
        int64_t line_ns = s->line_ns > h->start_ns ? s->line_ns : h->start_ns;
        if (s->lost || s->ended)
            continue;
        if (now_ns - s->heard_ns > MEMBER_SILENCE_NS)
            hub_lose(h, i, LOSS_MUTE, "no sign of life for 5 s");
        else if (runs && now_ns - line_ns > STUCK_NS)
            hub_lose(h, i, LOSS_GENERATOR, "its generator was silent for 10 s");
        else if (runs && h->hurries && now_ns - h->stopped_ns > HURRY_NS)
            hub_lose(h, i, LOSS_GENERATOR, "mpirun ended it before its result came");
        else if (runs && h->stopping && now_ns - h->stopped_ns > STOP_LIMIT_NS)
            hub_lose(h, i, LOSS_GENERATOR, "its generator did not end within 10 s");
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
    if (s->is_mute || h->phase == PHASE_OVER)
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

/* SIGTERM: mpirun ends its ranks, and kills them soon. */
void hub_interrupt(struct hub *h, int signal)
{
    h->signal = signal;
    h->hurries = h->hurries || signal == SIGTERM || signal == SIGHUP;
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
    if (open == NULL) {
        hub_tell(h, "end", json_object());
        h->pinged = 0;
        if (h->hurries)
            hub_begin_merge(h);
        else
            hub_enter(h, PHASE_CLOCKS_AGAIN);
    }
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
