#include "store/session_file.h"

#include "base/log.h"
#include "store/doc_file.h"
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

int session_save(const struct session *s, const char *out, char **out_path, struct err *err)
{
    struct buf text;
    make_text(s, &text);
    int result = doc_save(&text, "session", s->started_wall_ms, out, out_path, err);
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
