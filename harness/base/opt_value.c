/* Options read back from the struct that they filled. */
#include "base/opt.h"

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
    case OPT_END:
        break;
    }
    return value;
}
