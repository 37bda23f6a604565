#include "store/comparison_file.h"

#include "store/comparison_json.h"
#include "store/document.h"
#include "store/result_file.h"

static void write_comparison(const void *c, enum doc_layout layout, struct buf *out)
{
    comparison_write(c, layout, out);
}

static struct document document_of(const struct comparison *c)
{
    return (struct document){.kind = "comparison",
                             .write = write_comparison,
                             .what = c,
                             .started_wall_ms = c->started_wall_ms};
}

char *comparison_path_default(const char *folder, const struct comparison *c)
{
    const struct document d = document_of(c);
    return document_path_default(folder, &d);
}

int comparison_save(const struct comparison *c, const char *out, char **out_path, struct err *err)
{
    const struct document d = document_of(c);
    return document_save(&d, out, out_path, err);
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
