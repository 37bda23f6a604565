#include "cli/record.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "proc/host.h"

static const char *const secret_headers[] = {"authorization", "proxy-authorization", "cookie"};

/* "Authorization: Basic x" becomes "Authorization: (hidden)". */
static char *hide_header(const char *word)
{
    const char *start = str_starts(word, "-H") ? word + 2 : word;
    start = str_starts(start, "--header=") ? start + strlen("--header=") : start;
    size_t name = strcspn(start, ":=");
    for (size_t i = 0; i < LEN(secret_headers); i++) {
        if (start[name] != '\0' && name == strlen(secret_headers[i]) &&
            strncasecmp(start, secret_headers[i], name) == 0)
            return mem_printf("%.*s: (hidden)", (int)(start - word + (ptrdiff_t)name), word);
    }
    return mem_strdup(word);
}

/* "http://user:password@host/" becomes "http://host/". */
static char *hide_secrets(const char *word)
{
    const char *authority = strstr(word, "://");
    if (authority == NULL)
        return hide_header(word);
    authority += 3;
    size_t len = strcspn(authority, "/?#");
    const char *at = memrchr(authority, '@', len);
    if (at == NULL)
        return hide_header(word);
    return mem_printf("%.*s%s", (int)(authority - word), word, at + 1);
}

static char *join_list(const struct str_list *list)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < list->count; i++) {
        char *item = hide_header(list->items[i]);
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
        s.text = hide_secrets(value.text);
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

static void record_config(const struct cmd_line *line, const char *strategy, struct result *r)
{
    for (size_t i = 0; i < line->nown; i++) {
        const struct opt_group *group = &line->groups[i];
        if (group->rows == target_opts && strategy == NULL)
            continue; /* they were for a bundled target, and there was none */
        for (const struct opt *row = group->rows; row->type != OPT_END; row++) {
            struct setting s =
                record_setting(row, group->into, opt_given_text(&line->given, row->name));
            result_add_setting(r, &s);
            free(s.name);
            free(s.text);
        }
    }
}

void record_run(const struct run_options *options, const struct cmd_line *line, struct result *r)
{
    const struct plan *plan = &options->plan;
    r->title = mem_strdup_or_null(plan->title);
    r->tool_version = mem_strdup(BENCH_VERSION);
    r->engine = mem_strdup("libuv");
    r->argv = mem_array((size_t)line->argc, sizeof *r->argv);
    r->nargv = (size_t)line->argc;
    for (size_t i = 0; i < r->nargv; i++)
        r->argv[i] = hide_secrets(line->argv[i]);
    r->connections = plan->connections;
    r->pipelining = plan->pipelining;
    r->workers = plan->workers;
    host_fill(&r->environment);
    record_config(line, plan->strategy, r);
    if (plan->strategy != NULL) {
        r->work_kind = mem_strdup(work_kind_names[options->target.work.kind]);
        r->work_n = options->target.work.n;
    }
}
