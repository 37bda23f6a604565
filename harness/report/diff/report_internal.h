/* diff/report_internal: what text and Markdown share: the words of a diff, not wrapped or marked
 * up, and (except cells) not made safe.
 *
 * Owner   the caller initialises buffers, tables and lists before the call and frees them after.
 */
#ifndef REPORT_DIFF_REPORT_INTERNAL_H
#define REPORT_DIFF_REPORT_INTERNAL_H

#include "report/diff/report.h"
#include "report/table.h"

enum diff_which { DIFF_OLD, DIFF_NEW };

/* "old.json: pool, 2026-11-22 21:04 UTC"; without a path in a folder. */
void diff_about_side(const struct diff *d, const struct diff_file *file, enum diff_which which,
                     struct buf *out);
/* "connections: 100 → 200", with the arms that it is of. */
void diff_entry_text(const struct diff_entry *e, const struct report_style *style, struct buf *out);
/* "plan, machine and tool": the groups in which nothing differs; empty when all of them do. */
void diff_alike(const struct diff_file *file, struct buf *out);
/* "pool: 5 rounds against 4" */
void diff_arm_title(const struct diff_arm *arm, const struct report_style *style, struct buf *out);
/* The table of an arm, and the notes that explain it. */
void diff_cells(const struct diff_file *file, const struct diff_arm *arm,
                const struct report_style *style, struct table *t, struct str_list *notes);
/* "+12.3%", "≥+4.0%*", "from 0". Returns text, which should hold 64 bytes. */
char *diff_change_text(const struct diff_change *c, const struct report_style *style, char *text,
                       size_t size);
/* The figures that moved, percentiles first, of all arms of all files; their marks are those of
 * diff_cells. */
void diff_moved_cells(const struct diff *d, const struct report_style *style, struct table *t);
#define DIFF_MOVED       0.02  /* a change that is worth a row */
#define DIFF_MOVED_SHARE 0.001 /* of a share */
/* "p99 310 ms → 330 ms (+6.5%)": the arm that moved most. */
void diff_lead(const struct diff *d, const struct report_style *style, struct buf *out);
/* Adds the notes that are not in the list yet. */
void diff_add_notes(struct str_list *notes, const struct str_list *more);
/* "OLD and NEW are the same file", "only in OLD: inline", .. */
void diff_remarks(const struct diff *d, const struct diff_file *file,
                  const struct report_style *style, struct str_list *out);
/* That it is no verdict, and what gives one. */
void diff_closing(const struct diff *d, struct buf *out);

#endif
