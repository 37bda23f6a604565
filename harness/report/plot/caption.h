/* caption: the test conditions of a picture in two lines, and the title of its probe panel.
 *
 * Shape   conditions that all results share are shown; of the others, only that they differ.
 */
#ifndef REPORT_PLOT_CAPTION_H
#define REPORT_PLOT_CAPTION_H

#include "base/buf.h"
#include "model/comparison.h"

/* "100 connections, 10 s, 20,000,000 counts per request, 3 rounds" */
void plot_caption_load(const struct comparison *c, struct buf *out);
/* The same without what differs, and without the rounds. */
void plot_caption_shared(const struct comparison *c, struct buf *out);
/* "AMD EPYC 7B13, 2 of 8 cores, bench 0.1.0, 2026-11-22" */
void plot_caption_machine(const struct comparison *c, struct buf *out);
/* "/ping latency, p99"; "Probe latency, p99" when the arms were probed on different paths */
void plot_caption_probe(const struct comparison *c, struct buf *out);

#endif
