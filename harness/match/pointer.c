#include "match/pointer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "match/json.h"

/* Nothing, for a name that is no index: "01" is none, and "-" is the one behind the last. */
static size_t index_of(const char *text, size_t len)
{
    size_t index = 0;
    if (len == 0 || len > 9 || (text[0] == '0' && len > 1))
        return SIZE_MAX;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return SIZE_MAX;
        index = index * 10 + (size_t)(text[i] - '0');
    }
    return index;
}

/* [from, to) with "~1" for '/' and "~0" for '~'. Returns the place of a '~' that is neither. */
static const char *take_name(struct pointer *p, const char *from, const char *to)
{
    struct pointer_name name = {.text = mem_zalloc((size_t)(to - from) + 1)};
    const char *wrong = NULL;
    for (const char *at = from; at < to; at++) {
        char c = *at;
        if (c == '~' && at + 1 < to && (at[1] == '0' || at[1] == '1'))
            c = *++at == '0' ? '~' : '/';
        else if (c == '~' && wrong == NULL)
            wrong = at;
        name.text[name.len++] = c;
    }
    name.index = index_of(name.text, name.len);
    p->names = mem_one_more(p->names, p->count, sizeof *p->names);
    p->names[p->count++] = name;
    return wrong;
}

static int refuse(struct pointer *p, const char *text, const char *at, const char *wanted,
                  struct err *err)
{
    pointer_fini(p);
    return err_set(err, ERR_USAGE,
                   "'%s' is not a JSON pointer: %s is expected at character %d; try /items/0/id",
                   text, wanted, (int)(at - text) + 1);
}

int pointer_parse(struct pointer *p, const char *text, struct err *err)
{
    const char *at = text;
    *p = (struct pointer){0};
    if (*at != '\0' && *at != '/')
        return refuse(p, text, at, "a slash", err);
    while (*at == '/') {
        const char *to = strchrnul(at + 1, '/');
        const char *wrong = take_name(p, at + 1, to);
        if (wrong != NULL)
            return refuse(p, text, wrong + 1, "0 (for a tilde) or 1 (for a slash)", err);
        at = to;
    }
    return 0;
}

void pointer_fini(struct pointer *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->names[i].text);
    free(p->names);
    *p = (struct pointer){0};
}

/* To the value of this name in the object or array that begins here; NULL if there is none. */
static const char *enter(const char *p, const char *end, const struct pointer_name *name)
{
    if (p < end && *p == '{')
        return json_member(p, end, name->text, name->len);
    if (p < end && *p == '[' && name->index != SIZE_MAX)
        return json_item(p, end, name->index);
    return NULL;
}

bool pointer_find(const struct pointer *p, const char *json, size_t len, struct buf *value)
{
    const char *end = json + len;
    const char *at = json_start(json, end);
    for (size_t i = 0; i < p->count && at != NULL; i++)
        at = enter(at, end, &p->names[i]);
    return at != NULL && json_take(at, end, value);
}
