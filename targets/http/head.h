/* head: the fields of a request's head that a server has to obey. Pure.
 *
 * Shape   the reader hands over names and values as they come, in pieces of any size; head_check
 *         then judges the whole.
 * Errors  the status that the client should be answered, and why.
 * Source  RFC 9112, sections 3.2 (Host), 5.1 (field names), 6.1 (Transfer-Encoding) and 2.3
 *         (versions).
 */
#ifndef TARGETS_HTTP_HEAD_H
#define TARGETS_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#define HEAD_VALUE_BYTES 300

enum head_field {
    HEAD_OTHER, /* all that are not listed here; their values are not kept */
    HEAD_HOST,
    HEAD_ORIGIN,
    HEAD_CODINGS, /* Transfer-Encoding */
    HEAD_EXPECT,
    HEAD_FETCH_SITE, /* with these Sec-Fetch-.. a browser says where a request comes from, */
    HEAD_FETCH_DEST, /* what for, */
    HEAD_FETCH_USER, /* and whether a person clicked */
    HEAD_FIELDS
};

struct head {
    struct {
        char text[HEAD_VALUE_BYTES];
        size_t len;
        int lines;    /* fields of this name; their values are joined by ", " */
        bool is_long; /* the rest is missing, so this is not what was sent */
    } values[HEAD_FIELDS];

    /* The field that is being read. */
    char name[24];
    size_t name_len; /* may be more than is kept */
    enum head_field field;
    bool in_value;
};

void head_begin(struct head *h);
/* False when it is not a name: a blank before the colon or at the start of a line. */
bool head_add_name(struct head *h, const char *at, size_t len);
void head_add_value(struct head *h, const char *at, size_t len);
/* Returns 0, or a status with the reason in `why`. Reduces the value of Host to the name. */
int head_check(struct head *h, unsigned major, unsigned minor, const char **why);
/* "" when the field is missing. */
const char *head_text(const struct head *h, enum head_field field);
/* True if head_text is all that was sent. */
bool head_is_whole(const struct head *h, enum head_field field);

#endif
