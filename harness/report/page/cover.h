/* cover: what the first part of a chapter shares with its sentence. */
#ifndef REPORT_PAGE_COVER_H
#define REPORT_PAGE_COVER_H

#include "model/comparison.h"

/* The recommendations, or else the first finding; NULL after the last. */
const struct finding *cover_finding(const struct comparison *c, size_t at);
/* The arm that the recommendation names first, or the only one; NULL: there is none. */
const struct arm *cover_arm(const struct comparison *c);

#endif
