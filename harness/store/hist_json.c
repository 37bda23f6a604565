#include "store/hist_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stat/hist_codec.h"
#include "store/doc.h"
#include "store/fields.h"

#define PLACE 64 /* bytes of "requests_by_name[1000].unfinished" */

json_t *hist_to_json(const struct hist *h)
{
    if (h == NULL)
        return json_null();
    char *data = hist_encode(h);
    json_t *object = json_object();
    doc_put(object, "unit", json_string("ns"));
    doc_put(object, "digits", json_integer(hist_digits(h)));
    doc_put(object, "count", json_integer((json_int_t)hist_count(h)));
    doc_put(object, "over", json_integer((json_int_t)hist_over(h)));
    doc_put(object, "data", json_string(data));
    free(data);
    return object;
}

static int check_hist(const json_t *object, const char *where, struct hist *h, struct err *err)
{
    int64_t digits = 0;
    int64_t count = 0;
    int64_t over = 0;
    if (field_count(object, where, "digits", &digits, err) < 0 ||
        field_count(object, where, "count", &count, err) < 0 ||
        field_count(object, where, "over", &over, err) < 0)
        return -1;
    if (!hist_is_latency_shape(h) || digits != hist_digits(h))
        return field_problem(where, "digits", "or the range is not that of a result", err);
    if ((uint64_t)count != hist_count(h))
        return field_problem(where, "count", "is not the count of its data", err);
    if (over > 0)
        hist_record_n(h, INT64_MAX, (uint64_t)over);
    return 0;
}

int hist_from_json(const json_t *hists, const char *parent, const char *name, struct hist **out,
                   struct err *err)
{
    char where[PLACE];
    (void)snprintf(where, sizeof where, "%s.%s", parent, name);
    const json_t *object = json_object_get(hists, name);
    if (object == NULL)
        return field_problem(parent, name, "is missing", err);
    if (json_is_null(object))
        return 0;
    const char *unit = json_string_value(json_object_get(object, "unit"));
    if (unit == NULL || strcmp(unit, "ns") != 0)
        return field_problem(where, "unit", "is not \"ns\"", err);
    const char *data = json_string_value(json_object_get(object, "data"));
    if (data == NULL)
        return field_problem(where, "data", "is not a text", err);
    struct hist *h = hist_decode(data, err);
    if (h == NULL)
        return err_wrap(err, "%s.data", where);
    if (check_hist(object, where, h, err) < 0) {
        hist_free(h);
        return -1;
    }
    *out = h;
    return 0;
}
