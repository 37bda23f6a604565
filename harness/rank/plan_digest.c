#include "rank/plan_digest.h"

#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "store/doc.h"
#include "store/file.h"

static int add_files(struct digest *d, const struct str_list *files, struct err *err)
{
    for (size_t i = 0; i < files->count; i++) {
        struct buf bytes;
        buf_init(&bytes, BUF_TEXT_MAX);
        int failed = store_file_read(files->items[i], &bytes, err);
        if (failed == 0)
            digest_add(d, bytes.data, bytes.len);
        buf_fini(&bytes);
        if (failed < 0)
            return -1;
    }
    return 0;
}

int plan_digest(const char *printed, const struct str_list *files, char text[DIGEST_TEXT],
                struct err *err)
{
    struct buf line;
    json_t *plan = doc_parse(printed, strlen(printed), err);
    if (plan == NULL)
        return err_wrap(err, "the plan of bench run --dry-run");
    (void)json_object_del(plan, "workers");
    (void)json_object_del(json_object_get(plan, "config"), "workers");
    buf_init(&line, BUF_TEXT_MAX);
    doc_dump(plan, DOC_LINE, &line);
    json_decref(plan);
    struct digest *d = digest_new();
    digest_begin(d);
    digest_add(d, line.data, line.len);
    int failed = add_files(d, files, err);
    digest_end(d, text);
    digest_free(d);
    buf_fini(&line);
    return failed;
}
