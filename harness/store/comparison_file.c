#include "store/comparison_file.h"

#include "base/log.h"
#include "store/comparison_json.h"
#include "store/doc_file.h"
#include "store/result_file.h"

/* Named like the file of a result that started at the same time, with another label. */
char *comparison_path_default(const char *folder, const struct comparison *c)
{
    const struct result named = {.started_wall_ms = c->started_wall_ms};
    return result_path_default(folder, &named, "comparison");
}

static void write_comparison(const void *c, enum doc_layout layout, struct buf *out)
{
    comparison_write(c, layout, out);
}

int comparison_save(const struct comparison *c, const char *out, char **out_path, struct err *err)
{
    struct buf text;
    if (!doc_write(write_comparison, c, RESULT_MAX_BYTES, &text))
        log_warn("the comparison is saved, but bench cannot read it again: it is larger than "
                 "%zu MiB",
                 RESULT_MAX_BYTES >> 20);
    int result = doc_save(&text, "comparison", c->started_wall_ms, out, out_path, err);
    buf_fini(&text);
    return result;
}

int comparison_load(const char *path, struct comparison *out, struct err *err)
{
    json_t *doc = doc_load(path, RESULT_MAX_BYTES, err);
    if (doc == NULL)
        return -1;
    int result = comparison_from_json(doc, out, err);
    json_decref(doc);
    return result < 0 ? err_wrap(err, "%s", path) : 0;
}
