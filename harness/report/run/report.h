/* run/report: one result as text for the terminal.
 *
 * Shape   one walk over the result: problems, what was run, rates, latency distribution, what
 *         happened to every request, costs, warnings.
 * Errors  none. A number that was not measured is shown as '-', or its row is left out.
 */
#ifndef REPORT_RUN_REPORT_H
#define REPORT_RUN_REPORT_H

#include "base/buf.h"
#include "base/str.h"
#include "model/result.h"
#include "report/style.h"
#include "report/table.h"

/* What the user must know before reading any figure; of an interrupted run the caller says so. */
void report_run_notices(const struct result *r, struct str_list *notices);
/* The requests of each name, as a table; no cells if the run did not tell them apart. */
void run_request_cells(const struct result *r, const struct report_style *style, struct table *t);
/* A line of one of several runs that follow each other. */
void report_run_round(const struct result *r, int64_t number, const struct report_style *style,
                      struct buf *out);
void report_run(const struct result *r, const struct report_style *style, struct buf *out);

#endif
