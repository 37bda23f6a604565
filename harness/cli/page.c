#include "cli/page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "cli/capacity_pictures.h"
#include "cli/gathered.h"
#include "cli/limits.h"
#include "cli/other_goal.h"
#include "cli/page_command.h"
#include "cli/page_source.h"
#include "cli/recovered.h"
#include "cli/reference.h"
#include "store/file.h"
#include "store/inputs.h"
#include "store/stored.h"

#define PAGE_BYTES_MAX ((size_t)256 << 20)

/* A page while it is put together. */
struct maker {
    const struct page_order *order;
    struct page_source **sources; /* each by itself: chapters borrow parts of them */
    size_t nsources;
    struct limits limits;
    struct page_source
        *gathered; /* the one of the results that were given singly; NULL: none yet */
    struct str_list unread;
};

bool page_is_asked(const char *out)
{
    static const char *const endings[] = {".html", ".htm"};
    for (size_t i = 0; out != NULL && i < LEN(endings); i++) {
        size_t len = strlen(out);
        size_t tail = strlen(endings[i]);
        if (len >= tail && strcasecmp(out + len - tail, endings[i]) == 0)
            return !store_is_folder(out);
    }
    return false;
}

/* --- the chapters --- */

static void add_source(struct maker *m, struct page_source *s)
{
    m->sources = mem_one_more(m->sources, m->nsources, sizeof(struct page_source *));
    m->sources[m->nsources++] = s;
}

static void take_result(struct maker *m, const char *path, struct result *r)
{
    if (m->gathered == NULL) {
        m->gathered = page_source_new();
        m->gathered->is_gathered = true;
        add_source(m, m->gathered);
    }
    gathered_add_result(&m->gathered->comparison, path, r);
}

/* What was asked for must fit each file. */
static int check_asked(const struct maker *m, const struct stored *stored, struct err *err)
{
    if (m->order->reference != NULL && stored->kind != STORED_COMPARISON)
        return err_set(err, ERR_USAGE, "--reference: this is %s, not a comparison",
                       stored_names[stored->kind]);
    if (m->limits.judging.count > 0 && stored->kind == STORED_SESSION)
        return err_set(err, ERR_USAGE, "--fail: this is a session, which has gates of its own");
    if (m->limits.judging.count > 0 && stored->kind == STORED_CAPACITY)
        return err_set(err, ERR_USAGE, CAPACITY_NO_LIMITS);
    return m->order->map != NULL ? 0 : other_goal_check(m->order->goal, stored, err);
}

static int add(struct maker *m, const char *path, struct stored *from, struct err *err)
{
    if (from->kind == STORED_RESULT) {
        take_result(m, path, &from->result);
        return 0;
    }
    if (from->kind == STORED_COMPARISON &&
        reference_judge_stored(m->order->reference, &from->comparison, err) < 0)
        return -1;
    struct page_source *s = page_source_new();
    if (page_source_take(s, path, m->order->goal, from, err) < 0) {
        page_source_free(s);
        return -1;
    }
    add_source(m, s);
    return 0;
}

static int take(struct maker *m, const char *path, struct err *err)
{
    struct stored stored;
    if (recovered_load(path, m->order->recovery_goal, &stored, err) < 0)
        return -1;
    int failed = check_asked(m, &stored, err);
    if (failed == 0)
        failed = mapped_add_stored(m->order->mapped, &stored, err);
    if (failed == 0)
        failed = add(m, path, &stored, err);
    stored_fini(&stored);
    return failed < 0 ? err_wrap(err, "%s", path) : 0;
}

/* A file that cannot be read is told, and the others are shown. */
static int take_all(struct maker *m, struct err *err)
{
    for (size_t i = 0; i < m->order->nfiles; i++) {
        if (take(m, m->order->files[i], err) == 0)
            continue;
        str_list_add(&m->unread, err->text);
        if (m->order->nfiles > 1)
            log_error("%s", err->text);
    }
    if (m->nsources > 0)
        return 0;
    return m->order->nfiles == 1 ? -1
                                 : err_set(err, ERR_USAGE,
                                           "-o/--out: no page was written, because none of the "
                                           "files could be read");
}

/* What the article's rules were judged by. */
static void take_map(struct maker *m)
{
    struct mapped *map = m->order->mapped;
    if (!map->is_there)
        return;
    struct page_source *s = page_source_new();
    page_source_take_sweep(s, &map->sweep, &map->ranking);
    add_source(m, s);
    *map = (struct mapped){0};
}

static void judge_all(struct maker *m)
{
    for (size_t i = 0; i < m->nsources; i++) {
        struct page_source *s = m->sources[i];
        limits_mark(&m->limits, page_source_arms(s));
        limits_judge(&m->limits, page_source_arms(s), s->is_gathered, &s->limits, &s->limit_notes);
    }
}

/* --- the pictures --- */

static int draw_all(struct maker *m, struct err *err)
{
    struct step_stop stop = {0};
    for (size_t i = 0; i < m->nsources && !m->order->no_pictures; i++) {
        if (page_source_draw(m->sources[i], &stop, err) == 0)
            continue;
        if (stop.signal == 0)
            return -1;
        log_error("interrupted; no page was written");
        return 128 + stop.signal;
    }
    return 0;
}

/* --- the page --- */

static int write_page(const struct maker *m, const struct page *page, struct err *err)
{
    struct buf text;
    int failed = 0;
    buf_init(&text, PAGE_BYTES_MAX);
    page_write(page, &text);
    if (text.overflow)
        failed =
            err_set(err, ERR_USAGE, "the page would be larger than %zu MiB; give fewer results",
                    PAGE_BYTES_MAX >> 20);
    if (failed == 0)
        failed = store_file_write(m->order->out, text.data, text.len, err);
    if (failed == 0)
        log_say("wrote %s", m->order->out);
    buf_fini(&text);
    return failed < 0 ? err_wrap(err, "-o/--out") : 0;
}

/* Of a page that is written. */
static int code_of(const struct maker *m)
{
    if (m->unread.count > 0)
        return err_exit_code(ERR_USAGE);
    for (size_t i = 0; i < m->nsources; i++) {
        if (page_source_is_measured(m->sources[i]))
            return 0;
    }
    log_warn("nothing was measured; the page says why");
    return err_exit_code(ERR_INVALID);
}

static int make(struct maker *m, struct err *err)
{
    struct buf command;
    struct page_chapter *chapters = mem_array(m->nsources, sizeof *chapters);
    for (size_t i = 0; i < m->nsources; i++)
        chapters[i] = page_source_chapter(m->sources[i]);
    buf_init(&command, BUF_TEXT_MAX);
    page_command_add(m->order, &command);
    const struct page page = {.chapters = chapters,
                              .nchapters = m->nsources,
                              .unread = m->unread,
                              .command = command.data};
    int code = write_page(m, &page, err);
    buf_fini(&command);
    free(chapters);
    return code == 0 ? code_of(m) : code;
}

static int check(const struct page_order *order, struct err *err)
{
    struct inputs inputs;
    if (gathered_check_count(order->nfiles, err) < 0)
        return -1;
    inputs_of(&inputs, order->files, order->nfiles);
    int failed = inputs_check(&inputs, order->out, err);
    inputs_fini(&inputs);
    return failed < 0 ? err_wrap(err, "-o/--out") : 0;
}

int page_make(const struct page_order *order, struct err *err)
{
    struct maker m = {.order = order};
    int code = check(order, err);
    if (code == 0)
        code = limits_init(&m.limits, order->fail, err);
    if (code == 0)
        code = take_all(&m, err);
    if (code == 0) {
        take_map(&m);
        judge_all(&m);
    }
    if (code == 0)
        code = draw_all(&m, err);
    if (code == 0)
        code = make(&m, err);
    for (size_t i = 0; i < m.nsources; i++)
        page_source_free(m.sources[i]);
    free(m.sources);
    str_list_fini(&m.unread);
    limits_fini(&m.limits);
    return code;
}
