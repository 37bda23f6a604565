#include "store/document.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/file.h"
#include "store/result_file.h"

/* Named like the file of a result that started at the same time, with another label. */
char *document_path_default(const char *folder, const struct document *d)
{
    const struct result named = {.started_wall_ms = d->started_wall_ms};
    return result_path_default(folder, &named, d->kind);
}

void document_text(const struct document *d, struct buf *out)
{
    if (!doc_write(d->write, d->what, RESULT_MAX_BYTES, out))
        log_warn("the %s is saved, but bench cannot read it again: it is larger than %zu MiB",
                 d->kind, RESULT_MAX_BYTES >> 20);
}

static int save_new(const char *folder, const struct document *d, const struct buf *text,
                    char **out_path, struct err *err)
{
    if (store_folder_make(folder, err) < 0)
        return -1;
    char *path = document_path_default(folder, d);
    int result = store_file_write_new(path, text->data, text->len, out_path, err);
    free(path);
    return result;
}

int document_save(const struct document *d, const char *out, char **out_path, struct err *err)
{
    struct buf text;
    int result = 0;
    const char *to = out == NULL ? RESULT_FOLDER : out;
    document_text(d, &text);
    *out_path = NULL;
    if (store_is_folder(to))
        result = save_new(to, d, &text, out_path, err);
    else
        result = store_file_write(to, text.data, text.len, err);
    if (result == 0 && *out_path == NULL)
        *out_path = mem_strdup(to);
    buf_fini(&text);
    return result;
}

int document_save_again(const struct document *d, const char *path, struct err *err)
{
    struct buf text;
    document_text(d, &text);
    int result = store_file_write(path, text.data, text.len, err);
    buf_fini(&text);
    return result;
}
