/* session_view: what is shown while a session is measured: a few lines on a terminal, and what it
 * says after each look.
 *
 * Shape   the lines have the block, the time left, what the slices so far gave, and the change so
 *         far of the gate that is nearest to failing. They are for the eye: the looks are fixed.
 * Owner   caller's storage; the session is borrowed.
 * Errors  none.
 */
#ifndef CLI_SESSION_VIEW_H
#define CLI_SESSION_VIEW_H

#include "analysis/verdict/verdict.h"
#include "cli/screen.h"
#include "report/live/session.h"
#include "runner/blocks.h"

struct session_view {
    const struct session *session;
    struct screen screen;
    char change[200]; /* so far; empty before the second block */
    struct live_arm arms[SESSION_ARMS_MAX];
    struct blocks_place place; /* the last one */
};

void session_view_start(struct session_view *view, const struct session *s,
                        const struct plan *plan);
void session_view_place(struct session_view *view, const struct blocks_place *place);
void session_view_second(struct session_view *view, size_t arm, const struct second *second);
void session_view_redo(struct session_view *view, const struct session_redo *redo);
/* After each block. */
void session_view_verdict(struct session_view *view, const struct verdict *v);
void session_view_end(struct session_view *view);

#endif
