/* document_text: results and comparisons as documents.
 *
 * Owner   the caller frees the text.
 */
#ifndef TESTS_DOCUMENT_TEXT_H
#define TESTS_DOCUMENT_TEXT_H

#include "model/comparison.h"

char *result_text(const struct result *r);
char *comparison_text(const struct comparison *c);

#endif
