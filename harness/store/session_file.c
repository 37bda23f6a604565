#include "store/session_file.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/file.h"
#include "store/result_file.h"
#include "store/session_json.h"

static void write_session(const void *s, enum doc_layout layout, struct buf *out)
{
    session_write(s, layout, out);
}

static void make_text(const struct session *s, struct buf *text)
{
    if (!doc_write(write_session, s, RESULT_MAX_BYTES, text))
        log_warn("the session is saved, but bench cannot read it again: it is larger than %zu MiB",
                 RESULT_MAX_BYTES >> 20);
}

/* Named like the file of a result that started at the same time, with another label. */
static int save_new(const char *folder, const struct session *s, const struct buf *text,
                    char **out_path, struct err *err)
{
    const struct result named = {.started_wall_ms = s->started_wall_ms};
    if (store_folder_make(folder, err) < 0)
        return -1;
    char *path = result_path_default(folder, &named, "session");
    int result = store_file_write_new(path, text->data, text->len, out_path, err);
    free(path);
    return result;
}

int session_save(const struct session *s, const char *out, char **out_path, struct err *err)
{
    struct buf text;
    int result = 0;
    const char *to = out == NULL ? RESULT_FOLDER : out;
    make_text(s, &text);
    *out_path = NULL;
    if (store_is_folder(to))
        result = save_new(to, s, &text, out_path, err);
    else
        result = store_file_write(to, text.data, text.len, err);
    if (result == 0 && *out_path == NULL)
        *out_path = mem_strdup(to);
    buf_fini(&text);
    return result;
}

int session_save_again(const struct session *s, const char *path, struct err *err)
{
    struct buf text;
    make_text(s, &text);
    int result = store_file_write(path, text.data, text.len, err);
    buf_fini(&text);
    return result;
}

int session_as_stored(const struct session *s, struct session *out, struct err *err)
{
    struct buf text;
    make_text(s, &text);
    int result = session_read(text.data, text.len, out, err);
    buf_fini(&text);
    return result;
}

int session_load(const char *path, struct session *out, struct err *err)
{
    json_t *doc = doc_load(path, RESULT_MAX_BYTES, err);
    if (doc == NULL)
        return -1;
    int result = session_from_json(doc, out, err);
    json_decref(doc);
    return result < 0 ? err_wrap(err, "%s", path) : 0;
}
