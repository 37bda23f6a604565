/* hosts: what each host did, of one merged result or of those of all arms of a comparison.
 *
 * Shape   a table; a column in which nothing is known is left out.
 * Owner   the caller's storage.
 * Errors  none. Names are untrusted.
 */
#ifndef REPORT_HOSTS_H
#define REPORT_HOSTS_H

#include "base/buf.h"
#include "model/merged.h"
#include "report/style.h"
#include "report/table.h"

#define HOSTS_ROWS 20 /* in the terminal */

struct hosts {
    const char *arm; /* NULL: there is but one; the same for all */
    const struct merged *merged;
};

/* Columns that a narrow page can do without, for table_fit. */
extern const char *const hosts_least[];
/* At most so many rows; returns how many are left out. */
size_t hosts_cells(const struct hosts *all, size_t count, size_t most,
                   const struct report_style *style, struct table *t);
/* After an empty line; nothing for none. */
void hosts_write(const struct hosts *all, size_t count, const struct report_style *style,
                 struct buf *out);

#endif
