#include "cli/preview_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "http2/request.h"
#include "load/source/values.h"
#include "runner/lists.h"

/* As it is sent first; as it is written where a reply has to come before it. */
static void render(const struct source_entry *entry, struct values *values,
                   const struct value *variables, struct buf *out)
{
    const struct template *t = &entry->template;
    buf_clear(out);
    values_make(values, t->used, 0);
    if (t->npieces > 0 && template_write(t, values->items, variables, out)) {
        values_sent(values);
        return;
    }
    buf_clear(out);
    buf_add(out, t->text, t->len);
}

static int check_http2(const struct plan *plan, const struct source_entry *entry,
                       const struct buf *request, struct err *err)
{
    struct h2_request made;
    if (!plan->http2)
        return 0;
    if (h2_request_init(&made, request->data, request->len, plan_scheme(plan), err) < 0)
        return err_wrap(err, "%s:%d: --http2", plan->requests.file, entry->told->line);
    h2_request_fini(&made);
    return 0;
}

int preview_list(const struct plan *plan, const struct url *url, preview_text_fn *text,
                 struct str_list *texts, struct err *err)
{
    struct lists lists = {0};
    struct values values;
    struct buf request;
    int failed = lists_make(&lists, plan, &(struct lists_to){.url = url}, 1, err);
    if (failed < 0) {
        lists_fini(&lists);
        return -1;
    }
    struct value *variables = mem_array(lists.variables.count + 1, sizeof *variables);
    buf_init(&request, BUF_TEXT_MAX);
    values_init(&values,
                &(struct values_spec){.feed = lists.feed, .seed = (uint64_t)plan->seed, .step = 1});
    for (uint32_t i = 0; i < lists.items[0]->count && failed == 0; i++) {
        const struct source_entry *entry = &lists.items[0]->entries[i];
        render(entry, &values, variables, &request);
        failed = check_http2(plan, entry, &request, err);
        if (text != NULL && i < PREVIEW_LIST_MAX) {
            char *line = text(plan, &request);
            str_list_add(texts, line);
            free(line);
        }
    }
    values_fini(&values);
    buf_fini(&request);
    free(variables);
    lists_fini(&lists);
    return failed;
}
