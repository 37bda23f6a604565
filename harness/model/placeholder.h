/* placeholder: what stands in a text that is sent for something that differs between requests.
 *
 * Shape   "[<id>]" and "{seq}", "{rand}", "{conn}", "{ts}", "{uuid}", which bench fills in itself;
 *         "{NAME}" of a column of a feed, or of a capture. Other braces are no placeholders.
 * Source  "[<id>]" is autocannon's: 22 characters that a URL can have, '-', and 10 digits.
 */
#ifndef MODEL_PLACEHOLDER_H
#define MODEL_PLACEHOLDER_H

#include <stdbool.h>
#include <stddef.h>

#define PLACEHOLDER_ID "[<id>]"

enum placeholder_built_in {
    PLACEHOLDER_SEQ,
    PLACEHOLDER_RAND,
    PLACEHOLDER_CONN,
    PLACEHOLDER_TS,
    PLACEHOLDER_UUID,
    PLACEHOLDER_BUILT_INS,
};

/* Without their braces, in the order of the enum. */
extern const char *const placeholder_built_ins[PLACEHOLDER_BUILT_INS];

bool placeholder_is_built_in(const char *name);

#endif
