/* page_internal: the sections of a chapter, in the order of the page.
 *
 * Shape   each adds its part, or nothing if it does not apply. Ids begin with the chapter's number.
 */
#ifndef REPORT_PAGE_PAGE_INTERNAL_H
#define REPORT_PAGE_PAGE_INTERNAL_H

#include "report/page/page.h"

#define PAGE_ARMS_MAX 100 /* with a part of their own; a table has all */

extern const struct report_style page_style; /* UTF-8 without colour */

/* A chapter while it is written. */
struct view {
    const struct page_chapter *chapter;
    size_t number;       /* the first is 1 */
    int level;           /* of the headings of its sections */
    struct str_list ids; /* of the sections so far, and their titles: the contents */
    struct str_list names;
    struct buf *out;
};

/* A section with its heading; the id is one word of ours. */
void view_section(struct view *v, const char *id, const char *title);
void view_section_end(struct view *v);
void view_heading(struct view *v, int below, const char *title); /* so many levels below */

/* What the chapter is about, in a few words; the caller frees it. */
char *page_chapter_title(const struct page_chapter *chapter);
/* The verdict, or the leading finding, in one sentence; the caller frees it. */
char *page_chapter_lead(const struct page_chapter *chapter);

/* The first finding of that kind that rests on a figure of the arm (NULL: any); NULL: none. */
const struct finding *page_finding(const struct comparison *c, const char *code,
                                   const struct arm *arm);

void page_cover(struct view *v);
void page_choice(struct view *v); /* in the cover */
/* What the arm that is recommended for later left undone, which the cover tells; else NULL. */
const struct finding *page_backlog(const struct comparison *c, const struct arm *arm);
void page_compared(struct view *v);
void page_limits(struct view *v);
void page_table(struct view *v);
void page_recovery(struct view *v);
void page_hosts(struct view *v);
void page_claims(struct view *v);
void page_findings(struct view *v);
void page_session(struct view *v);
/* Of a sweep: what its cover has, and how a reader finds their own case. */
void page_sweep_title(const struct page_chapter *chapter, struct buf *out);
void page_sweep_lead(const struct page_chapter *chapter, struct buf *out);
void page_sweep_answer(struct view *v);
void page_sweep_figures(struct view *v);
void page_sweep_asked(struct view *v);
void page_sweep_case(struct view *v);
/* The same of a search for the capacity, its findings and tables, and what its goal means. */
void page_capacity_title(const struct page_chapter *chapter, struct buf *out);
void page_capacity_lead(const struct page_chapter *chapter, struct buf *out);
void page_capacity_answer(struct view *v);
void page_capacity_asked(struct view *v);
void page_capacity_findings(struct view *v);
void page_capacity_figures(struct view *v);
void page_capacity_goal(struct view *v);
void page_pictures(struct view *v);
void page_runs(struct view *v);
void page_setup(struct view *v);
/* Of those words that occur in the text so far. */
void page_glossary(const char *text, struct buf *out);

#endif
