/* article: the published comparison as arms and options, for `bench compare --article`.
 *
 * Shape   the arms are the strategies, and those that a claim needs beside them: threads with the
 *         cost of V8's isolates, and a queue with larger jobs. What was given on the command line
 *         is kept; a claim that needs the published value then says that it cannot be compared.
 * Owner   the specs are constants.
 * Errors  kind USAGE: options that contradict the published set-up.
 * Source  docs/article.md
 */
#ifndef CLI_ARTICLE_H
#define CLI_ARTICLE_H

#include "cli/arms.h"

#define ARTICLE_ARMS 7
extern const struct arm_spec article_arms[ARTICLE_ARMS];

#define ARTICLE_ROUNDS "3"

/* Connections, duration and sizes, where the command line said nothing. */
int article_set_up(struct run_options *shared, struct opt_given *given, struct err *err);

#endif
