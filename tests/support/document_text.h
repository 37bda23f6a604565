/* document_text: results, comparisons and sessions as documents.
 *
 * Owner   the caller frees the text.
 */
#ifndef TESTS_DOCUMENT_TEXT_H
#define TESTS_DOCUMENT_TEXT_H

#include "model/comparison.h"
#include "model/session.h"

char *result_text(const struct result *r);
char *comparison_text(const struct comparison *c);
char *session_text(const struct session *s);

#endif
