/* form: a body of fields and files, as a browser sends it.
 *
 * Shape   what -F takes, as autocannon does: a JSON object, or the file that has it:
 *         {"NAME": {"type": "text", "value": TEXT},
 *          "NAME": {"type": "file", "path": FILE,
 *                   "options": {"filename": TEXT, "filepath": TEXT, "contentType": TEXT}}}
 *         A file is called what its path ends with unless filename, or filepath before it, says
 *         otherwise; its type is that of its ending.
 *         The same fields give the same bytes, so that two runs send the same.
 * Owner   form_fini frees what form_read and form_encode have filled in.
 * Errors  kind USAGE, with file, line and column; a file that cannot be read; more than
 *         FORM_MAX_BYTES in all.
 * Source  RFC 7578; names are escaped as the HTML standard says.
 */
#ifndef REQUESTS_FORM_H
#define REQUESTS_FORM_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define FORM_MAX_BYTES ((size_t)64 << 20)

struct form {
    struct buf body;
    char *content_type;    /* "multipart/form-data; boundary=..." */
    struct str_list files; /* whose bytes are in it */
};

/* `what` is the JSON or the name of a file. */
int form_read(const char *what, struct form *form, struct err *err);
void form_fini(struct form *form);

struct form_part {
    char *name;
    char *filename;     /* NULL: a field */
    char *content_type; /* NULL: none */
    char *bytes;
    size_t len;
};

struct form_parts {
    struct form_part *items;
    size_t count;
    struct str_list files; /* that they are read from */
};

/* All to zero. */
struct form_part *form_parts_add(struct form_parts *parts);
void form_parts_fini(struct form_parts *parts);
int form_encode(const struct form_parts *parts, struct form *form, struct err *err);

#endif
