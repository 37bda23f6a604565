/* matching: one reply as it comes, compared with the rule of its request.
 *
 * Shape   matching_begin before each reply; its headers, and its body in pieces, as they come;
 *         matching_end when it is whole, which says whether it is right and fills the values.
 *         Bodies are compared as they come and not kept, but for expressions and JSON pointers:
 *         those need all of a body, of which up to MATCHING_BODY_MAX bytes are kept.
 *         One matching serves one reply at a time: there is one for each that may be under way.
 * Units   bytes.
 * Owner   matching_free frees it. What it keeps grows with the largest reply, and is not allocated
 *         anew for each. The rule and the room of the thread are borrowed.
 * Errors  none: what is wrong with a reply is for the caller to count.
 */
#ifndef MATCH_MATCHING_H
#define MATCH_MATCHING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "http/head_line.h"
#include "match/rule.h"

#define MATCHING_BODY_MAX ((size_t)1 << 20)

enum matching_verdict {
    MATCHING_RIGHT,
    MATCHING_WRONG,
    MATCHING_TOO_LONG, /* more than MATCHING_BODY_MAX, and the rule needs all of it */
    MATCHING_GAVE_UP,  /* an expression took too many steps */
};

/* What has come of the body, for one check. */
struct matching_check {
    size_t matched; /* BODY_EQUAL: bytes, as long as they are right */
    bool differs;
    struct needle_seek seek;
    struct digest *digest; /* made when it is first needed */
};

/* What a capture found. */
struct matching_value {
    struct buf text;
    bool is_found;
};

struct matching {
    const struct rule *rule; /* of this reply; NULL: anything is right */
    struct pattern_room *room;
    struct matching_check *checks;
    struct matching_value *values; /* of the rule's captures, in their order */
    size_t nchecks, nvalues;       /* there is room for so many */
    uint64_t body_bytes;
    struct buf body;
    struct head_line line;
};

/* NULL without a room: then nothing is matched. */
struct matching *matching_new(struct pattern_room *room);
void matching_free(struct matching *m); /* NULL is fine */
void matching_begin(struct matching *m, const struct rule *rule);
/* The same of a reply that a parser reads, which gives the pieces itself. */
void matching_reply(struct matching *m, const struct rule *rule, struct response *reply);
/* A whole header line; blanks around the value may still be there. */
void matching_header(struct matching *m, const char *name, size_t name_len, const char *value,
                     size_t value_len);
/* The next piece of the body; its ctx is the matching. */
void matching_body(void *matching, const char *bytes, size_t len);
enum matching_verdict matching_end(struct matching *m, int status);

#endif
