/* count_of: how often a text has a part; one that overlaps another counts as well. */
#ifndef TESTS_COUNT_OF_H
#define TESTS_COUNT_OF_H

#include <stddef.h>

size_t count_of(const char *text, const char *part);
/* Another count fails the test, which then shows the text. */
void expect_count(const char *text, const char *part, size_t want);

#endif
