/* fleet_json: a line of what bench-rank says while hosts generate a load together.
 *
 * Shape   one JSON object a line: events of bench.fleet/1, seconds of bench.second/1, and at last a
 *         bench.result/1.
 * Owner   a line that was read owns its texts and its result; fleet_line_fini frees them.
 * Errors  lines are untrusted: kind USAGE, and nothing to free. An event or a schema that is not
 *         known is FLEET_OTHER: a newer bench-rank may say more.
 * Source  docs/scale.md
 */
#ifndef STORE_FLEET_JSON_H
#define STORE_FLEET_JSON_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "model/result.h"

enum fleet_news {
    FLEET_OTHER,
    FLEET_HOSTS,  /* all are there: their names */
    FLEET_WINDOW, /* it opens */
    FLEET_SECOND,
    FLEET_END,    /* the generators have ended, and their results are put together */
    FLEET_LOST,   /* a host, and why */
    FLEET_FAILED, /* nothing was measured: why */
    FLEET_RESULT  /* the last line */
};

struct fleet_line {
    enum fleet_news news;
    struct str_list hosts; /* one of them for LOST */
    char *text;            /* why; NULL */
    int64_t code;          /* of FAILED: as bench would exit; MISSING */
    struct second second;
    struct result *result;
};

int fleet_line_read(const char *text, size_t len, struct fleet_line *out, struct err *err);
void fleet_line_fini(struct fleet_line *line);

#endif
