#include "targets/http/date_line.h"

#include <stddef.h>
#include <time.h>

const char *date_line_at(struct date_line *line, int64_t wall_ms)
{
    struct tm utc;
    time_t second = (time_t)(wall_ms / 1000);
    if (line->text[0] != '\0' && line->second == second)
        return line->text;
    line->second = second;
    /* No program of ours sets a locale, so the names are English. */
    if (gmtime_r(&second, &utc) == NULL ||
        strftime(line->text, sizeof line->text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc) == 0)
        line->text[0] = '\0';
    return line->text;
}
