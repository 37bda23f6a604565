/* tail: the last lines that a target printed, for the message that says why it died.
 *
 * Shape   a ring of TAIL_BYTES; the text is its last TAIL_LINES lines, or as many as are asked for.
 * Owner   caller's storage, zeroed to begin with; no memory of its own.
 * Errors  none. What is not printable comes back as '?', so that a target cannot drive the
 *         terminal, and the text is valid UTF-8.
 */
#ifndef PROC_TAIL_H
#define PROC_TAIL_H

#include <stddef.h>
#include <stdint.h>

#define TAIL_BYTES 8192
#define TAIL_LINES 20

struct tail {
    size_t lines;   /* of the text, at most; 0: TAIL_LINES */
    uint64_t total; /* bytes ever added */
    char ring[TAIL_BYTES];
};

void tail_add(struct tail *t, const char *bytes, size_t len);
/* Writes the text, without a final newline; text must hold TAIL_BYTES + 1 bytes. */
void tail_text(const struct tail *t, char *text);
/* The last whole lines of `text` that fit into `room` bytes, or the end of the last line when that
 * one is longer. Points into `text`. */
const char *tail_last_lines(const char *text, size_t room);

#endif
