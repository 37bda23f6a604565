#include "cli/preview.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/secret.h"
#include "http/request.h"
#include "http/url.h"
#include "runner/record.h"

int preview_request(const struct plan *plan, struct buf *request, struct err *err)
{
    struct url url;
    char *text = NULL;
    if (plan->url == NULL)
        text = mem_printf("http://127.0.0.1%s", plan->path != NULL   ? plan->path
                                                : plan_is_ours(plan) ? "/heavy"
                                                                     : "/");
    int failed = url_parse(text != NULL ? text : plan->url, &url, err);
    free(text);
    if (failed < 0)
        return -1;
    failed = request_build(&(struct request_spec){.method = plan->method,
                                                  .url = &url,
                                                  .headers = &plan->headers,
                                                  .raw_headers = plan->raw_headers,
                                                  .body = plan->body,
                                                  .body_len = plan->body_len},
                           request, err);
    url_fini(&url);
    return failed;
}

void preview_record(const struct run_options *options, const struct opt_line *line,
                    struct result *recorded)
{
    record_run(options, line, recorded);
    recorded->url = options->plan.url == NULL ? NULL : secret_free_url(options->plan.url);
}
