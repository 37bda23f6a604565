/* cover: what the first part of a chapter shares with its sentence. */
#ifndef REPORT_PAGE_COVER_H
#define REPORT_PAGE_COVER_H

#include <stdbool.h>

#include "model/comparison.h"

/* The recommendations, or else the first finding; NULL after the last. */
const struct finding *cover_finding(const struct comparison *c, size_t at);
/* What is worse or better than the reference is the sentence, before any finding. */
bool cover_leads_with_reference(const struct comparison *c);
/* The arm that the recommendation names first, or the only one; NULL: there is none. */
const struct arm *cover_arm(const struct comparison *c);

#endif
