/* asked_arms: the command line of a comparison, read as far as its arms.
 *
 * Owner   caller's storage; done() frees what it holds, also after a failure.
 */
#ifndef SUPPORT_ASKED_ARMS_H
#define SUPPORT_ASKED_ARMS_H

#include "cli/arms.h"

#define ASKED_WORDS_MAX 24

struct asked {
    struct run_options options;
    struct str_list arm_texts;
    struct opt_group groups[6];
    struct opt_line line;
    char text[400];
    char *argv[ASKED_WORDS_MAX];
    struct arms arms;
    struct err err;
};

/* `words` are joined by '|'. As arms_make. */
int ask(struct asked *a, const char *strategies, const char *words);
int ask_specs(struct asked *a, const char *strategies, const char *words,
              const struct arm_spec *specs, size_t nspecs);
void done(struct asked *a);

#endif
