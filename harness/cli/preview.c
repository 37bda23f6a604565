#include "cli/preview.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "http/request.h"
#include "http/url.h"
#include "runner/body.h"
#include "runner/record.h"

int preview_request(const struct plan *plan, struct buf *request, struct err *err)
{
    struct url url;
    char *text = NULL;
    if (plan->url == NULL)
        text = mem_printf("http://127.0.0.1%s", plan_path(plan));
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

char *preview_text(const struct plan *plan, const struct buf *request)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    size_t left = request->len - plan->body_len;
    for (const char *line = request->data; left > 0;) {
        const char *end = memchr(line, '\n', left);
        size_t len = end == NULL ? left : (size_t)(end - line) + 1;
        size_t words = len;
        while (words > 0 && strchr("\r\n", line[words - 1]) != NULL)
            words--;
        char *raw = mem_strndup(line, words);
        char *safe = secret_free(raw);
        buf_puts(&out, safe);
        buf_add(&out, line + words, len - words);
        free(safe);
        free(raw);
        line += len;
        left -= len;
    }
    char *start = body_start(plan->body == NULL ? "" : plan->body, plan->body_len);
    char *safe = secret_free(start);
    buf_puts(&out, safe);
    free(safe);
    free(start);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

void preview_record(const struct run_options *options, const struct opt_line *line,
                    struct result *recorded)
{
    record_run(options, line, recorded);
    recorded->url = options->plan.url == NULL ? NULL : secret_free_url(options->plan.url);
}
