#include "match/status_set.h"

#include <string.h>

static int refuse(const char *text, const char *at, const char *wanted, struct err *err)
{
    return err_set(err, ERR_USAGE,
                   "'%s' is not a set of statuses: %s is expected at character %d; "
                   "try 200-299,404",
                   text, wanted, (int)(at - text) + 1);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Three digits from 100 to 599, or "2xx". Returns what is behind it, or NULL. */
static const char *take(const char *p, struct status_range *range)
{
    if (*p < '1' || *p > '5')
        return NULL;
    int hundreds = (*p - '0') * 100;
    if ((p[1] | 0x20) == 'x' && (p[2] | 0x20) == 'x') {
        *range = (struct status_range){.from = hundreds, .to = hundreds + 99};
        return p + 3;
    }
    if (!is_digit(p[1]) || !is_digit(p[2]))
        return NULL;
    range->from = range->to = hundreds + (p[1] - '0') * 10 + (p[2] - '0');
    return p + 3;
}

/* One status, or a range of them. Returns what is behind it, or NULL with err set. */
static const char *take_range(const char *text, const char *p, struct status_range *range,
                              struct err *err)
{
    static const char status[] = "a status from 100 to 599, or one like 2xx,";
    struct status_range last;
    const char *end = take(p, range);
    if (end != NULL && *end != '-')
        return end;
    if (end != NULL) {
        p = end + 1;
        end = take(p, &last);
    }
    if (end == NULL || last.to < range->from) {
        (void)refuse(text, p, end == NULL ? status : "a status not below the first", err);
        return NULL;
    }
    range->to = last.to;
    return end;
}

int status_set_parse(const char *text, struct expectation *expect, struct err *err)
{
    for (const char *p = text;; p++) {
        struct status_range range;
        p = take_range(text, p, &range, err);
        if (p == NULL)
            return -1;
        expectation_add_status(expect, range.from, range.to);
        if (*p == '\0')
            return 0;
        if (*p != ',')
            return refuse(text, p, "a comma or the end", err);
    }
}

bool status_set_has(const struct expectation *expect, int status)
{
    if (expect->nstatuses == 0)
        return status / 100 == 2;
    for (size_t i = 0; i < expect->nstatuses; i++) {
        if (status >= expect->statuses[i].from && status <= expect->statuses[i].to)
            return true;
    }
    return false;
}
