#include "support/comparison_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/comparison_file.h"

char *comparison_text(const struct comparison *c)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    comparison_write(c, DOC_INDENTED, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}
