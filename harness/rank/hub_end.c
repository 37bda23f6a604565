/* How each generator ended, and the result of all. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "rank/hub_internal.h"
#include "store/doc.h"

/* ---- the end of a generator ---- */

/* In a letter the document is behind the first line. */
static void keep_ended(struct seen *s, const struct letter *letter)
{
    struct err err = {0};
    char *end = memchr(letter->bytes, '\n', letter->len);
    size_t len = end == NULL ? letter->len : (size_t)(end - letter->bytes);
    json_t *how = doc_parse(letter->bytes, len, &err);
    s->status = (int)json_integer_value(json_object_get(how, "status"));
    s->said = mem_strdup_or_null(json_string_value(json_object_get(how, "said")));
    json_decref(how);
    if (end != NULL && end[1] != '\0')
        s->document = mem_strdup(end + 1);
}

static bool has_code(const struct seen *s, enum err_kind kind)
{
    return WIFEXITED(s->status) && WEXITSTATUS(s->status) == err_exit_code(kind);
}

/* Before the window opened nothing was measured: why is what the generator said. */
static void fail_early(struct hub *h, int member)
{
    const struct seen *s = &h->seen[member];
    char *name = hub_name(h, member);
    char *how = program_end_text(s->status);
    int code = WIFEXITED(s->status) && WEXITSTATUS(s->status) != 0 ? WEXITSTATUS(s->status)
                                                                   : err_exit_code(ERR_INVALID);
    if (s->said != NULL && WIFEXITED(s->status))
        hub_fail(h, code, "%s: %s", name, s->said);
    else
        hub_fail(h, code, "%s: its generator ended before the window opened: %s", name, how);
    free(how);
    free(name);
}

void hub_take_ended(struct hub *h, int member, const struct letter *letter)
{
    struct seen *s = &h->seen[member];
    if (s->lost)
        return; /* it was said, and so it stays */
    keep_ended(s, letter);
    if (h->phase < PHASE_RUN) {
        fail_early(h, member);
        return;
    }
    if (s->document == NULL) {
        char *how = program_end_text(s->status);
        char *why = s->said == NULL || WIFSIGNALED(s->status)
                        ? mem_printf("its generator ended: %s", how)
                        : mem_printf("its generator ended: %s", s->said);
        hub_lose(h, member, LOSS_GENERATOR, why);
        free(why);
        free(how);
        return;
    }
    s->ended = true;
    seconds_leave(h->seconds, member);
    if (has_code(s, ERR_GATE)) /* -B: the faults of one end all */
        hub_stop_all(h);
}

/* ---- the result of all ---- */

/* The document, with how far its clock may be off; as it is when it is none. The caller frees. */
static char *with_clock_error(const struct hub *h, const struct seen *s)
{
    struct err err = {0};
    struct buf text;
    json_t *doc = doc_parse(s->document, strlen(s->document), &err);
    json_t *share = json_object_get(doc, "share");
    if (json_is_object(share))
        doc_put(share, "clock_error_us",
                doc_real(offset_error_us(&s->offset, &s->again, h->start_ns)));
    buf_init(&text, (size_t)256 << 20);
    if (doc != NULL)
        doc_dump(doc, DOC_LINE, &text);
    else
        buf_puts(&text, s->document);
    json_decref(doc);
    char *taken = buf_take(&text);
    buf_fini(&text);
    return taken;
}

static int write_all(int fd, const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        ssize_t n = write(fd, text, left);
        if (n < 0)
            return -1;
        text += n;
        left -= (size_t)n;
    }
    return 0;
}

/* Only the time in which all lived counts, and that is in the seconds. */
static bool is_cut(const struct hub *h)
{
    return h->has_lost && !h->arguments->continues;
}

/* In memory, so that neither a full disk nor a killed rank leaves or loses anything. `bench merge`
 * inherits the descriptor. */
static int open_part(const struct hub *h, struct seen *s)
{
    char *document = s->document == NULL ? NULL : with_clock_error(h, s);
    s->fd = memfd_create("share", 0);
    int failed = s->fd < 0 ? -1 : 0;
    if (failed == 0 && is_cut(h))
        failed = write_all(s->fd, s->lines.data);
    if (failed == 0 && document != NULL)
        failed = write_all(s->fd, document);
    free(document);
    return failed;
}

/* Of a host that was lost there is a part in what all did while it lived, and else only a name. */
static void add_part(struct hub *h, int member, struct str_list *words)
{
    struct seen *s = &h->seen[member];
    char *lost = mem_printf("--lost=%d=%s:%s", member, s->host, s->lost ? s->why : "");
    if (s->lost)
        str_list_add(words, lost);
    free(lost);
    if (s->lost && !is_cut(h))
        return;
    if (open_part(h, s) < 0)
        log_warn("no memory for the share of %s", s->host);
    char *path = mem_printf("/dev/fd/%d", s->fd);
    str_list_add(words, path);
    free(path);
}

static void add_words(struct hub *h, struct str_list *words)
{
    const struct arguments *a = h->arguments;
    str_list_add(words, h->bench);
    str_list_add(words, "merge");
    for (size_t i = 0; i < a->shown.count && !a->stream; i++)
        str_list_add(words, a->shown.items[i]);
    if (a->stream) {
        str_list_add(words, "--json");
        str_list_add(words, "--no-save");
    }
    if (is_cut(h)) {
        char *until = mem_printf("--until=%.9g", h->whole_s);
        str_list_add(words, until);
        free(until);
    }
    for (int i = 0; i < h->count; i++)
        add_part(h, i, words);
}

void hub_begin_merge(struct hub *h)
{
    struct str_list words = {0};
    struct err err = {0};
    if (is_cut(h) && h->whole_s <= 0) {
        hub_fail(h, err_exit_code(ERR_INVALID), "a host was lost before the first second was over");
        return;
    }
    add_words(h, &words);
    hub_enter(h, PHASE_MERGE);
    if (program_start(&h->merge, &words, PROGRAM_OUTLIVES, NULL, &err) < 0)
        hub_fail(h, err_exit_code(err.kind), "%s", err.text);
    str_list_fini(&words);
}

/* As `bench run` would exit. */
static int code_of(const struct hub *h)
{
    int code = WEXITSTATUS(h->merge.status);
    if (h->signal != 0)
        return 128 + (h->signal == SIGTERM ? SIGTERM : SIGINT);
    for (int i = 0; i < h->count; i++) {
        if (!h->seen[i].lost && has_code(&h->seen[i], ERR_GATE))
            return err_exit_code(ERR_GATE);
    }
    return h->has_lost && code == 0 ? err_exit_code(ERR_INVALID) : code;
}

static void show_errors(struct hub *h)
{
    for (char *line; (line = program_line(&h->merge, &h->merge.err)) != NULL; free(line))
        log_say("%s", line);
}

void hub_tick_merge(struct hub *h)
{
    static const char said_by[] = "bench: ";
    program_take(&h->merge);
    if (!h->merge.ended)
        return;
    bool has_text = h->merge.out.len > 0;
    if (has_text)
        hub_print(h, h->merge.out.data);
    if (!WIFEXITED(h->merge.status) || !has_text) {
        char *how = program_end_text(h->merge.status);
        char *line = program_line(&h->merge, &h->merge.err);
        hub_fail(h, WIFEXITED(h->merge.status) ? WEXITSTATUS(h->merge.status) : 5, "%s",
                 line == NULL ? how : line + (str_starts(line, said_by) ? strlen(said_by) : 0));
        free(line);
        free(how);
        return;
    }
    show_errors(h);
    if (h->code == 0)
        h->code = code_of(h);
    hub_send_all(h, LETTER_BYE, NULL, 0);
    hub_enter(h, PHASE_OVER);
}
