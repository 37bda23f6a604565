/* The value of an option: its text, checked and put into the field of its row. */
#include <string.h>

#include "base/opt_internal.h"
#include "base/units.h"

static int check_range(const struct opt *row, int64_t value, const char *text, struct err *err)
{
    bool low = (double)value < row->min;
    bool high = row->max > 0 && (double)value > row->max;
    char least[40];
    char most[40];
    if (!low && !high)
        return 0;
    if (row->type == OPT_TIME) {
        (void)units_format_time((int64_t)row->min, least, sizeof least);
        (void)units_format_time((int64_t)row->max, most, sizeof most);
    } else if (row->type == OPT_SIZE) {
        (void)units_format_bytes(row->min, least, sizeof least);
        (void)units_format_bytes(row->max, most, sizeof most);
    } else {
        (void)units_format_count(row->min, least, sizeof least);
        (void)units_format_count(row->max, most, sizeof most);
    }
    return low ? err_set(err, ERR_USAGE, "'%s' is too small; the minimum is %s", text, least)
               : err_set(err, ERR_USAGE, "'%s' is too large; the maximum is %s", text, most);
}

static int parse_number(const struct opt *row, const char *text, int64_t *field, struct err *err)
{
    int64_t value = 0;
    int failed = row->type == OPT_TIME   ? units_parse_time(text, &value, err)
                 : row->type == OPT_SIZE ? units_parse_size(text, &value, err)
                                         : units_parse_count(text, &value, err);
    if (failed < 0 || check_range(row, value, text, err) < 0)
        return -1;
    *field = value;
    return 0;
}

static int parse_choice(const struct opt *row, const char *text, const char **field,
                        struct err *err)
{
    const char *choice = opt_choose(text, row->choices, "", err);
    if (choice == NULL)
        return -1;
    *field = choice;
    return 0;
}

int opt_store(const struct opt *row, void *into, const char *text, struct err *err)
{
    void *field = (char *)into + row->at;
    switch (row->type) {
    case OPT_FLAG:
        *(bool *)field = strcmp(text, "on") == 0;
        return 0;
    case OPT_COUNT:
    case OPT_TIME:
    case OPT_SIZE:
        return parse_number(row, text, field, err);
    case OPT_TEXT:
        *(const char **)field = text;
        return 0;
    case OPT_CHOICE:
        return parse_choice(row, text, field, err);
    case OPT_LIST:
        str_list_add(field, text);
        return 0;
    case OPT_CUSTOM:
        return row->parse(text, field, err);
    case OPT_ABSENT:
    case OPT_NOTE:
    case OPT_END:
        break;
    }
    return 0;
}
