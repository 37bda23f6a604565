#include "store/accounting_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/connect_errors_json.h"
#include "store/doc.h"
#include "store/fields.h"
#include "store/mismatch_json.h"
#include "store/result_rows.h"

#define PLACE 64 /* bytes of "accounting.loss_reasons[123456]" */

/* --- writing --- */

json_t *statuses_to_json(const int64_t statuses[1000])
{
    json_t *object = json_object();
    for (int status = 0; status < 1000; status++) {
        if (statuses[status] == 0)
            continue;
        char *key = mem_printf("%03d", status);
        doc_put(object, key, json_pack("{s:I}", "count", (json_int_t)statuses[status]));
        free(key);
    }
    return object;
}

static json_t *loss_reasons_array(const struct accounting *a)
{
    json_t *array = json_array();
    for (size_t i = 0; i < a->nloss_reasons; i++) {
        const struct loss_reason *reason = &a->loss_reasons[i];
        json_t *entry = json_object();
        doc_put(entry, "kind", json_string(loss_keys[reason->kind]));
        doc_put(entry, "errno", reason->number > 0 ? json_integer(reason->number) : json_null());
        doc_put(entry, "reason", doc_text(reason->text));
        doc_put(entry, "count", json_integer(reason->count));
        (void)json_array_append_new(array, entry);
    }
    return array;
}

json_t *accounting_to_json(const struct accounting *a)
{
    json_t *object = fields_object(accounting_rows, a);
    doc_put(object, "failed", fields_object(loss_rows, a));
    doc_put(object, "connect_errors", connect_errors_to_json(a));
    doc_put(object, "loss_reasons", loss_reasons_array(a));
    fields_write(object, accounting_added_rows, a);
    fields_write(object, accounting_carried_rows, a);
    fields_write(object, accounting_open_rows, a);
    if (a->judged_non_2xx + a->match_limit + a->body_limit > 0)
        fields_write(object, accounting_judged_rows, a);
    mismatches_write(object, a);
    if (a->completed_after_end != MISSING)
        fields_write(object, accounting_after_rows, a);
    if (a->unbound > 0)
        fields_write(object, accounting_unbound_rows, a);
    return object;
}

/* --- reading --- */

int statuses_from_json(const json_t *object, const char *where, const char *name,
                       int64_t statuses[1000], struct err *err)
{
    json_t *entries = NULL;
    const char *key = NULL;
    json_t *value = NULL;
    if (field_object(object, where, name, &entries, err) < 0)
        return -1;
    json_object_foreach(entries, key, value)
    {
        if (strlen(key) != 3 || strspn(key, "0123456789") != 3)
            return field_problem(where, name, "has a key that is not a status code", err);
        if (field_count(value, name, "count", &statuses[strtol(key, NULL, 10)], err) < 0)
            return -1;
    }
    return 0;
}

/* Older versions of bench had neither TLS nor HTTP/2. */
static int read_losses(const json_t *object, struct accounting *a, struct err *err)
{
    json_t *losses = NULL;
    if (field_object(object, "accounting", "failed", &losses, err) < 0)
        return -1;
    bool is_old = json_object_get(losses, loss_keys[LOSS_TLS]) == NULL;
    for (size_t i = 0; i < (is_old ? LOSS_TLS : LOSS_COUNT); i++) {
        if (field_count(losses, "accounting.failed", loss_keys[i], &a->failed[i], err) < 0)
            return -1;
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
         (json_integer_value(number) < 1 || json_integer_value(number) > DOC_ERRNO_MAX)))
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
    a->due = a->unsent = a->held = a->completed_after_end = MISSING;
    if (json_object_get(object, "completed_after_end") != NULL &&
        fields_read(object, "accounting", accounting_after_rows, a, err) < 0)
        return -1;
    if (json_object_get(object, "due") != NULL &&
        fields_read(object, "accounting", accounting_open_rows, a, err) < 0)
        return -1;
    if (json_object_get(object, "carried") != NULL &&
        fields_read(object, "accounting", accounting_carried_rows, a, err) < 0)
        return -1;
    if (json_object_get(object, "unbound") != NULL &&
        fields_read(object, "accounting", accounting_unbound_rows, a, err) < 0)
        return -1;
    if (json_object_get(object, "judged_non_2xx") != NULL &&
        fields_read(object, "accounting", accounting_judged_rows, a, err) < 0)
        return -1;
    if (mismatches_read(object, a, err) < 0)
        return -1;
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

static int check_mismatches(const struct accounting *a, int64_t good, struct err *err)
{
    if (a->judged_non_2xx > a->non_2xx)
        return field_problem("accounting", "judged_non_2xx", "is not a part of non_2xx", err);
    if (a->mismatches > good + a->judged_non_2xx)
        return field_problem("accounting", "mismatches", "is more than the replies compared", err);
    if (a->match_limit > a->mismatches - a->body_limit)
        return field_problem("accounting", "match_limit", "is not a part of mismatches", err);
    return mismatches_check(a, err);
}

/* All requests must be accounted for, and the counts by status must agree with that. */
static int check_accounting(const struct accounting *a, struct err *err)
{
    int64_t replies = 0;
    int64_t good = 0;
    for (size_t i = 0; i < LEN(a->statuses); i++) {
        replies += a->statuses[i];
        good += i / 100 == 2 ? a->statuses[i] : 0;
    }
    if ((a->due == MISSING) != (a->unsent == MISSING) ||
        (a->due != MISSING && a->due - a->sent - a->unsent != a->unbound))
        return field_problem("accounting", "due", "is not sent + unsent + unbound", err);
    if ((a->due == MISSING) != (a->held == MISSING) || a->held > a->due)
        return field_problem("accounting", "held", "is not a part of due", err);
    if (!accounting_adds_up(a))
        return field_problem("accounting", "sent",
                             "is not completed + timed_out + failed + in_flight_at_end", err);
    if (a->completed_after_end > a->in_flight_at_end) /* MISSING is the least */
        return field_problem("accounting", "completed_after_end",
                             "is not a part of in_flight_at_end", err);
    if (a->carried > a->warmup_discarded)
        return field_problem("accounting", "carried", "is not a part of warmup_discarded", err);
    if (replies != a->completed)
        return field_problem("", "statusCodeStats", "does not add up to accounting.completed", err);
    if (a->non_2xx != a->completed - good)
        return field_problem("accounting", "non_2xx", "is not what statusCodeStats says", err);
    return check_mismatches(a, good, err);
}

int accounting_from_json(const json_t *doc, struct accounting *a, struct err *err)
{
    if (field_rows(doc, "accounting", accounting_rows, a, err) < 0)
        return -1;
    const json_t *object = json_object_get(doc, "accounting");
    if (read_losses(object, a, err) < 0 || connect_errors_from_json(object, a, err) < 0 ||
        read_added(object, a, err) < 0 ||
        statuses_from_json(doc, "", "statusCodeStats", a->statuses, err) < 0)
        return -1;
    return check_accounting(a, err);
}
