/* template: a request in which placeholders are replaced each time that it is sent.
 *
 * Shape   compiled once: pieces of text, and the number of the value behind each. Only known names
 *         are placeholders: "[<id>]", and "{name}" of a value. All other braces stay as they are.
 *         Content-Length is that of what is sent, unless it is the user's own.
 *         Other than in a body, a value cannot make a second request, header or path of one: in the
 *         path a blank, '#', control characters and bytes beyond ASCII are percent-encoded, and a
 *         header whose value would have a control character is not sent.
 * Units   bytes.
 * Owner   the template owns its text; template_fini frees it.
 * Errors  template_write is false, and nothing was added, when a variable is not bound, a header
 *         would be broken, or the request is larger than the buf may be.
 * Source  RFC 9112, 3 (request line) and 5 (fields); RFC 3986, 2.1 (percent-encoding).
 */
#ifndef LOAD_SOURCE_TEMPLATE_H
#define LOAD_SOURCE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "load/source/values.h"

enum template_place { TEMPLATE_PATH, TEMPLATE_HEADER, TEMPLATE_BODY };

/* Text, and what follows it. */
struct template_piece {
    const char *text;
    size_t len;
    int value; /* its number; TEMPLATE_END, TEMPLATE_LENGTH */
    enum template_place place;
};

#define TEMPLATE_END    (-1) /* nothing follows */
#define TEMPLATE_LENGTH (-2) /* of the body, in digits */

struct template
{
    char *text; /* one whole request */
    size_t len;
    struct template_piece *pieces; /* none: it is sent as it is */
    size_t npieces;
    size_t body_text; /* bytes of the body that are not values */
    uint32_t used;    /* for values_make */
    int variable;     /* the number of the first one */
};

/* Whether a Content-Length in the text is the user's own. */
enum template_length { TEMPLATE_MADE_LENGTH, TEMPLATE_OWN_LENGTH };

/* The text is copied. Without names nothing is a placeholder. */
void template_init(struct template *t, const char *text, size_t len,
                   const struct value_names *names, enum template_length length);
void template_fini(struct template *t);

/* A value that a connection has; bytes NULL: it is not bound. */
bool template_write(const struct template *t, const struct value *made,
                    const struct value *variables, struct buf *out);

#endif
