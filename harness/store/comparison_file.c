#include "store/comparison_file.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/comparison_json.h"
#include "store/file.h"
#include "store/result_file.h"

/* Named like the file of a result that started at the same time, with another label. */
char *comparison_path_default(const char *folder, const struct comparison *c)
{
    const struct result named = {.started_wall_ms = c->started_wall_ms};
    return result_path_default(folder, &named, "comparison");
}

static int save_new(const char *folder, const struct comparison *c, const struct buf *text,
                    char **out_path, struct err *err)
{
    if (store_folder_make(folder, err) < 0)
        return -1;
    char *path = comparison_path_default(folder, c);
    int result = store_file_write_new(path, text->data, text->len, out_path, err);
    free(path);
    return result;
}

static void write_comparison(const void *c, enum doc_layout layout, struct buf *out)
{
    comparison_write(c, layout, out);
}

int comparison_save(const struct comparison *c, const char *out, char **out_path, struct err *err)
{
    struct buf text;
    int result = 0;
    const char *to = out == NULL ? RESULT_FOLDER : out;
    if (!doc_write(write_comparison, c, RESULT_MAX_BYTES, &text))
        log_warn("the comparison is saved, but bench cannot read it again: it is larger than "
                 "%zu MiB",
                 RESULT_MAX_BYTES >> 20);
    *out_path = NULL;
    if (store_is_folder(to))
        result = save_new(to, c, &text, out_path, err);
    else
        result = store_file_write(to, text.data, text.len, err);
    if (result == 0 && *out_path == NULL)
        *out_path = mem_strdup(to);
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
