/* page: stored measurements as one HTML page that needs nothing beside it.
 *
 * Shape   a chapter for each thing that was measured together: a comparison, a session, a sweep or
 * a search for the capacity, and one for all results that were given singly. A chapter has a cover,
 * what was found, tables, pictures and the set-up. The page ends with a glossary of the words that
 * occur in it. The same input gives the same bytes. Owner   everything is borrowed. Errors  none.
 * Every text is untrusted and is escaped; a picture that is not plain SVG is left out, and the page
 * says so. Source  HTML Living Standard; Content Security Policy Level 3, 6.7.2 for the hashes;
 * WAI-ARIA 1.2.
 */
#ifndef REPORT_PAGE_PAGE_H
#define REPORT_PAGE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/sweep/ranking.h"
#include "base/buf.h"
#include "base/str.h"
#include "model/comparison.h"
#include "report/capacity/report.h"
#include "report/table.h"
#include "report/verdict/report.h"

struct page_picture {
    const char *key, *title;
    const char *read, *see; /* one sentence each: how to read it; what is to be seen here */
    const char *numbers;    /* its data file, as report/plot/data.h has it; NULL: none */
    const char *points;     /* its curves, as report/plot/points.h has them; NULL: none */
    const char *svg;        /* NULL: it could not be drawn */
    const char *problem;    /* why not, in one line */
};

/* Either a comparison, a session or a search, or a sweep and its comparison. */
struct page_chapter {
    const struct comparison *comparison;
    bool is_gathered; /* its results were not measured together */
    const struct verdict_page *session;
    const struct capacity_page *capacity;
    const struct sweep *sweep;
    const struct ranking *ranking; /* of the sweep */
    const struct table *limits; /* how its arms stand to the thresholds of --fail; NULL: to none */
    const struct str_list *limit_notes;
    const struct page_picture *pictures;
    size_t npictures;
    const char *no_pictures; /* why there are none, or not of all arms; NULL */
};

struct page {
    const struct page_chapter *chapters;
    size_t nchapters;
    struct str_list unread; /* what could not be read, and why */
    const char *command;    /* that makes the page again */
};

#define PAGE_NOT_PLAIN "gnuplot gave something that is not a plain SVG"

/* Whether a picture may stand on a page. */
bool page_takes_svg(const char *svg);
void page_write(const struct page *page, struct buf *out);

#endif
