/* plot/capacity: the data files of the picture of a search for the capacity: a row for each arm,
 * each of its trials at its rate.
 *
 * Shape   as in report/plot/data.h; what is written is a struct capacity_page.
 * Units   rates are requests per second.
 */
#ifndef REPORT_PLOT_CAPACITY_H
#define REPORT_PLOT_CAPACITY_H

#include "report/capacity/report.h"
#include "report/plot/data.h"

extern const struct plot_file capacity_files[]; /* ends with one without a name */

/* "open loop, arrivals poisson, trials of 5 s or more, 64 connections": what all arms share. */
void plot_capacity_load(const struct capacity *c, struct buf *out);
/* As plot_caption_machine. */
void plot_capacity_machine(const struct capacity *c, struct buf *out);

#endif
