/* comment: a Markdown page that fits into a comment of a pull request.
 *
 * Shape   comment_lead first: one line, bold. Then a table, then folds (<details>), each until the
 *         next one or comment_end. A comment never passes the bytes that it was given: a line that
 *         does not fit is left out with all that follow in its table or list, and so is a row
 * beyond COMMENT_ROWS; the page says how many. So what matters most comes first. Units   bytes, of
 * which a comment has more than characters. Owner   the buf is the caller's; what it held before
 * stays. Errors  none. Texts are untrusted: see report/markdown.h. A cell is cut to COMMENT_CELL
 * columns and an entry of a list to COMMENT_ENTRY. Source  GitHub: a comment has at most 65,536
 * characters, a step summary at most 1 MiB.
 */
#ifndef REPORT_COMMENT_H
#define REPORT_COMMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "report/table.h"

#define COMMENT_BYTES 60000
#define COMMENT_ROWS  50
#define COMMENT_CELL  90
#define COMMENT_ENTRY 500
#define COMMENT_WORDS 32 /* columns that may hold words */

struct comment {
    struct buf *out;
    size_t end;   /* of out */
    size_t ncut;  /* lines and sections that did not fit */
    bool is_open; /* a fold */
};

/* Adds at most `most` bytes; 0: COMMENT_BYTES. */
void comment_begin(struct comment *m, struct buf *out, size_t most);
void comment_end(struct comment *m);

void comment_lead(struct comment *m, const char *text);
void comment_fold(struct comment *m, const char *summary);
void comment_text(struct comment *m, const char *text); /* a paragraph */

enum comment_list { COMMENT_BULLETS, COMMENT_NUMBERED };
void comment_list(struct comment *m, const struct str_list *texts, enum comment_list kind);

/* The first row is the header. Cells that are one of `loud` (ends with NULL; or NULL) are bold. Of
 * `words`, bit k is set when column k holds words: it is aligned left, as the first one always is.
 */
struct comment_look {
    const char *const *loud;
    uint32_t words;
};
void comment_table(struct comment *m, const struct table *t, const struct comment_look *look);
/* A fenced code block, of lines that hold no control characters. */
void comment_fence(struct comment *m, const char *text);

#endif
