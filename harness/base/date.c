#include "base/date.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

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

/* Seconds since 1970; false: there is no such day, or no such time of a day. */
static bool to_seconds(const char *text, int64_t *seconds)
{
    struct tm given = {.tm_year = number_at(text, 4) - 1900,
                       .tm_mon = number_at(text + 5, 2) - 1,
                       .tm_mday = number_at(text + 8, 2),
                       .tm_hour = number_at(text + 11, 2),
                       .tm_min = number_at(text + 14, 2),
                       .tm_sec = number_at(text + 17, 2)};
    struct tm real = given; /* timegm carries what is too large into the next field */
    *seconds = timegm(&real);
    return real.tm_mon == given.tm_mon && real.tm_mday == given.tm_mday &&
           real.tm_hour == given.tm_hour && real.tm_min == given.tm_min &&
           real.tm_sec == given.tm_sec && given.tm_year >= 70 && given.tm_year < 362;
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

/* Seconds that the written time is ahead of UTC. */
static bool to_offset(const char *text, int64_t *seconds)
{
    *seconds = 0;
    if (strcmp(text, "Z") == 0 || strcmp(text, "z") == 0)
        return true;
    if ((*text != '+' && *text != '-') || !has_form(text + 1, "dd:dd") || text[6] != '\0')
        return false;
    int hours = number_at(text + 1, 2);
    int minutes = number_at(text + 4, 2);
    *seconds = (*text == '-' ? -1 : 1) * (int64_t)(hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

int date_parse(const char *text, int64_t *out_ns, struct err *err)
{
    int64_t seconds = 0;
    int64_t ahead = 0;
    int64_t ns = 0;
    if (has_form(text, form) && to_seconds(text, &seconds)) {
        const char *fraction = text + strlen(form);
        const char *offset = take_fraction(fraction, &ns);
        bool is_empty = *fraction == '.' && offset == fraction + 1;
        if (!is_empty && to_offset(offset, &ahead)) {
            *out_ns = (seconds - ahead) * NS_PER_S + ns;
            return 0;
        }
    }
    return err_set(err, ERR_USAGE,
                   "'%.60s' is not a time with its offset; try 2026-11-30T18:05:00Z, or +01:00 in "
                   "place of the Z",
                   text);
}
