#include "support/document_text.h"

#include "store/comparison_file.h"
#include "store/result_json.h"
#include "store/session_file.h"

static char *taken(struct buf *out)
{
    char *text = buf_take(out);
    buf_fini(out);
    return text;
}

char *result_text(const struct result *r)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    result_write(r, DOC_INDENTED, &out);
    return taken(&out);
}

char *comparison_text(const struct comparison *c)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    comparison_write(c, DOC_INDENTED, &out);
    return taken(&out);
}

char *session_text(const struct session *s)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    session_write(s, DOC_INDENTED, &out);
    return taken(&out);
}
