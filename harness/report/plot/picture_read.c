/* How to read each picture. */
#include "report/plot/picture_internal.h"

void picture_read_latency(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Each curve is one arm: at 99 % across, its height is the time within which 99 "
                  "of 100 requests were answered, so lower is better, and each step to the right "
                  "leaves a tenth of the requests.");
}

void picture_read_compare(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Each panel is one figure and each bar one arm: its median over the rounds, with "
                  "a line from the lowest to the highest round.");
}

void picture_read_heat(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Time goes to the right and latency upwards: a cell is dark where many of the "
                  "requests that completed at that time took that long.");
}

void picture_read_shift(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "The latency of NEW divided by that of OLD at each percentile: above 1, NEW is "
                  "slower.");
}

void picture_read_blocks(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Each point is the change in one block of fresh servers; the dashed line is the "
                  "limit, and the shaded side is beyond it.");
}
