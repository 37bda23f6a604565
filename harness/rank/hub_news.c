/* What the hub says to its members and to the user, and the loss of a member. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/stdio.h"
#include "rank/hub_internal.h"
#include "store/doc.h"

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
        if (!h->seen[i].is_mute)
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

void hub_lose(struct hub *h, int member, enum loss loss, const char *why)
{
    struct seen *s = &h->seen[member];
    char *name = hub_name(h, member);
    s->lost = true;
    s->why = mem_strdup(why);
    h->has_lost = true;
    s->is_mute = loss == LOSS_MUTE;
    h->has_mute = h->has_mute || s->is_mute;
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
