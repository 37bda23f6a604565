#include "report/live/sparkline.h"

#include <math.h>

#include "base/mem.h"

#define LEVELS 8

static bool is_known(double value)
{
    return isfinite(value) && value >= 0;
}

static double worse(const struct sparkline *s, double a, double b)
{
    if (!is_known(a) || !is_known(b))
        return is_known(a) ? a : b;
    return s->worst == SPARKLINE_LOWEST ? fmin(a, b) : fmax(a, b);
}

/* One bar for each `each` values in a row. A group begins where the number of its first value is a
 * multiple of that, so the same values stay together when others follow. */
static size_t group(const struct sparkline *s, size_t each, double *bars)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (i == 0 || (s->before + i) % each == 0)
            bars[count++] = NAN;
        bars[count - 1] = worse(s, bars[count - 1], s->values[i]);
    }
    return count;
}

/* Rounded up: what is not 0 is never shown as 0. */
static size_t level_of(double value, double most)
{
    if (value == 0)
        return 0;
    double level = ceil(value / most * (LEVELS - 1) - 1e-9);
    return level > 1 ? (size_t)level : 1;
}

void sparkline(struct buf *out, const struct sparkline *s, size_t columns,
               const struct report_style *style)
{
    static const char *const bars_utf8[LEVELS] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const bars_ascii[LEVELS] = {"_", ".", "-", ":", "=", "+", "*", "#"};
    double bars[SPARKLINE_MAX];
    double most = 0;
    if (columns == 0)
        return;
    size_t count = group(s, (s->count + columns - 1) / columns, bars);
    size_t first = count > columns ? count - columns : 0;
    for (size_t i = first; i < count; i++)
        most = is_known(bars[i]) ? fmax(most, bars[i]) : most;
    for (size_t i = first; i < count; i++) {
        const char *const *shown = style->utf8 ? bars_utf8 : bars_ascii;
        buf_puts(out, is_known(bars[i]) ? shown[level_of(bars[i], most)] : " ");
    }
}
