/* sqlite_bed: files of the embedded broker, on a broker_bed.
 *
 * Errors  a file that is not used as expected fails the test.
 */
#ifndef TESTS_SQLITE_BED_H
#define TESTS_SQLITE_BED_H

#include "support/broker_bed.h"

/* Makes a file with a few hundred jobs, and closes it. */
void sqlite_fill(struct bed *bed);
/* The file is refused, and the error names it and contains `word`. */
void sqlite_refused(struct bed *bed, const char *word);

#endif
