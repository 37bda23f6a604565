#include "store/capacity_file.h"

#include "store/doc_file.h"
#include "store/file.h"
#include "store/result_file.h"

static void write_capacity(const void *c, enum doc_layout layout, struct buf *out)
{
    capacity_write(c, layout, out);
}

/* The largest one, of 64 arms with 200 trials each, is far below the limit. */
static void make_text(const struct capacity *c, struct buf *text)
{
    (void)doc_write(write_capacity, c, RESULT_MAX_BYTES, text);
}

int capacity_save(const struct capacity *c, const char *out, char **out_path, struct err *err)
{
    struct buf text;
    make_text(c, &text);
    int result = doc_save(&text, "capacity", c->started_wall_ms, out, out_path, err);
    buf_fini(&text);
    return result;
}

int capacity_save_again(const struct capacity *c, const char *path, struct err *err)
{
    struct buf text;
    make_text(c, &text);
    int result = store_file_write(path, text.data, text.len, err);
    buf_fini(&text);
    return result;
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
