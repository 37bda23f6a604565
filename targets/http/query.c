#include "targets/http/query.h"

#include <http_parser.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define VALUE_MAX 19                    /* characters; no number within the limits needs more */
#define MS_MAX    ((double)(1LL << 42)) /* so that nanoseconds fit an int64_t */

int query_split(char *target, size_t len, struct query *out, struct err *err)
{
    struct http_parser_url url;
    http_parser_url_init(&url);
    if (http_parser_parse_url(target, len, 0, &url) != 0 || (url.field_set & (1 << UF_PATH)) == 0)
        return err_set(err, ERR_USAGE, "the request target is not a path");
    size_t host_len = url.field_data[UF_HOST].len;
    if ((url.field_set & (1 << UF_HOST)) != 0 && host_len >= sizeof out->host)
        return err_set(err, ERR_USAGE, "the host of the request target is too long");
    *out = (struct query){.path = target + url.field_data[UF_PATH].off, .params = ""};
    if ((url.field_set & (1 << UF_HOST)) != 0)
        memcpy(out->host, target + url.field_data[UF_HOST].off, host_len);
    if ((url.field_set & (1 << UF_QUERY)) != 0) {
        out->params = target + url.field_data[UF_QUERY].off;
        target[url.field_data[UF_QUERY].off + url.field_data[UF_QUERY].len] = '\0';
    }
    target[url.field_data[UF_PATH].off + url.field_data[UF_PATH].len] = '\0';
    return 0;
}

/* Copies the value of a name; false when the name is not there. A long value is cut to one
 * character more than a number may have. */
static bool find_value(const struct query *query, const char *name, char value[VALUE_MAX + 2])
{
    size_t name_len = strlen(name);
    const char *p = query->params;
    while (*p != '\0') {
        size_t len = strcspn(p, "&");
        if (len > name_len && p[name_len] == '=' && strncmp(p, name, name_len) == 0) {
            size_t value_len = len - name_len - 1;
            value_len = value_len > VALUE_MAX ? VALUE_MAX + 1 : value_len;
            memcpy(value, p + name_len + 1, value_len);
            value[value_len] = '\0';
            return true;
        }
        p += len + (p[len] == '&' ? 1 : 0);
    }
    return false;
}

bool query_has(const struct query *query, const char *pair)
{
    size_t pair_len = strlen(pair);
    const char *p = query->params;
    while (*p != '\0') {
        size_t len = strcspn(p, "&");
        if (len == pair_len && strncmp(p, pair, len) == 0)
            return true;
        p += len + (p[len] == '&' ? 1 : 0);
    }
    return false;
}

static int set_count(int64_t n, struct work *out, struct err *err)
{
    if (n < 0)
        return err_set(err, ERR_USAGE, "n must not be negative");
    *out = (struct work){.kind = WORK_COUNT, .n = n};
    return 0;
}

static int set_sleep(double ms, struct work *out, struct err *err)
{
    if (!(ms >= 0 && ms <= MS_MAX))
        return err_set(err, ERR_USAGE, "sleep_ms must not be negative or absurd");
    *out = (struct work){.kind = WORK_SLEEP, .n = llrint(ms * (double)NS_PER_MS)};
    return 0;
}

/* True if the text has only these characters and is not longer than a number. */
static bool made_of(const char *text, const char *characters)
{
    size_t len = strlen(text);
    return len > 0 && len <= VALUE_MAX && strspn(text, characters) == len;
}

static int from_params(const struct query *query, struct work *out, struct err *err)
{
    char n[VALUE_MAX + 2];
    char ms[VALUE_MAX + 2];
    char *end = NULL;
    bool has_n = find_value(query, "n", n);
    bool has_ms = find_value(query, "sleep_ms", ms);
    if (has_n && has_ms)
        return err_set(err, ERR_USAGE, "give n or sleep_ms, not both");
    if (has_n) {
        if (!made_of(n, "0123456789"))
            return err_set(err, ERR_USAGE, "n must be a whole number, such as n=20000000");
        return set_count(strtoll(n, NULL, 10), out, err);
    }
    if (!has_ms)
        return 0;
    double value = strtod(ms, &end);
    if (!made_of(ms, "0123456789.") || end == ms || *end != '\0')
        return err_set(err, ERR_USAGE, "sleep_ms must be a number, such as sleep_ms=50");
    return set_sleep(value, out, err);
}

static int from_object(const json_t *object, struct work *out, struct err *err)
{
    const json_t *n = json_object_get(object, "n");
    const json_t *ms = json_object_get(object, "sleep_ms");
    if (!json_is_object(object))
        return err_set(err, ERR_USAGE, "the body must be a JSON object, such as {\"n\":20000000}");
    if (n != NULL && ms != NULL)
        return err_set(err, ERR_USAGE, "give n or sleep_ms, not both");
    if (n != NULL && !json_is_integer(n))
        return err_set(err, ERR_USAGE, "n must be a whole number");
    if (ms != NULL && !json_is_number(ms))
        return err_set(err, ERR_USAGE, "sleep_ms must be a number");
    if (n != NULL)
        return set_count(json_integer_value(n), out, err);
    return ms != NULL ? set_sleep(json_number_value(ms), out, err) : 0;
}

static int from_body(const char *body, size_t len, struct work *out, struct err *err)
{
    json_error_t why;
    json_t *object = json_loadb(body, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (object == NULL)
        return err_set(err, ERR_USAGE, "the body is not JSON: line %d, column %d: %s", why.line,
                       why.column, why.text);
    int failed = from_object(object, out, err);
    json_decref(object);
    return failed;
}

int query_work(const struct query *query, const char *body, size_t body_len,
               const struct target_options *options, struct work *out, struct err *err)
{
    *out = options->work;
    if (body_len > 0 && from_body(body, body_len, out, err) < 0)
        return -1;
    if (from_params(query, out, err) < 0)
        return -1;
    return work_check(out, &options->max_work, err);
}
