/* comparison_text: a comparison as a document.
 *
 * Owner   the caller frees the text.
 */
#ifndef TESTS_COMPARISON_TEXT_H
#define TESTS_COMPARISON_TEXT_H

#include "model/comparison.h"

char *comparison_text(const struct comparison *c);

#endif
