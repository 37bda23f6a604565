/* compare_page: the report of a comparison in either form, and its lines.
 *
 * Owner   the caller frees the page.
 * Errors  a name that is not in compare_case_names fails the test.
 */
#ifndef TESTS_COMPARE_PAGE_H
#define TESTS_COMPARE_PAGE_H

#include "model/comparison.h"
#include "report/style.h"

enum page_form { PAGE_TEXT, PAGE_MARKDOWN };

/* The style is that of the text. */
char *page_of(const struct comparison *c, enum page_form form, const struct report_style *style);
char *page_of_case(const char *name, enum page_form form, const struct report_style *style);
/* Calls `check` for each line, without its newline. */
void each_line(const char *text, void (*check)(const char *line, void *state), void *state);

#endif
