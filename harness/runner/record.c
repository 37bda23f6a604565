#include "runner/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "proc/host.h"
#include "runner/body.h"

#define WORD_MOST 4096 /* bytes */

/* Removes secrets, and cuts long words: a body on the command line may have 128 kB. */
char *record_word(const char *word)
{
    char *text = secret_free(word);
    size_t len = strlen(text);
    if (len <= WORD_MOST)
        return text;
    char *cut = mem_printf("%.*s... (%zu bytes)", (int)str_fit(text, WORD_MOST), text, len);
    free(text);
    return cut;
}

static char *join_list(const struct str_list *list)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < list->count; i++) {
        char *item = record_word(list->items[i]);
        buf_printf(&text, "%s%s", i > 0 ? "; " : "", item);
        free(item);
    }
    char *joined = buf_take(&text);
    buf_fini(&text);
    return joined;
}

static char *name_of(const struct opt *row)
{
    char *name = mem_strdup(row->name);
    for (char *p = name; *p != '\0'; p++) {
        if (*p == '-')
            *p = '_';
    }
    return name;
}

struct setting record_setting(const struct opt *row, const void *into, const char *given)
{
    struct opt_value value = opt_value_of(row, into);
    struct setting s = {.name = name_of(row), .number = value.number};
    const struct str_list *list = (const void *)((const char *)into + row->at);
    switch (value.kind) {
    case OPT_VALUE_FLAG:
        s.kind = SETTING_FLAG;
        break;
    case OPT_VALUE_NUMBER:
        s.kind = SETTING_NUMBER;
        break;
    case OPT_VALUE_TEXT:
        s.text = record_word(value.text);
        break;
    case OPT_VALUE_NULL:
        if (row->type == OPT_LIST && list->count > 0)
            s.text = join_list(list);
        else if (row->type == OPT_CUSTOM)
            s.text = mem_strdup_or_null(given != NULL ? given : row->def);
        break;
    }
    if (s.text != NULL)
        s.kind = SETTING_TEXT;
    return s;
}

static void record_text(struct result *r, char *name, char *text)
{
    result_add_setting(r, &(struct setting){.name = name,
                                            .kind = text == NULL ? SETTING_NULL : SETTING_TEXT,
                                            .text = text});
    free(text);
}

/* The body of -b or of -i; the file name of -i is a setting of its own. */
static void record_body(const struct plan *plan, struct result *r)
{
    char names[][16] = {"body", "body_bytes", "body_sha256"};
    char *start = NULL;
    if (plan->body != NULL) {
        char *escaped = body_start(plan->body, plan->body_len);
        start = secret_free(escaped);
        free(escaped);
    }
    record_text(r, names[0], start);
    result_add_setting(r,
                       &(struct setting){.name = names[1],
                                         .kind = plan->body == NULL ? SETTING_NULL : SETTING_NUMBER,
                                         .number = (double)plan->body_len});
    record_text(r, names[2], plan->body == NULL ? NULL : body_sha256(plan->body, plan->body_len));
}

/* Of --requests or --har, of which the name alone says little. */
static void record_requests(const struct plan *plan, struct result *r)
{
    char name[] = "requests_sha256";
    if (plan->requests_text != NULL)
        record_text(r, name, body_sha256(plan->requests_text, plan->requests_len));
}

static void record_offered(const struct plan *plan, struct offered_load *o)
{
    if (!plan_is_open_loop(plan))
        return;
    o->rate_rps = plan_own_rate_rps(plan);
    o->stages = mem_strdup_or_null(plan->stages.text);
    o->arrivals = mem_strdup(plan->arrivals);
    o->max_connections = plan_own_most_connections(plan);
    o->from_sending = plan->service_latency;
}

/* When the window opened is known later. */
static void record_share(const struct plan *plan, struct result *r)
{
    if (!plan_is_share(plan))
        return;
    r->share = mem_zalloc(sizeof *r->share);
    *r->share = (struct share){.index = plan->share.index,
                               .count = plan->share.count,
                               .host = mem_strdup_or_null(r->environment.hostname),
                               .start_skew_us = NAN,
                               .clock_error_us = NAN};
}

static void record_config(const struct opt_line *line, const struct plan *plan, struct result *r)
{
    for (size_t i = 0; i < line->nown; i++) {
        const struct opt_group *group = &line->groups[i];
        if (group->rows == target_opts && !plan_is_ours(plan))
            continue; /* they only apply to a bundled target */
        for (const struct opt *row = group->rows; row->type != OPT_END; row++) {
            if (row->type == OPT_ABSENT)
                continue;
            if (strcmp(row->name, "body") == 0) {
                record_body(plan, r);
                continue;
            }
            struct setting s =
                record_setting(row, group->into, opt_given_text(&line->given, row->name));
            result_add_setting(r, &s);
            free(s.name);
            free(s.text);
        }
    }
    record_requests(plan, r);
}

/* A URL, of which the user's name and password are left out. */
static bool is_word(const struct opt_line *line, const char *word)
{
    for (size_t i = 0; i < line->given.nwords; i++) {
        if (strcmp(word, line->given.words[i]) == 0)
            return true;
    }
    return false;
}

void record_run(const struct run_options *options, const struct opt_line *line, struct result *r)
{
    const struct plan *plan = &options->plan;
    r->title = mem_strdup_or_null(plan->title);
    r->tool_version = mem_strdup(BENCH_VERSION);
    r->engine = mem_strdup("libuv");
    r->argv = mem_array((size_t)line->argc, sizeof *r->argv);
    r->nargv = (size_t)line->argc;
    for (size_t i = 0; i < r->nargv; i++) {
        r->argv[i] = is_word(line, line->argv[i]) ? secret_free_url(line->argv[i])
                                                  : record_word(line->argv[i]);
    }
    r->connections = plan_own_connections(plan);
    r->pipelining = plan->pipelining;
    r->workers = plan->workers;
    record_offered(plan, &r->offered);
    host_fill(&r->environment);
    record_share(plan, r);
    record_config(line, plan, r);
    if (plan_is_ours(plan)) {
        r->work_kind = mem_strdup(work_kind_names[options->target.work.kind]);
        r->work_n = options->target.work.n;
    }
}
