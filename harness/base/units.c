#include "base/units.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"

#define VALUE_MAX 9.2e18 /* below 2^63 */

struct unit {
    const char *name;
    double factor;
};

static const struct unit times[] = {
    {"", 1e9}, {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9},
};

/* autocannon's words, in any case but for single letters: 20M is more often 20 million. */
static const struct unit time_words[] = {
    {"ns", 1},         {"us", 1e3},          {"ms", 1e6},           {"milli", 1e6},
    {"s", 1e9},        {"millisecond", 1e6}, {"milliseconds", 1e6}, {"sec", 1e9},
    {"secs", 1e9},     {"second", 1e9},      {"seconds", 1e9},      {"m", 60e9},
    {"min", 60e9},     {"mins", 60e9},       {"minute", 60e9},      {"minutes", 60e9},
    {"h", 3600e9},     {"hr", 3600e9},       {"hrs", 3600e9},       {"hour", 3600e9},
    {"hours", 3600e9}, {"d", 86400e9},       {"day", 86400e9},      {"days", 86400e9},
    {"w", 604800e9},   {"week", 604800e9},   {"weeks", 604800e9},
};

static const struct unit counts[] = {{"", 1}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}};

static const struct unit sizes[] = {
    {"", 1},       {"B", 1},          {"k", 1024},         {"K", 1024},
    {"KiB", 1024}, {"kB", 1e3},       {"M", 1048576},      {"MiB", 1048576},
    {"MB", 1e6},   {"G", 1073741824}, {"GiB", 1073741824}, {"GB", 1e9},
};

/* A decimal number and one of the units, and nothing else. The value is below 2^63. */
static int parse(const char *text, const struct unit *units, size_t len, double *out)
{
    char *end = NULL;
    if (!isdigit((unsigned char)text[0]) && text[0] != '.')
        return -1;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        return -1;
    double number = strtod(text, &end);
    if (end == text || !isfinite(number))
        return -1;
    for (size_t i = 0; i < len; i++) {
        double value = number * units[i].factor;
        if (strcmp(end, units[i].name) == 0 && value < VALUE_MAX) {
            *out = value;
            return 0;
        }
    }
    return -1;
}

static size_t skip_blanks(const char *text)
{
    return strspn(text, " \t");
}

/* One number with its word at *text, which is moved past both. */
static int parse_part(const char **text, double *sum)
{
    const char *at = *text;
    size_t digits = strspn(at, "0123456789.");
    size_t blanks = skip_blanks(at + digits);
    const char *word = at + digits + blanks;
    size_t len = 0;
    char *end = NULL;
    double number = strtod(at, &end);
    while (isalpha((unsigned char)word[len]))
        len++;
    if (digits == 0 || end != at + digits)
        return -1;
    for (size_t i = 0; i < LEN(time_words); i++) {
        const struct unit *unit = &time_words[i];
        bool same = len == 1 ? *unit->name == *word : strncasecmp(unit->name, word, len) == 0;
        if (strlen(unit->name) == len && same) {
            *sum += number * unit->factor;
            *text = word + len + skip_blanks(word + len);
            return 0;
        }
    }
    return -1;
}

/* "1h 30m": one number with a word after the other. */
static int parse_parts(const char *text, double *out)
{
    *out = 0;
    if (*text == '\0')
        return -1;
    while (*text != '\0') {
        if (parse_part(&text, out) < 0 || *out >= VALUE_MAX)
            return -1;
    }
    return 0;
}

int units_parse_time(const char *text, int64_t *out_ns, struct err *err)
{
    double value = 0;
    if (parse(text, times, LEN(times), &value) < 0 && parse_parts(text, &value) < 0)
        return err_set(err, ERR_USAGE,
                       "'%s' is not a time; try 10 (seconds), 500ms, 1.5s, 2m, '1h 30m', 3 days",
                       text);
    *out_ns = llrint(value);
    return 0;
}

int units_parse_count(const char *text, int64_t *out_count, struct err *err)
{
    double value = 0;
    if (parse(text, counts, LEN(counts), &value) < 0)
        return err_set(err, ERR_USAGE, "'%s' is not a count; try 500, 2k, 20M or 1G", text);
    /* 1.1k is 1100.0000000000002 in binary, but it is a whole number. */
    if (fabs(value - (double)llrint(value)) > 1e-9 * value)
        return err_set(err, ERR_USAGE, "'%s' is not a count: it is not a whole number", text);
    *out_count = llrint(value);
    return 0;
}

int units_parse_rate(const char *text, double *out_rps, struct err *err)
{
    if (parse(text, counts, LEN(counts), out_rps) == 0)
        return 0;
    return err_set(err, ERR_USAGE, "'%s' is not a rate; try 500, 0.5 or 2k (requests per second)",
                   text);
}

int units_parse_size(const char *text, int64_t *out_bytes, struct err *err)
{
    double value = 0;
    if (parse(text, sizes, LEN(sizes), &value) < 0)
        return err_set(err, ERR_USAGE, "'%s' is not a size; try 4096, 64KiB, 8.3MiB or 2GiB", text);
    *out_bytes = llrint(value);
    return 0;
}

/* Three significant digits, as a person would write them. */
static char *three_digits(double value, const char *unit, char *text, size_t size)
{
    double magnitude = fabs(value);
    int decimals = magnitude < 9.995 ? 2 : magnitude < 99.95 ? 1 : 0;
    (void)snprintf(text, size, "%.*f%s", decimals, value, unit);
    return text;
}

/* From a thousand upward: in the unit of the three whose number has at most three digits before the
 * point. */
static char *three_digits_of(double value, const char *const units[3], char *text, size_t size)
{
    if (value < 999.5e3)
        return three_digits(value / 1e3, units[0], text, size);
    if (value < 999.5e6)
        return three_digits(value / 1e6, units[1], text, size);
    return three_digits(value / 1e9, units[2], text, size);
}

char *units_format_time(int64_t ns, char *text, size_t size)
{
    static const char *const units[] = {" us", " ms", " s"};
    double value = (double)ns;
    if (value >= 999.5)
        return three_digits_of(value, units, text, size);
    (void)snprintf(text, size, "%.0f ns", value);
    return text;
}

char *units_format_long(double ns, char *text, size_t size)
{
    double minutes = ns / (double)NS_PER_S / 60;
    if (minutes < 5)
        return units_format_time((int64_t)ns, text, size);
    if (minutes < 120)
        (void)snprintf(text, size, "%.0f min", minutes);
    else
        (void)snprintf(text, size, "%.1f h", minutes / 60);
    return text;
}

char *units_format_count(double count, char *text, size_t size)
{
    static const char *const units[] = {"k", "M", "G"};
    if (count >= 9999.5)
        return three_digits_of(count, units, text, size);
    bool whole = count >= 99.95 || count == floor(count);
    (void)snprintf(text, size, "%.*f", whole ? 0 : count < 9.995 ? 2 : 1, count);
    return text;
}

char *units_format_bytes(double bytes, char *text, size_t size)
{
    static const char *const units[] = {" kB", " MB", " GB"};
    if (bytes >= 999.5)
        return three_digits_of(bytes, units, text, size);
    (void)snprintf(text, size, "%.0f B", bytes);
    return text;
}

static double rounded(double x, int digits)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.*g", digits, x);
    return strtod(text, NULL);
}

double units_settle(double x)
{
    return rounded(rounded(x, 12), 9);
}
