/* pattern: a regular expression, looked for in the bytes of a server.
 *
 * Shape   pattern_new compiles one; all threads may use it at the same time. What a search needs
 *         beside it is a pattern_room, one for each thread.
 *         Perl's syntax, on bytes: '.' and [^a] are one byte each, whatever the encoding is.
 * Owner   the caller, who frees both.
 * Errors  pattern_new: kind USAGE, with the place in the expression. A search is bounded, because a
 *         server chooses the bytes: PATTERN_GAVE_UP after PATTERN_STEPS_MAX steps at one place, on
 *         a stack of its own of PATTERN_STACK_MAX, or once PATTERN_MOST_NS are over.
 * Source  PCRE2, with its just-in-time compiler where that is there.
 */
#ifndef MATCH_PATTERN_H
#define MATCH_PATTERN_H

#include <stddef.h>

#include "base/err.h"

#define PATTERN_STEPS_MAX 100000
#define PATTERN_STACK_MAX ((size_t)512 * 1024)
#define PATTERN_MOST_NS   100000000

struct pattern;
struct pattern_room;

enum pattern_found { PATTERN_ABSENT, PATTERN_FOUND, PATTERN_GAVE_UP };

/* The first group, or the whole match of an expression without groups. */
struct pattern_part {
    const char *at; /* in the bytes; NULL: the match does without that group */
    size_t len;
};

struct pattern *pattern_new(const char *text, size_t len, struct err *err);
void pattern_free(struct pattern *p); /* NULL is fine */
struct pattern_room *pattern_room_new(void);
void pattern_room_free(struct pattern_room *room); /* NULL is fine */
/* Fills the part (unless NULL) when it is found. */
enum pattern_found pattern_find(const struct pattern *p, struct pattern_room *room,
                                const char *bytes, size_t len, struct pattern_part *part);

#endif
