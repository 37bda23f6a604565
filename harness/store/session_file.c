#include "store/session_file.h"

#include "store/result_file.h"
#include "store/session_json.h"

static void write_session(const void *s, enum doc_layout layout, struct buf *out)
{
    session_write(s, layout, out);
}

struct document session_document(const struct session *s)
{
    return (struct document){.kind = "session",
                             .write = write_session,
                             .what = s,
                             .started_wall_ms = s->started_wall_ms};
}

int session_as_stored(const struct session *s, struct session *out, struct err *err)
{
    const struct document d = session_document(s);
    struct buf text;
    document_text(&d, &text);
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
