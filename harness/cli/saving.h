/* saving: the document of a long measurement, saved again after each of its steps.
 *
 * Shape   it is saved where the options say at first, and from then on in that same file, or in the
 *         file that goes on (--continue). Not being able to save ends no measurement: it is said
 *         once, and tried again after the next step.
 * Owner   caller's storage; saving_fini in every case. What is given is borrowed.
 * Errors  kind USAGE, of what can be told before the measurement; at its end, a document that is
 *         lost.
 */
#ifndef CLI_SAVING_H
#define CLI_SAVING_H

#include <stdbool.h>
#include <stdint.h>

#include "store/document.h"

struct saving {
    const char *out;              /* where it is first saved, as in document_save */
    bool is_off;                  /* --no-save */
    char *path;                   /* NULL: not saved yet, or not at all */
    bool is_unsaved;              /* the last try failed */
    bool was_told;                /* that it did */
    int64_t saved_at_ns, took_ns; /* the last time that it did not */
};

/* For --continue: a file that is read once, and replaced; there is no other to save to. */
int saving_go_on(struct saving *s, const char *path, struct err *err);
void saving_save(struct saving *s, const struct document *d);
/* The same of a document that grows large: saved so seldom that this takes no more than a twentieth
 * of the time. saving_save at the end has the rest. */
void saving_step(struct saving *s, const struct document *d);
/* Where it is, and after a signal how to go on; of one that has nothing to say, nothing. */
void saving_say(const struct saving *s, int signal);
/* Fails when the last steps are nowhere. */
int saving_check(const struct saving *s, const struct document *d, struct err *err);
void saving_fini(struct saving *s);

#endif
