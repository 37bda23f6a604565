/* offered: the load of a run in words: "closed loop, 10 connections", "open loop, 2,000/s".
 *
 * Shape   adds to a list whose entries are set apart by ", ".
 */
#ifndef REPORT_OFFERED_H
#define REPORT_OFFERED_H

#include "base/buf.h"
#include "model/result.h"

void offered_list(struct buf *list, const struct result *r);
/* "2,000/s", "0.5/s". Returns text, which must hold 32 bytes. */
char *offered_rate(double rps, char *text, size_t size);

#endif
