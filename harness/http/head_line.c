#include "http/head_line.h"

void head_line_init(struct head_line *line, head_line_fn tell, void *ctx)
{
    *line = (struct head_line){.tell = tell, .ctx = ctx};
    buf_init(&line->text, RESPONSE_HEAD_MAX);
}

void head_line_fini(struct head_line *line)
{
    buf_fini(&line->text);
}

void head_line_begin(struct head_line *line)
{
    line->has_value = false;
    buf_clear(&line->text);
}

void head_line_end(struct head_line *line)
{
    const struct buf *text = &line->text;
    if (line->has_value)
        line->tell(line->ctx, text->data, line->name_len, text->data + line->name_len,
                   text->len - line->name_len);
    head_line_begin(line);
}

void head_line_piece(void *head_line, enum response_part part, const char *bytes, size_t len)
{
    struct head_line *line = head_line;
    if (part == RESPONSE_NAME && line->has_value)
        head_line_end(line);
    if (part == RESPONSE_VALUE && !line->has_value) {
        line->has_value = true;
        line->name_len = line->text.len;
    }
    buf_add(&line->text, bytes, len);
}
