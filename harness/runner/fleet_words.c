#include "runner/fleet_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "proc/tail.h"

/* What stands between lines of dashes is Open MPI's general advice, about six things that may be
 * wrong; what is wrong stands outside: the words of ssh, or of a program. Without any, all of it.
 * The caller frees it. */
static char *without_advice(const char *text)
{
    struct buf kept;
    bool is_inside = false;
    buf_init(&kept, BUF_TEXT_MAX);
    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        bool is_rule = len > 20 && strspn(line, "-") == len;
        is_inside = is_rule ? !is_inside : is_inside;
        if (!is_rule && !is_inside && len > 0)
            buf_printf(&kept, "%s%.*s", kept.len > 0 ? "\n" : "", (int)len, line);
        line += len + (line[len] == '\n');
    }
    char *words = kept.len > 0 ? buf_take(&kept) : mem_strdup(text);
    buf_fini(&kept);
    return words;
}

void fleet_words_add(struct child *mpirun, struct err *err)
{
    char *tail = without_advice(child_stderr_tail(mpirun));
    char *what = mem_printf("%s%s", err->text,
                            tail[0] == '\0' ? "; it printed nothing" : "; its last lines:\n");
    size_t used = strlen(what);
    size_t room = used < sizeof err->text ? sizeof err->text - 1 - used : 0;
    (void)err_set(err, err->kind, "%s%s", what, tail_last_lines(tail, room));
    free(what);
    free(tail);
}
