/* page_source: what a chapter of a page is made of: what was measured together, and its pictures.
 *
 * Shape   a comparison, which may also hold results that were given singly; or a session, a sweep,
 *         or a search for the capacity.
 * Owner   a source owns what it took; page_source_free frees it. A chapter borrows it.
 * Errors  kind USAGE: a document whose goal is none, or a session that cannot be judged.
 */
#ifndef CLI_PAGE_SOURCE_H
#define CLI_PAGE_SOURCE_H

#include <stdbool.h>

#include "analysis/sweep/ranking.h"
#include "cli/drawing.h"
#include "report/page/page.h"
#include "store/stored.h"

/* Only what it is made of is filled. */
struct page_source {
    struct comparison comparison;
    struct sweep sweep;         /* no points: it is none */
    struct ranking ranking;     /* of the sweep */
    struct capacity capacity;   /* no arms: it is none */
    struct goal capacity_goal;  /* of it */
    struct capacity_page found; /* of it */
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

struct page_source *page_source_new(void); /* of nothing yet */
void page_source_free(struct page_source *s);
/* All but a single result, which is gathered. The goal is that of sweeps, instead of their own; or
 * NULL. */
int page_source_take(struct page_source *s, const char *path, const char *goal, struct stored *from,
                     struct err *err);
/* One that is ranked; takes both over. */
void page_source_take_sweep(struct page_source *s, struct sweep *from, const struct ranking *r);
/* The arms, or those of a sweep at all its points. */
struct comparison *page_source_arms(struct page_source *s);
/* Whether there is anything that was measured. */
bool page_source_is_measured(struct page_source *s);
int page_source_draw(struct page_source *s, struct step_stop *stop, struct err *err);
struct page_chapter page_source_chapter(struct page_source *s);

#endif
