/* reference_case: arms against a reference, with every kind of verdict. */
#ifndef TESTS_REFERENCE_CASE_H
#define TESTS_REFERENCE_CASE_H

#include "model/comparison.h"

void reference_case(struct comparison *c);

#endif
