#include "store/capacity_file.h"

#include "store/document.h"
#include "store/result_file.h"

static void write_capacity(const void *c, enum doc_layout layout, struct buf *out)
{
    capacity_write(c, layout, out);
}

static struct document document_of(const struct capacity *c)
{
    return (struct document){.kind = "capacity",
                             .write = write_capacity,
                             .what = c,
                             .started_wall_ms = c->started_wall_ms};
}

int capacity_save(const struct capacity *c, const char *out, char **out_path, struct err *err)
{
    const struct document d = document_of(c);
    return document_save(&d, out, out_path, err);
}

int capacity_save_again(const struct capacity *c, const char *path, struct err *err)
{
    const struct document d = document_of(c);
    return document_save_again(&d, path, err);
}

int capacity_load(const char *path, struct capacity *out, struct err *err)
{
    json_t *doc = doc_load(path, RESULT_MAX_BYTES, err);
    if (doc == NULL)
        return -1;
    int result = capacity_from_json(doc, out, err);
    json_decref(doc);
    return result < 0 ? err_wrap(err, "%s", path) : 0;
}
