#include "base/date.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

/* Digits and what stands between them, as far as the seconds. */
static const char form[] = "dddd-dd-ddTdd:dd:dd";

static bool has_form(const char *text, const char *like)
{
    for (; *like != '\0'; like++, text++) {
        bool is_same = *like == 'd'   ? isdigit((unsigned char)*text) != 0
                       : *like == 'T' ? *text == 'T' || *text == 't' || *text == ' '
                                      : *text == *like;
        if (!is_same)
            return false;
    }
    return true;
}

static int number_at(const char *text, int digits)
{
    int number = 0;
    for (int i = 0; i < digits; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

static int64_t to_seconds(const char *text)
{
    struct tm given = {.tm_year = number_at(text, 4) - 1900,
                       .tm_mon = number_at(text + 5, 2) - 1,
                       .tm_mday = number_at(text + 8, 2),
                       .tm_hour = number_at(text + 11, 2),
                       .tm_min = number_at(text + 14, 2),
                       .tm_sec = number_at(text + 17, 2)};
    return timegm(&given);
}

/* Returns what follows them. */
static const char *take_fraction(const char *text, int64_t *ns)
{
    int64_t place = NS_PER_S;
    *ns = 0;
    if (*text != '.')
        return text;
    for (text++; isdigit((unsigned char)*text); text++) {
        place /= 10;
        *ns += place * (*text - '0');
    }
    return text;
}

static bool is_utc(const char *offset)
{
    return strcmp(offset, "Z") == 0 || strcmp(offset, "z") == 0;
}

static bool is_offset(const char *text)
{
    return is_utc(text) ||
           ((*text == '+' || *text == '-') && has_form(text + 1, "dd:dd") && text[6] == '\0');
}

/* Seconds that the written time is ahead of UTC. */
static int64_t ahead_of(const char *offset)
{
    if (is_utc(offset))
        return 0;
    return (*offset == '-' ? -1 : 1) *
           (int64_t)(number_at(offset + 1, 2) * 3600 + number_at(offset + 4, 2) * 60);
}

/* What a number stands for, where it is, and what it may be. */
struct part {
    const char *what;
    int at, digits, least, most;
};

static int check_part(const char *whole, const char *text, const struct part *part, struct err *err)
{
    int number = number_at(text + part->at, part->digits);
    if (number >= part->least && number <= part->most)
        return 0;
    return err_set(err, ERR_USAGE, "'%.60s': there is no %s %d; give one from %d to %d", whole,
                   part->what, number, part->least, part->most);
}

static int check_day(const char *text, struct err *err)
{
    int year = number_at(text, 4);
    int month = number_at(text + 5, 2);
    int day = number_at(text + 8, 2);
    int days = days_of(year, month);
    if (day >= 1 && day <= days)
        return 0;
    return err_set(err, ERR_USAGE, "'%.60s': there is no such day; month %d of %d has %d days",
                   text, month, year, days);
}

/* Of a text that has the form. */
static int check_numbers(const char *text, const char *offset, struct err *err)
{
    static const struct part parts[] = {
        {"year", 0, 4, 1970, 2261}, {"month", 5, 2, 1, 12},   {"hour", 11, 2, 0, 23},
        {"minute", 14, 2, 0, 59},   {"second", 17, 2, 0, 59},
    };
    static const struct part of_offset[] = {
        {"offset hour", 1, 2, 0, 23},
        {"offset minute", 4, 2, 0, 59},
    };
    for (size_t i = 0; i < LEN(parts); i++) {
        if (check_part(text, text, &parts[i], err) < 0)
            return -1;
    }
    for (size_t i = 0; i < LEN(of_offset) && !is_utc(offset); i++) {
        if (check_part(text, offset, &of_offset[i], err) < 0)
            return -1;
    }
    return check_day(text, err);
}

int date_parse(const char *text, int64_t *out_ns, struct err *err)
{
    int64_t ns = 0;
    if (has_form(text, form)) {
        const char *fraction = text + strlen(form);
        const char *offset = take_fraction(fraction, &ns);
        bool is_empty = *fraction == '.' && offset == fraction + 1;
        if (!is_empty && is_offset(offset)) {
            if (check_numbers(text, offset, err) < 0)
                return -1;
            *out_ns = (to_seconds(text) - ahead_of(offset)) * NS_PER_S + ns;
            return 0;
        }
    }
    return err_set(err, ERR_USAGE,
                   "'%.60s' is not a time with its offset; try 2026-11-30T18:05:00Z, or +01:00 in "
                   "place of the Z",
                   text);
}
