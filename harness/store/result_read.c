#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/plan.h"
#include "store/doc.h"
#include "store/fields.h"
#include "store/result_json.h"
#include "store/result_measures.h"
#include "store/result_rows.h"

#define ERRNO_MAX 4095 /* of Linux */
#define PLACE     64   /* bytes of "accounting.connect_errors[123456]" */

static int read_tool(const json_t *doc, struct result *r, struct err *err)
{
    if (field_rows(doc, "tool", tool_rows, r, err) < 0)
        return -1;
    struct str_list argv = {0};
    int result = field_texts(json_object_get(doc, "tool"), "tool", "argv", &argv, err);
    r->argv = argv.items;
    r->nargv = argv.count;
    return result;
}

static int read_config(const json_t *doc, struct result *r, struct err *err)
{
    json_t *config = NULL;
    const char *key = NULL;
    json_t *value = NULL;
    if (field_object(doc, "", "config", &config, err) < 0)
        return -1;
    json_object_foreach(config, key, value)
    {
        /* The borrowed texts are copied by result_add_setting. */
        char *name = mem_strdup(key);
        char *text = mem_strdup_or_null(json_string_value(value));
        struct setting s = {.name = name, .kind = SETTING_NULL, .text = text};
        if (json_is_boolean(value))
            s.kind = SETTING_FLAG;
        else if (json_is_number(value))
            s.kind = SETTING_NUMBER;
        else if (json_is_string(value))
            s.kind = SETTING_TEXT;
        s.number = s.kind == SETTING_FLAG ? json_is_true(value) : json_number_value(value);
        result_add_setting(r, &s);
        free(name);
        free(text);
        if (json_is_object(value) || json_is_array(value))
            return field_problem("", "config", "holds something that is not a plain value", err);
    }
    return 0;
}

static int read_pids(const json_t *target, struct result *r, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *value = NULL;
    if (field_array(target, "target", "pids", &array, err) < 0)
        return -1;
    r->pids = mem_array(json_array_size(array), sizeof *r->pids);
    json_array_foreach(array, i, value)
    {
        if (!json_is_integer(value) || json_integer_value(value) < 1)
            return field_problem("target", "pids", "holds something that is not a process id", err);
        r->pids[r->npids++] = json_integer_value(value);
    }
    return 0;
}

static int read_target(const json_t *doc, struct result *r, struct err *err)
{
    if (field_rows(doc, "target", target_rows, r, err) < 0)
        return -1;
    const json_t *target = json_object_get(doc, "target");
    const json_t *work = json_object_get(target, "work");
    if (work == NULL)
        return field_problem("target", "work", "is missing", err);
    if (!json_is_null(work) && fields_read(work, "target.work", work_rows, r, err) < 0)
        return -1;
    if (field_texts(target, "target", "argv", &r->target_argv, err) < 0)
        return -1;
    return read_pids(target, r, err);
}

static int read_connect_errors(const json_t *object, struct accounting *a, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    int64_t sum = 0;
    if (field_array(object, "accounting", "connect_errors", &array, err) < 0)
        return -1;
    a->connect_errors = mem_array(json_array_size(array), sizeof *a->connect_errors);
    json_array_foreach(array, i, entry)
    {
        int64_t number = 0;
        int64_t count = 0;
        char where[PLACE];
        (void)snprintf(where, sizeof where, "accounting.connect_errors[%zu]", i);
        if (field_count(entry, where, "errno", &number, err) < 0 ||
            field_count(entry, where, "count", &count, err) < 0)
            return -1;
        if (number < 1 || number > ERRNO_MAX)
            return field_problem(where, "errno", "is not an error number", err);
        if (count > a->connect_failed - sum)
            return field_problem("accounting", "connect_errors", "count more than connect_failed",
                                 err);
        sum += count;
        a->connect_errors[a->nconnect_errors++] = (struct errno_count){(int)number, count};
    }
    return 0;
}

static int read_loss_reason(const json_t *entry, const char *where, struct accounting *a,
                            struct err *err)
{
    const json_t *number = json_object_get(entry, "errno");
    const json_t *text = json_object_get(entry, "reason");
    int kind = field_name_index(json_object_get(entry, "kind"), loss_keys, LOSS_COUNT);
    int64_t count = 0;
    if (kind < 0)
        return field_problem(where, "kind", "is not a kind of loss", err);
    if (field_count(entry, where, "count", &count, err) < 0)
        return -1;
    if (json_is_string(text) == json_is_integer(number) ||
        (json_is_integer(number) &&
         (json_integer_value(number) < 1 || json_integer_value(number) > ERRNO_MAX)))
        return field_problem(where, "errno", "is not an error number, nor is there a reason", err);
    for (size_t i = 0; i < a->nloss_reasons; i++)
        count += a->loss_reasons[i].kind == (enum loss_kind)kind ? a->loss_reasons[i].count : 0;
    if (count > a->failed[kind])
        return field_problem("accounting", "loss_reasons", "count more than failed", err);
    a->loss_reasons[a->nloss_reasons++] = (struct loss_reason){
        .kind = (enum loss_kind)kind,
        .number = (int)json_integer_value(number),
        .text = json_is_string(text) ? mem_strdup(json_string_value(text)) : NULL,
        .count = json_integer_value(json_object_get(entry, "count")),
    };
    return 0;
}

/* Older versions of bench did not write these. */
static int read_added(const json_t *object, struct accounting *a, struct err *err)
{
    json_t *array = NULL;
    json_t *entry = NULL;
    size_t i = 0;
    a->gone_after_ns = MISSING;
    if (json_object_get(object, "loss_reasons") == NULL)
        return 0;
    if (field_array(object, "accounting", "loss_reasons", &array, err) < 0 ||
        fields_read(object, "accounting", accounting_added_rows, a, err) < 0)
        return -1;
    if (json_array_size(array) > LOSS_REASONS_MAX)
        return field_problem("accounting", "loss_reasons", "are too many", err);
    a->loss_reasons = mem_array(LOSS_REASONS_MAX, sizeof *a->loss_reasons);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "accounting.loss_reasons[%zu]", i);
        if (read_loss_reason(entry, where, a, err) < 0)
            return -1;
    }
    return 0;
}

/* All requests must be accounted for, and the counts by status must agree with that. */
static int check_accounting(const struct result *r, struct err *err)
{
    const struct accounting *a = &r->accounting;
    int64_t replies = 0;
    for (size_t i = 0; i < LEN(a->statuses); i++)
        replies += a->statuses[i];
    int64_t good = result_status_class(r, 2);
    if (!accounting_adds_up(a))
        return field_problem("accounting", "sent",
                             "is not completed + timed_out + failed + in_flight_at_end", err);
    if (replies != a->completed)
        return field_problem("", "statusCodeStats", "does not add up to accounting.completed", err);
    if (a->non_2xx != a->completed - good)
        return field_problem("accounting", "non_2xx", "is not what statusCodeStats says", err);
    if (a->mismatches > good)
        return field_problem("accounting", "mismatches", "is more than the 2xx replies", err);
    return 0;
}

static int read_accounting(const json_t *doc, struct result *r, struct err *err)
{
    struct accounting *a = &r->accounting;
    json_t *losses = NULL;
    if (field_rows(doc, "accounting", accounting_rows, a, err) < 0)
        return -1;
    const json_t *object = json_object_get(doc, "accounting");
    if (field_object(object, "accounting", "failed", &losses, err) < 0 ||
        fields_read(losses, "accounting.failed", loss_rows, a, err) < 0)
        return -1;
    if (read_connect_errors(object, a, err) < 0 || read_added(object, a, err) < 0 ||
        result_read_statuses(doc, "", "statusCodeStats", a->statuses, err) < 0)
        return -1;
    return check_accounting(r, err);
}

static int read_warnings(const json_t *doc, struct result *r, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "warnings", &array, err) < 0)
        return -1;
    r->nwarnings = json_array_size(array);
    r->warnings = mem_array(r->nwarnings, sizeof *r->warnings);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "warnings[%zu]", i);
        if (fields_read(entry, where, warning_rows, &r->warnings[i], err) < 0)
            return -1;
    }
    return 0;
}

/* Refuses a document whose autocannon part was edited: other tools would show other figures. */
static int check_repeated(const json_t *doc, const struct result *r, struct err *err)
{
    struct repeated repeated[RESULT_REPEATED_COUNT];
    result_repeated(r, repeated);
    for (size_t i = 0; i < LEN(repeated); i++) {
        int64_t said = 0;
        if (field_count(doc, "", repeated[i].key, &said, err) < 0)
            return -1;
        if (said != repeated[i].value)
            return field_problem("", repeated[i].key, "contradicts the rest of the document", err);
    }
    return 0;
}

/* No run has more than its options allow. */
static int check_load(const struct result *r, struct err *err)
{
    const struct {
        const char *key;
        int64_t value, most;
    } loads[] = {{"connections", r->connections, PLAN_CONNECTIONS_MAX},
                 {"pipelining", r->pipelining, PLAN_PIPELINING_MAX},
                 {"workers", r->workers, PLAN_WORKERS_MAX}};
    char problem[60];
    for (size_t i = 0; i < LEN(loads); i++) {
        (void)snprintf(problem, sizeof problem, "is more than the %" PRId64 " of any run",
                       loads[i].most);
        if (loads[i].value > loads[i].most)
            return field_problem("", loads[i].key, problem, err);
    }
    return 0;
}

static int read_all(const json_t *doc, struct result *r, struct err *err)
{
    typedef int (*read_fn)(const json_t *, struct result *, struct err *);
    static const read_fn parts[] = {read_accounting,     result_read_hists, result_read_series,
                                    result_read_server,  read_target,       read_tool,
                                    read_config,         read_warnings,     result_read_probe,
                                    result_read_machine, result_read_queue};
    if (field_schema(doc, RESULT_SCHEMA, "result", err) < 0 ||
        fields_read(doc, "", result_head_rows, r, err) < 0 ||
        fields_read(doc, "", result_verdict_rows, r, err) < 0 || check_load(r, err) < 0)
        return -1;
    for (size_t i = 0; i < LEN(parts); i++) {
        if (parts[i](doc, r, err) < 0)
            return -1;
    }
    if (field_rows(doc, "client", client_rows, &r->client, err) < 0 ||
        field_rows(doc, "fairness", fairness_rows, &r->fairness, err) < 0 ||
        field_rows(doc, "environment", environment_rows, &r->environment, err) < 0)
        return -1;
    return check_repeated(doc, r, err);
}

int result_from_json(const json_t *doc, struct result *out, struct err *err)
{
    result_init(out);
    int result = read_all(doc, out, err);
    if (result < 0)
        result_fini(out);
    return result;
}
