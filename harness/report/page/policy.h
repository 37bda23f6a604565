/* policy: what a browser may do with a page: show its own pictures, and use its one style and its
 * one script. */
#ifndef REPORT_PAGE_POLICY_H
#define REPORT_PAGE_POLICY_H

#include "base/buf.h"

/* The meta element. */
void policy_write(struct buf *out, const char *style, const char *script);

#endif
