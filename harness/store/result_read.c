#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/plan.h"
#include "store/accounting_json.h"
#include "store/doc.h"
#include "store/fields.h"
#include "store/named_json.h"
#include "store/result_check.h"
#include "store/result_json.h"
#include "store/result_measures.h"
#include "store/result_protocol.h"
#include "store/result_rows.h"
#include "store/settings_json.h"
#include "store/share_json.h"
#include "store/warmup_json.h"

#define PLACE 64 /* bytes of "warnings[123456]" */

static int read_tool(const json_t *doc, struct result *r, struct err *err)
{
    if (field_rows(doc, "tool", tool_rows, r, err) < 0)
        return -1;
    return field_tool_argv(doc, &r->argv, &r->nargv, err);
}

static int read_config(const json_t *doc, struct result *r, struct err *err)
{
    return settings_from_json(doc, "", &r->config, &r->nconfig, err);
}

static int read_accounting(const json_t *doc, struct result *r, struct err *err)
{
    return accounting_from_json(doc, &r->accounting, err);
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

/* No run has more than its options allow. The shares of a plan divide its connections, and each has
 * threads of its own. */
static int check_load(const struct result *r, struct err *err)
{
    int64_t shares = r->merged == NULL ? 1 : (int64_t)r->merged->nparts;
    const struct {
        const char *key;
        int64_t value, most;
    } loads[] = {{"connections", r->connections, PLAN_CONNECTIONS_MAX},
                 {"pipelining", r->pipelining, PLAN_PIPELINING_MAX},
                 {"workers", r->workers, PLAN_WORKERS_MAX * shares}};
    char problem[80];
    for (size_t i = 0; i < LEN(loads); i++) {
        (void)snprintf(problem, sizeof problem, "is more than the %" PRId64 " of any run%s",
                       loads[i].most, shares > 1 ? " with as many shares" : "");
        if (loads[i].value > loads[i].most)
            return field_problem("", loads[i].key, problem, err);
    }
    return 0;
}

/* Older versions of bench had no open loop. */
static int read_offered(const json_t *doc, struct result *r, struct err *err)
{
    const json_t *object = json_object_get(doc, "offered");
    const json_t *client = json_object_get(doc, "client");
    if (json_is_object(object) &&
        fields_read(object, "offered", offered_rows, &r->offered, err) < 0)
        return -1;
    if (json_object_get(client, "spin_s") != NULL &&
        fields_read(client, "client", client_open_rows, &r->client, err) < 0)
        return -1;
    if (object != NULL && !json_is_null(object) && !json_is_object(object))
        return field_problem("", "offered", "is neither an object nor null", err);
    const struct offered_load *o = &r->offered;
    if (o->arrivals != NULL && strcmp(o->arrivals, "constant") != 0 &&
        strcmp(o->arrivals, "poisson") != 0)
        return field_problem("offered", "arrivals", "is neither constant nor poisson", err);
    if (o->arrivals != NULL && !(o->rate_rps >= 0 && o->rate_rps <= PLAN_RATE_MAX_RPS))
        return field_problem("offered", "rate", "is not a rate of any run", err);
    if ((r->offered.arrivals != NULL) != (r->accounting.due != MISSING))
        return field_problem("", "offered", "and accounting.due do not say the same loop", err);
    return 0;
}

static int read_all(const json_t *doc, struct result *r, struct err *err)
{
    typedef int (*read_fn)(const json_t *, struct result *, struct err *);
    static const read_fn parts[] = {
        read_accounting,     result_read_hists,    result_read_series,
        result_read_server,  read_target,          read_tool,
        read_config,         result_read_warnings, result_read_probe,
        result_read_machine, result_read_queue,    read_offered,
        result_read_client,  result_read_protocol, named_requests_from_json,
        warmup_from_json,    shares_from_json};
    if (field_schema(doc, RESULT_SCHEMA, "result", err) < 0 ||
        fields_read(doc, "", result_head_rows, r, err) < 0 ||
        fields_read(doc, "", result_verdict_rows, r, err) < 0 ||
        (json_object_get(doc, "bailout") != NULL &&
         fields_read(doc, "", result_bailout_rows, r, err) < 0) ||
        (json_object_get(doc, "rounds") != NULL &&
         fields_read(doc, "", result_rounds_rows, r, err) < 0))
        return -1;
    for (size_t i = 0; i < LEN(parts); i++) {
        if (parts[i](doc, r, err) < 0)
            return -1;
    }
    if (field_rows(doc, "fairness", fairness_rows, &r->fairness, err) < 0 ||
        field_rows(doc, "environment", environment_rows, &r->environment, err) < 0)
        return -1;
    if (check_load(r, err) < 0 || check_repeated(doc, r, err) < 0)
        return -1;
    return result_check(doc, r, err);
}

int result_from_json(const json_t *doc, struct result *out, struct err *err)
{
    result_init(out);
    int result = read_all(doc, out, err);
    if (result < 0)
        result_fini(out);
    return result;
}
