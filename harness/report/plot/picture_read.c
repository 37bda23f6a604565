/* How to read each picture, in one sentence. */
#include "report/plot/picture_internal.h"

void picture_read_latency(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "At 99 % across, a curve is as high as the time within which 99 of 100 requests "
                  "were answered, so lower is better; each step to the right leaves a tenth of the "
                  "requests.");
}

void picture_read_percentiles(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Each point stands for the requests that completed at that time: half of them "
                  "took no longer than the p50, and one of a hundred took longer than the p99.");
}

void picture_read_heat(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Time goes to the right and latency upwards; a cell is dark where many of the "
                  "requests that completed at that time took that long.");
}

void picture_read_rate(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Above are the responses of each second, below the requests that got none (full) "
                  "or one of another status than 2xx (pale).");
}

void picture_read_server(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "All panels have one time axis, so what the server used stands below the latency "
                  "that it gave at that moment.");
}

void picture_read_parts(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "The outline is the whole latency, the pale bar the wait in the server and the "
                  "full one its work; the means add up, but a percentile of each part is of "
                  "another request, and so they do not.");
}

void picture_read_probe(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out,
             "While the load ran, a light request was sent at a steady rate; at 99 % across, a "
             "curve is as high as the time within which 99 of 100 of these were answered.");
}

void picture_read_queue(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Jobs that are accepted faster than they are completed pile up as the backlog, "
                  "which the dashed line carries on after the load.");
}

void picture_read_generator(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Each dot is the CPU time of a thread of bench itself; near the dashed line the "
                  "figures show bench rather than the server, and a ring far to the right shows "
                  "that bench had to wait for a core.");
}

void picture_read_compare(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out,
             "Each panel is a figure and each bar the median of an arm over its rounds, with a "
             "line from the lowest round to the highest.");
}

void picture_read_shift(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "The height is the latency of NEW divided by that of OLD at the same percentile: "
                  "above 1, NEW is slower.");
}

void picture_read_blocks(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out, "Each point is the change in one block of fresh servers; the dashed line is the "
                  "limit, and the shaded side lies beyond it.");
}
