/* sameness: whether what goes on (--continue) is what was begun.
 *
 * Shape   each compares one thing of the stored document with that of the command line now.
 * Errors  kind INCOMPARABLE: "its host is a, and now it is b"; the caller says what cannot go on.
 */
#ifndef CLI_SAMENESS_H
#define CLI_SAMENESS_H

#include "base/err.h"
#include "model/result.h"

int sameness_text(const char *what, const char *stored, const char *now, struct err *err);
int sameness_count(const char *what, int64_t stored, int64_t now, struct err *err);
int sameness_machine(const struct environment *stored, const struct environment *now,
                     struct err *err);

/* An arm as both kinds of document have it. */
struct sameness_arm {
    const char *name, *target;
    const struct setting *config;
    size_t nconfig;
};
/* All but what changes no measurement. Of what differs the option that was given is told, not what
 * it decides: another --work, not the response that is expected because of it. */
int sameness_of_arm(const struct sameness_arm *stored, const struct sameness_arm *now,
                    struct err *err);

#endif
