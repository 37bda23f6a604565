#include "cli/page_source.h"

#include <stdlib.h>

#include "analysis/capacity/search.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/capacity_pictures.h"
#include "cli/capacity_report.h"
#include "cli/gathered.h"
#include "cli/pictures.h"
#include "cli/session_pictures.h"
#include "cli/sweep_pictures.h"

struct page_source *page_source_new(void)
{
    struct page_source *s = mem_zalloc(sizeof *s);
    comparison_init(&s->comparison);
    sweep_init(&s->sweep);
    capacity_init(&s->capacity);
    table_init(&s->limits, 0);
    return s;
}

void page_source_free(struct page_source *s)
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
    capacity_fini(&s->capacity);
    goal_fini(&s->capacity_goal);
    free(s);
}

static bool is_sweep(const struct page_source *s)
{
    return s->sweep.npoints > 0;
}

static bool is_capacity(const struct page_source *s)
{
    return s->capacity.narms > 0;
}

struct comparison *page_source_arms(struct page_source *s)
{
    return is_sweep(s) ? &s->sweep.comparison : &s->comparison;
}

bool page_source_is_measured(struct page_source *s)
{
    if (s->is_session)
        return session_pictures_are_there(&s->session);
    return is_capacity(s) ? capacity_pictures_are_there(&s->capacity)
                          : gathered_has_result(page_source_arms(s));
}

/* --- what it takes --- */

/* A ranking knows where its sweep is. */
void page_source_take_sweep(struct page_source *s, struct sweep *from, const struct ranking *r)
{
    s->sweep = *from;
    s->ranking = *r;
    s->ranking.sweep = &s->sweep;
    sweep_init(from);
}

static int take_sweep(struct page_source *s, struct sweep *from, const char *goal, struct err *err)
{
    struct ranking r;
    if (ranking_init(&r, from, goal, err) < 0)
        return -1;
    page_source_take_sweep(s, from, &r);
    return 0;
}

static int take_capacity(struct page_source *s, const char *path, struct capacity *from,
                         struct err *err)
{
    if (capacity_report_goal(from, &s->capacity_goal, err) < 0)
        return -1;
    s->capacity = *from;
    capacity_init(from);
    capacity_judge(&s->capacity);
    s->found =
        (struct capacity_page){.capacity = &s->capacity, .goal = &s->capacity_goal, .file = path};
    return 0;
}

static int take_session(struct page_source *s, const char *path, struct session *from,
                        struct err *err)
{
    s->session = *from;
    if (verdict_make(&s->session, &s->verdict, err) < 0)
        return -1;
    session_init(from);
    s->is_session = true;
    s->verdict_page = (struct verdict_page){.verdict = &s->verdict, .file = path};
    return 0;
}

int page_source_take(struct page_source *s, const char *path, const char *goal, struct stored *from,
                     struct err *err)
{
    if (from->kind == STORED_SESSION)
        return take_session(s, path, &from->session, err);
    if (from->kind == STORED_SWEEP)
        return take_sweep(s, &from->sweep, goal, err);
    if (from->kind == STORED_CAPACITY)
        return take_capacity(s, path, &from->capacity, err);
    s->comparison = from->comparison;
    comparison_init(&from->comparison);
    return 0;
}

/* --- its pictures: of the first arms, if there are more than a picture can show --- */

static size_t shown_of(struct page_source *s, size_t narms)
{
    if (narms <= PICTURE_ARMS_MAX)
        return narms;
    s->no_pictures =
        mem_printf("The pictures show the first %d of %zu arms.", PICTURE_ARMS_MAX, narms);
    return PICTURE_ARMS_MAX;
}

static int draw_comparison(struct page_source *s, struct step_stop *stop, struct err *err)
{
    struct comparison shown = s->comparison;
    shown.narms = shown_of(s, shown.narms);
    return pictures_svgs(&shown, &s->drawn, &s->ndrawn, stop, err);
}

static int draw_capacity(struct page_source *s, struct step_stop *stop, struct err *err)
{
    struct capacity shown = s->capacity;
    struct capacity_page found = s->found;
    shown.narms = shown_of(s, shown.narms);
    found.capacity = &shown;
    return capacity_pictures_svgs(&found, &s->drawn, &s->ndrawn, stop, err);
}

static int draw_kind(struct page_source *s, struct step_stop *stop, struct err *err)
{
    if (s->is_session)
        return session_pictures_svgs(&s->verdict, &s->drawn, &s->ndrawn, stop, err);
    if (is_sweep(s))
        return sweep_pictures_svgs(&s->ranking, &s->drawn, &s->ndrawn, stop, err);
    return is_capacity(s) ? draw_capacity(s, stop, err) : draw_comparison(s, stop, err);
}

/* What may not stand on a page is told like what could not be drawn. */
static const char *problem_of(const struct drawn *d)
{
    if (d->svg == NULL)
        return d->problem;
    return page_takes_svg(d->svg) ? NULL : PAGE_NOT_PLAIN;
}

int page_source_draw(struct page_source *s, struct step_stop *stop, struct err *err)
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

struct page_chapter page_source_chapter(struct page_source *s)
{
    bool has_arms = !s->is_session && !is_capacity(s);
    return (struct page_chapter){
        .comparison = has_arms ? page_source_arms(s) : NULL,
        .sweep = is_sweep(s) ? &s->sweep : NULL,
        .ranking = is_sweep(s) ? &s->ranking : NULL,
        .capacity = is_capacity(s) ? &s->found : NULL,
        .is_gathered = s->is_gathered,
        .session = s->is_session ? &s->verdict_page : NULL,
        .limits = &s->limits,
        .limit_notes = &s->limit_notes,
        .pictures = s->pictures,
        .npictures = s->ndrawn,
        .no_pictures = s->no_pictures,
    };
}
