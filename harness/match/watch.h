/* watch: one reply as it comes, compared with the rule of its request.
 *
 * Shape   watch_begin before each reply; its headers, and its body in pieces, as they come;
 *         watch_end when it is whole, which says whether it is right and fills the values.
 *         Bodies are compared as they come and not kept, but for expressions and JSON pointers:
 *         those need all of a body, of which up to WATCH_BODY_MAX bytes are kept.
 *         One watch serves one reply at a time: there is one for each that may be under way.
 * Units   bytes.
 * Owner   watch_free_reply frees it. What it keeps grows with the largest reply, and is not
 * allocated anew for each. The rule and the room of the thread are borrowed. Errors  none: what is
 * wrong with a reply is for the caller to count.
 */
#ifndef MATCH_WATCH_H
#define MATCH_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "http/head_line.h"
#include "match/rule.h"
#include "model/mismatch.h"

#define WATCH_BODY_MAX ((size_t)1 << 20)

enum watch_verdict {
    WATCH_RIGHT,
    WATCH_WRONG,
    WATCH_TOO_LONG, /* more than WATCH_BODY_MAX, and the rule needs all of it */
    WATCH_GAVE_UP,  /* an expression took too many steps */
};

/* What is wrong with a reply. */
struct watch_wrong {
    enum mismatch_kind kind;
    const struct body_check *check; /* NULL: its status is not in the set */
};

/* What has come of the body, for one check. */
struct watch_check {
    size_t matched; /* BODY_EQUAL: bytes, as long as they are right */
    bool differs;
    struct needle_seek seek;
    struct digest *digest; /* made when it is first needed */
};

/* What a capture found. */
struct watch_value {
    struct buf text;
    bool is_found;
};

struct watch {
    const struct rule *rule; /* of this reply; NULL: anything is right */
    struct pattern_room *room;
    struct watch_check *checks;
    struct watch_value *values; /* of the rule's captures, in their order */
    size_t nchecks, nvalues;    /* there is room for so many */
    uint64_t body_bytes;
    struct buf body;
    struct head_line line;
    struct watch_wrong wrong; /* after WATCH_WRONG */
};

/* NULL without a room: then nothing is watched. */
struct watch *watch_new_reply(struct pattern_room *room);
void watch_free_reply(struct watch *w); /* NULL is fine */
void watch_begin(struct watch *w, const struct rule *rule);
/* The same of a reply that a parser reads, which gives the pieces itself. */
void watch_reply(struct watch *w, const struct rule *rule, struct response *reply);
/* A whole header line; blanks around the value may still be there. */
void watch_header(struct watch *w, const char *name, size_t name_len, const char *value,
                  size_t value_len);
/* The next piece of the body; its ctx is the watch. */
void watch_body(void *watch, const char *bytes, size_t len);
enum watch_verdict watch_end(struct watch *w, int status);

#endif
