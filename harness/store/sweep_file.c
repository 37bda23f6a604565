#include "store/sweep_file.h"

#include "store/result_file.h"
#include "store/sweep_json.h"

void sweep_write(const struct sweep *s, enum doc_layout layout, struct buf *out)
{
    json_t *doc = sweep_to_json(s);
    doc_dump(doc, layout, out);
    json_decref(doc);
}

static void write_sweep(const void *s, enum doc_layout layout, struct buf *out)
{
    sweep_write(s, layout, out);
}

struct document sweep_document(const struct sweep *s)
{
    return (struct document){.kind = "sweep",
                             .write = write_sweep,
                             .what = s,
                             .started_wall_ms = s->comparison.started_wall_ms};
}

int sweep_load(const char *path, struct sweep *out, struct err *err)
{
    json_t *doc = doc_load(path, RESULT_MAX_BYTES, err);
    if (doc == NULL)
        return -1;
    int result = sweep_from_json(doc, out, err);
    json_decref(doc);
    return result < 0 ? err_wrap(err, "%s", path) : 0;
}
