#include "store/capacity_file.h"

#include "store/result_file.h"

static void write_capacity(const void *c, enum doc_layout layout, struct buf *out)
{
    capacity_write(c, layout, out);
}

struct document capacity_document(const struct capacity *c)
{
    return (struct document){.kind = "capacity",
                             .write = write_capacity,
                             .what = c,
                             .started_wall_ms = c->started_wall_ms};
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
