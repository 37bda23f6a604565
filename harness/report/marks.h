/* marks: the cells of a table of figures, and the notes that explain the marks in them.
 *
 * Shape   the marks are collected while the cells are written: >= for a lower bound, * for too few
 *         samples.
 * Owner   the caller's; a zeroed struct has no marks.
 * Errors  none. What was not measured is "-".
 */
#ifndef REPORT_MARKS_H
#define REPORT_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "model/arm_figure.h"
#include "report/style.h"

struct marks {
    bool few, few_rate, few_ticks, bound_time, bound_threads, cpu_wait, probe_new;
};

#define MARKS_CELL 48 /* bytes of a cell's text */

/* "≥1.24 s*". Returns text. */
char *marks_cell(struct marks *marks, const struct arm_figure *figure,
                 const struct arm_summary *sum, const struct report_style *style, char *text,
                 size_t size);
/* Adds one note for each kind of mark. */
void marks_notes(const struct marks *marks, const struct report_style *style,
                 struct str_list *notes);

#endif
