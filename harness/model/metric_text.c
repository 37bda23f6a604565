/* Values of metric.h as texts, and back. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "model/metric.h"

double metric_decimal(const char *text, int scale, const char **end)
{
    char number[48];
    size_t len = strspn(text, "0123456789.");
    char *rest = NULL;
    *end = text;
    if (len == 0 || len > sizeof number - 8)
        return NAN;
    (void)snprintf(number, sizeof number, "%.*se%d", (int)len, text, scale);
    double value = strtod(number, &rest);
    if (*rest != '\0' || !isfinite(value)) /* "1.2.3", "." */
        return NAN;
    *end = text + len;
    return value;
}

char *metric_format(double value, enum metric_unit unit, char *text, size_t size)
{
    switch (unit) {
    case METRIC_TIME:
        if (isinf(value))
            break;
        /* A stored number may be larger than an int64_t: it is shown as the largest one that fits.
         */
        return units_format_time((int64_t)llround(fmin(value, 9e18)), text, size);
    case METRIC_SIZE:
        return units_format_bytes(value, text, size);
    case METRIC_COUNT:
        (void)snprintf(text, size, "%.0f", value);
        return text;
    case METRIC_SHARE:
        (void)snprintf(text, size, "%.3g%%", 100 * value);
        return text;
    case METRIC_NUMBER:
        break;
    }
    if (isinf(value)) {
        (void)snprintf(text, size, "never");
        return text;
    }
    return units_format_count(value, text, size);
}

char *metric_format_exact(double value, enum metric_unit unit, int digits, char *text, size_t size)
{
    static const struct {
        double scale;
        const char *name;
    } units[] = {[METRIC_TIME] = {1e-6, " ms"},
                 [METRIC_COUNT] = {1, ""},
                 [METRIC_SIZE] = {1, " B"},
                 [METRIC_NUMBER] = {1, ""},
                 [METRIC_SHARE] = {100, "%"}};
    (void)snprintf(text, size, "%.*g%s", digits, value * units[unit].scale, units[unit].name);
    return text;
}

int metric_number(const char *text, double *out)
{
    static const struct {
        const char *name;
        int scale;
    } units[] = {{"", 0}, {"k", 3}, {"K", 3}, {"M", 6}, {"G", 9}};
    const char *end = NULL;
    for (size_t i = 0; i < LEN(units); i++) {
        *out = metric_decimal(text, units[i].scale, &end);
        if (end != text && strcmp(end, units[i].name) == 0)
            return 0;
    }
    return -1;
}
