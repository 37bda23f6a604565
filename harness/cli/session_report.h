/* session_report: a stored session as bench report shows it: its verdict and blocks, or pictures.
 *
 * Owner   the session is borrowed.
 * Errors  kind USAGE, with the file or the option; as cli/session_pictures.h.
 */
#ifndef CLI_SESSION_REPORT_H
#define CLI_SESSION_REPORT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/session.h"
#include "report/style.h"
#include "store/inputs.h"

/* Which format; neither: text. */
struct session_report {
    const char *file;
    bool json, md;
    size_t most; /* bytes of Markdown; 0: as many as a comment has */
};
int session_report_write(const struct session *s, const struct session_report *as,
                         const struct report_style *style, struct buf *out, struct err *err);
struct session_drawn {
    const char *file;
    const char *data, *out;      /* the folders for data files and pictures; each may be NULL */
    const struct inputs *inputs; /* the files that are not replaced */
};
/* Returns the exit code, or -1. */
int session_report_draw(const struct session *s, const struct session_drawn *as, struct err *err);

#endif
