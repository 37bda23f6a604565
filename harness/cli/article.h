/* article: the published comparison as arms and options, for `bench compare --article`.
 *
 * Shape   the arms are the strategies plus two that some claims need: threads with the cost of V8
 *         isolates, and a queue with larger jobs. Options given on the command line are kept; a
 *         claim that needs the published value then becomes not comparable.
 * Owner   the specs are constants.
 * Errors  kind USAGE: options that contradict the published setup.
 * Source  docs/article.md
 */
#ifndef CLI_ARTICLE_H
#define CLI_ARTICLE_H

#include "cli/arms.h"

#define ARTICLE_ARMS 7
extern const struct arm_spec article_arms[ARTICLE_ARMS];

#define ARTICLE_ROUNDS "3"

/* Sets the published connections, duration and sizes unless the command line has them. */
int article_set_up(struct run_options *shared, struct opt_given *given, struct err *err);
/* Says how to make a page of the document: its table is long. */
void article_offer_page(const char *path);

#endif
