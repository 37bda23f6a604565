#include "store/doc_file.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/file.h"
#include "store/result_file.h"

static int save_new(const char *folder, const struct buf *text, const char *label,
                    int64_t started_wall_ms, char **out_path, struct err *err)
{
    const struct result named = {.started_wall_ms = started_wall_ms};
    if (store_folder_make(folder, err) < 0)
        return -1;
    char *path = result_path_default(folder, &named, label);
    int result = store_file_write_new(path, text->data, text->len, out_path, err);
    free(path);
    return result;
}

int doc_save(const struct buf *text, const char *label, int64_t started_wall_ms, const char *out,
             char **out_path, struct err *err)
{
    const char *to = out == NULL ? RESULT_FOLDER : out;
    int result = 0;
    *out_path = NULL;
    if (store_is_folder(to))
        result = save_new(to, text, label, started_wall_ms, out_path, err);
    else
        result = store_file_write(to, text->data, text->len, err);
    if (result == 0 && *out_path == NULL)
        *out_path = mem_strdup(to);
    return result;
}
