/* verdict/report: what a session says of its gates, for a terminal, a pull request, a CI server or
 * a spreadsheet. Its JSON is store/verdict_json.
 *
 * Shape   each is one walk over the gates. All say the same, from the session alone: the same
 *         session gives the same bytes.
 * Owner   a page borrows everything.
 * Errors  none. Names, targets and last words may hold anything: they cannot control a terminal,
 *         break out of a cell, an attribute or an annotation, and are cut where they are long.
 * Source  JUnit: as report/gate/report.h, with the properties of a test case that pytest writes.
 */
#ifndef REPORT_VERDICT_REPORT_H
#define REPORT_VERDICT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/verdict/verdict.h"
#include "base/buf.h"
#include "report/style.h"

struct verdict_page {
    const struct verdict *verdict;
    const char *file; /* where the session is stored; NULL: nowhere */
    bool is_strict;   /* what is undecided counts as failed */
    size_t most;      /* bytes of Markdown; 0: COMMENT_BYTES */
};

/* The verdict in one line, then the table, then what it rests on. */
void report_verdict_text(const struct verdict_page *page, const struct report_style *style,
                         struct buf *out);
/* The change in each block, a column a gate. */
void report_verdict_blocks(const struct verdict *v, const struct report_style *style,
                           struct buf *out);
void report_verdict_markdown(const struct verdict_page *page, struct buf *out);
void report_verdict_junit(const struct verdict_page *page, struct buf *out);
void report_verdict_github(const struct verdict_page *page, struct buf *out);
void report_verdict_csv(const struct verdict_page *page, struct buf *out);

/* "FAIL: cpu_per_request +8.0% [+6.1%, +9.8%] is beyond +4.9% (6 blocks)", without an end of line.
 */
void report_verdict_headline(const struct verdict_page *page, struct buf *out);
/* What the blocks still to come can decide, for a session that is being measured, after a look: a
 * line for each look, and one for the gates that the budget will probably not decide. Nothing when
 * no gate is undecided, or before the first look. */
void report_verdict_forecast(const struct verdict *v, struct buf *out);
/* "cpu_per_request +8.0% [+6.1%, +9.8%]", for a status line; without an interval only the name.
 * text should hold 160 bytes. Returns text. */
char *report_verdict_so_far(const struct verdict *v, const struct verdict_gate *g, char *text,
                            size_t size);

#endif
