/* stored_report: one stored document, printed as text, Markdown or JSON.
 *
 * Owner   everything is borrowed.
 * Errors  kind USAGE: a document that nothing can be said of, or a stdout that does not take it.
 */
#ifndef CLI_STORED_REPORT_H
#define CLI_STORED_REPORT_H

#include "base/err.h"
#include "report/style.h"
#include "store/stored.h"

struct stored_report {
    const char *file;
    bool json, md;    /* neither: text */
    const char *goal; /* of a sweep, instead of its own; NULL */
    const struct report_style *style;
    size_t most; /* bytes of Markdown; 0: no limit */
};

int stored_report_print(const struct stored_report *how, const struct stored *s, struct err *err);

#endif
