/* count_of: whether a text has a part, and how often; one that overlaps another counts as well.
 *
 * Errors  a text that is not as expected fails the test, which then shows it.
 */
#ifndef TESTS_COUNT_OF_H
#define TESTS_COUNT_OF_H

#include <stddef.h>

size_t count_of(const char *text, const char *part);
void expect_count(const char *text, const char *part, size_t want);
void assert_says(const char *text, const char *part);
void assert_silent(const char *text, const char *part);

#endif
