/* unmeasured: the settings of a result that change nothing of what is measured: where it goes, what
 * is printed, and the seed, which is another one each time.
 *
 * Shape   names as "config" of a result has them, "dry_run".
 * Owner   caller's storage.
 * Errors  none.
 */
#ifndef CLI_UNMEASURED_H
#define CLI_UNMEASURED_H

#include <stddef.h>

#define UNMEASURED_MAX  24
#define UNMEASURED_NAME 32 /* bytes */

struct unmeasured {
    char texts[UNMEASURED_MAX][UNMEASURED_NAME];
    const char *names[UNMEASURED_MAX + 1]; /* ends with NULL */
    size_t count;
};

void unmeasured_init(struct unmeasured *u);
void unmeasured_add(struct unmeasured *u, const char *option); /* "start-at" */

#endif
