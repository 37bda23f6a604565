/* verdict/content: what a verdict says, without a format.
 *
 * Shape   cells, tables, lines and notes that the formats share.
 * Owner   the caller initialises tables and notes before the call and frees them after.
 * Errors  none. The texts are raw: names in them may hold anything. The cells of tables are cut and
 *         made safe.
 */
#ifndef REPORT_VERDICT_CONTENT_H
#define REPORT_VERDICT_CONTENT_H

#include <stddef.h>

#include "base/str.h"
#include "report/table.h"
#include "report/verdict/report.h"

#define CELL_MAX 160
#define WHY_MAX  400 /* of verdict_explain */
#define LONG_MAX 300 /* bytes that are shown of a name, a target or last words */

/* --- cells of one gate; each returns text, which should hold CELL_MAX bytes --- */

/* "FAIL", "WARN", "INCONCLUSIVE" */
const char *verdict_word(const struct verdict_gate *g);
const char *verdict_state_word(enum verdict_state state);
/* "p99", or "base: p99" for a gate that names its arm */
char *verdict_gate_name(const struct verdict *v, const struct verdict_gate *g, char *text,
                        size_t size);
char *verdict_figure(const struct verdict_gate *g, double value, char *text, size_t size);
char *verdict_change(const struct verdict_gate *g, char *text, size_t size);   /* "+8.0%" */
char *verdict_interval(const struct verdict_gate *g, char *text, size_t size); /* "[+6%, +10%]" */
char *verdict_level(const struct verdict_gate *g, char *text, size_t size);    /* "96.9%" */
char *verdict_limit(const struct verdict_gate *g, char *text,
                    size_t size);                           /* "+10.0%, +1 ms": all of it */
char *verdict_share(double share, char *text, size_t size); /* "94%", ">99%" */
/* "94% of +10.0%": how often a true change of that size would have failed */
char *verdict_caught_text(const struct verdict *v, const struct verdict_gate *g, char *text,
                          size_t size);
/* "p99 +7.9% [+3.1%, +12.6%], limit +9.5%: INCONCLUSIVE (10 blocks)", and why. */
void verdict_line(const struct verdict *v, const struct verdict_gate *g, struct buf *out);
/* Adds at most LONG_MAX bytes of the text. */
void verdict_add_long(struct buf *out, const char *text);

/* --- tables --- */

/* One row per gate, its word last. */
void verdict_gates_table(const struct verdict *v, const struct report_style *style,
                         struct table *t);
/* One row per block, the change in each gate; no cells without a block. */
void verdict_blocks_table(const struct verdict *v, const struct report_style *style,
                          struct table *t);

/* What each host did, one row per arm and host, at most so many; no cells where one host alone
 * loaded the arms. Returns how many rows are left out. */
size_t verdict_hosts_table(const struct verdict *v, size_t most, const struct report_style *style,
                           struct table *t);
/* What its figures are of, as a note. */
#define VERDICT_HOSTS_NOTE "rates and CPU over all blocks, of all else the worst block"

/* --- notes: what the verdict rests on, as labels and texts --- */

struct notes {
    struct str_list labels, texts;
};
void notes_fini(struct notes *notes);
__attribute__((format(printf, 3, 4))) void notes_add(struct notes *notes, const char *label,
                                                     const char *format, ...);
void verdict_notes(const struct verdict_page *page, struct notes *notes); /* all of these */
void verdict_setting_notes(const struct session *s, struct notes *notes); /* arms and machine */
void verdict_forecast_notes(const struct verdict *v, struct notes *notes);

#endif
