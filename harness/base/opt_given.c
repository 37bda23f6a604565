/* What was given, asked afterwards: by name, for another program, and as a plan echoes it. */
#include "base/opt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *opt_given_text(const struct opt_given *given, const char *name)
{
    for (size_t i = given->count; i > 0; i--) {
        if (strcmp(given->options[i - 1].row->name, name) == 0)
            return given->options[i - 1].text != NULL ? given->options[i - 1].text : "";
    }
    return NULL;
}

void opt_forward(const struct opt_given *given, const struct opt *rows, struct str_list *argv)
{
    for (size_t i = 0; i < given->count; i++) {
        if (given->options[i].rows != rows)
            continue;
        char *name = mem_printf("--%s", given->options[i].row->name);
        str_list_add(argv, name);
        free(name);
        if (given->options[i].text != NULL)
            str_list_add(argv, given->options[i].text);
    }
}

struct opt_value opt_value_of(const struct opt *row, const void *into)
{
    const void *field = (const char *)into + row->at;
    struct opt_value value = {.kind = OPT_VALUE_NULL};
    switch (row->type) {
    case OPT_FLAG:
        value.kind = OPT_VALUE_FLAG;
        value.number = *(const bool *)field ? 1 : 0;
        break;
    case OPT_COUNT:
    case OPT_SIZE:
        value.kind = OPT_VALUE_NUMBER;
        value.number = (double)*(const int64_t *)field;
        break;
    case OPT_TIME:
        value.kind = OPT_VALUE_NUMBER;
        value.number = (double)*(const int64_t *)field / 1e9;
        break;
    case OPT_TEXT:
    case OPT_CHOICE:
        value.text = *(const char *const *)field;
        value.kind = value.text == NULL ? OPT_VALUE_NULL : OPT_VALUE_TEXT;
        break;
    case OPT_LIST:
    case OPT_CUSTOM:
    case OPT_ABSENT:
    case OPT_NOTE:
    case OPT_END:
        break;
    }
    return value;
}
