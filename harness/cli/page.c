#include "cli/page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "cli/gathered.h"
#include "cli/limits.h"
#include "cli/other_goal.h"
#include "cli/page_command.h"
#include "cli/pictures.h"
#include "cli/recovered.h"
#include "cli/reference.h"
#include "cli/session_pictures.h"
#include "cli/sweep_pictures.h"
#include "report/page/page.h"
#include "store/file.h"
#include "store/inputs.h"
#include "store/stored.h"

#define PAGE_BYTES_MAX ((size_t)256 << 20)

/* What a chapter is made of; only that one is filled. */
struct source {
    struct comparison comparison;
    struct sweep sweep; /* no points: it is none */
    struct ranking ranking;
    bool is_gathered, is_session;
    struct session session;
    struct verdict verdict;
    struct verdict_page verdict_page;
    struct drawn *drawn;
    size_t ndrawn;
    struct page_picture *pictures; /* as the page has them */
    char *no_pictures;
    struct table limits;
    struct str_list limit_notes;
};

/* A page while it is put together. */
struct maker {
    const struct page_order *order;
    struct source **sources; /* each by itself: chapters borrow parts of them */
    size_t nsources;
    struct limits limits;
    struct source *gathered; /* the one of the results that were given singly; NULL: none yet */
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

static struct source *add_source(struct maker *m)
{
    struct source *s = mem_zalloc(sizeof *s);
    m->sources = mem_one_more(m->sources, m->nsources, sizeof(struct source *));
    m->sources[m->nsources++] = s;
    comparison_init(&s->comparison);
    sweep_init(&s->sweep);
    table_init(&s->limits, 0);
    return s;
}

static bool is_sweep(const struct source *s)
{
    return s->sweep.npoints > 0;
}

/* Its arms, or those of a sweep at all its points. */
static struct comparison *arms_of(struct source *s)
{
    return is_sweep(s) ? &s->sweep.comparison : &s->comparison;
}

static void source_free(struct source *s)
{
    if (s->is_session) {
        verdict_fini(&s->verdict);
        session_fini(&s->session);
    }
    drawn_free(s->drawn, s->ndrawn);
    table_fini(&s->limits);
    str_list_fini(&s->limit_notes);
    free(s->pictures);
    free(s->no_pictures);
    comparison_fini(&s->comparison);
    ranking_fini(&s->ranking);
    sweep_fini(&s->sweep);
    free(s);
}

static void take_result(struct maker *m, const char *path, struct result *r)
{
    if (m->gathered == NULL) {
        m->gathered = add_source(m);
        m->gathered->is_gathered = true;
    }
    gathered_add_result(&m->gathered->comparison, path, r);
}

static int take_comparison(struct maker *m, struct comparison *c, struct err *err)
{
    if (reference_judge_stored(m->order->reference, c, err) < 0)
        return -1;
    struct source *s = add_source(m);
    s->comparison = *c;
    comparison_init(c);
    return 0;
}

static int take_sweep(struct maker *m, struct sweep *from, struct err *err)
{
    struct ranking r;
    if (ranking_init(&r, from, m->order->goal, err) < 0)
        return -1;
    struct source *s = add_source(m);
    s->sweep = *from;
    s->ranking = r;
    s->ranking.sweep = &s->sweep;
    sweep_init(from);
    return 0;
}

static int take_session(struct maker *m, const char *path, struct session *from, struct err *err)
{
    struct source *s = mem_zalloc(sizeof *s);
    s->session = *from;
    if (verdict_make(&s->session, &s->verdict, err) < 0) {
        free(s);
        return -1;
    }
    session_init(from);
    comparison_init(&s->comparison);
    s->is_session = true;
    s->verdict_page = (struct verdict_page){.verdict = &s->verdict, .file = path};
    m->sources = mem_one_more(m->sources, m->nsources, sizeof(struct source *));
    m->sources[m->nsources++] = s;
    return 0;
}

/* What was asked for must fit each file. */
static int check_asked(const struct maker *m, const struct stored *stored, struct err *err)
{
    if (m->order->reference != NULL && stored->kind != STORED_COMPARISON)
        return err_set(err, ERR_USAGE, "--reference: this is %s, not a comparison",
                       stored_names[stored->kind]);
    if (stored->kind == STORED_CAPACITY)
        return err_set(err, ERR_USAGE,
                       "a page does not show a search for the capacity yet; bench report FILE "
                       "prints it");
    if (m->limits.judging.count > 0 && stored->kind == STORED_SESSION)
        return err_set(err, ERR_USAGE, "--fail: this is a session, which has gates of its own");
    return m->order->map != NULL ? 0 : other_goal_check(m->order->goal, stored, err);
}

static int add(struct maker *m, const char *path, struct stored *s, struct err *err)
{
    if (s->kind == STORED_COMPARISON)
        return take_comparison(m, &s->comparison, err);
    if (s->kind == STORED_SESSION)
        return take_session(m, path, &s->session, err);
    if (s->kind == STORED_SWEEP)
        return take_sweep(m, &s->sweep, err);
    take_result(m, path, &s->result);
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
    struct source *s = add_source(m);
    s->sweep = map->sweep;
    s->ranking = map->ranking;
    s->ranking.sweep = &s->sweep;
    *map = (struct mapped){0};
}

static void judge_all(struct maker *m)
{
    for (size_t i = 0; i < m->nsources; i++) {
        struct source *s = m->sources[i];
        limits_mark(&m->limits, arms_of(s));
        limits_judge(&m->limits, arms_of(s), s->is_gathered, &s->limits, &s->limit_notes);
    }
}

/* --- the pictures --- */

/* Of the first arms, if there are more than a picture can show. */
static int draw_comparison(struct source *s, struct step_stop *stop, struct err *err)
{
    struct comparison shown = s->comparison;
    if (shown.narms > PICTURE_ARMS_MAX) {
        shown.narms = PICTURE_ARMS_MAX;
        s->no_pictures = mem_printf("The pictures show the first %d of %zu arms.", PICTURE_ARMS_MAX,
                                    s->comparison.narms);
    }
    return pictures_svgs(&shown, &s->drawn, &s->ndrawn, stop, err);
}

/* What may not stand on a page is told like what could not be drawn. */
static const char *problem_of(const struct drawn *d)
{
    if (d->svg == NULL)
        return d->problem;
    return page_takes_svg(d->svg) ? NULL : PAGE_NOT_PLAIN;
}

static int draw_kind(struct source *s, struct step_stop *stop, struct err *err)
{
    if (s->is_session)
        return session_pictures_svgs(&s->verdict, &s->drawn, &s->ndrawn, stop, err);
    return is_sweep(s) ? sweep_pictures_svgs(&s->ranking, &s->drawn, &s->ndrawn, stop, err)
                       : draw_comparison(s, stop, err);
}

static int draw(struct source *s, struct step_stop *stop, struct err *err)
{
    int failed = draw_kind(s, stop, err);
    s->pictures = mem_array(s->ndrawn, sizeof *s->pictures);
    for (size_t i = 0; i < s->ndrawn; i++) {
        const struct drawn *d = &s->drawn[i];
        const char *problem = problem_of(d);
        s->pictures[i] = (struct page_picture){.key = d->picture->key,
                                               .title = d->picture->title,
                                               .read = d->read,
                                               .see = d->see,
                                               .numbers = d->numbers,
                                               .points = d->points,
                                               .svg = problem == NULL ? d->svg : NULL,
                                               .problem = problem};
        if (problem != NULL)
            log_warn("the page has no picture \"%s\": %s", d->picture->title, problem);
    }
    return failed;
}

static int draw_all(struct maker *m, struct err *err)
{
    struct step_stop stop = {0};
    for (size_t i = 0; i < m->nsources && !m->order->no_pictures; i++) {
        if (draw(m->sources[i], &stop, err) == 0)
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
        struct source *s = m->sources[i];
        if (s->is_session ? session_pictures_are_there(&s->session)
                          : gathered_has_result(arms_of(s)))
            return 0;
    }
    log_warn("nothing was measured; the page says why");
    return err_exit_code(ERR_INVALID);
}

static int make(struct maker *m, struct err *err)
{
    struct buf command;
    struct page_chapter *chapters = mem_array(m->nsources, sizeof *chapters);
    for (size_t i = 0; i < m->nsources; i++) {
        struct source *s = m->sources[i];
        chapters[i] = (struct page_chapter){
            .comparison = s->is_session ? NULL : arms_of(s),
            .sweep = is_sweep(s) ? &s->sweep : NULL,
            .ranking = is_sweep(s) ? &s->ranking : NULL,
            .is_gathered = s->is_gathered,
            .session = s->is_session ? &s->verdict_page : NULL,
            .limits = &s->limits,
            .limit_notes = &s->limit_notes,
            .pictures = s->pictures,
            .npictures = s->ndrawn,
            .no_pictures = s->no_pictures,
        };
    }
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
        source_free(m.sources[i]);
    free(m.sources);
    str_list_fini(&m.unread);
    limits_fini(&m.limits);
    return code;
}
