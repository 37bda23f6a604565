#include "store/inputs.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"

static int compare(const void *a, const void *b)
{
    const struct input *x = a;
    const struct input *y = b;
    if (x->dev != y->dev)
        return x->dev < y->dev ? -1 : 1;
    return x->ino == y->ino ? 0 : x->ino < y->ino ? -1 : 1;
}

static int find(const char *path, struct input *out)
{
    struct stat there;
    if (path == NULL || stat(path, &there) < 0 || !S_ISREG(there.st_mode))
        return -1;
    *out = (struct input){.dev = there.st_dev, .ino = there.st_ino, .path = path};
    return 0;
}

static void append(struct inputs *inputs, const char *path)
{
    struct input input;
    if (find(path, &input) < 0)
        return;
    inputs->items = mem_one_more(inputs->items, inputs->count, sizeof *inputs->items);
    inputs->items[inputs->count++] = input;
}

static void sort(struct inputs *inputs)
{
    if (inputs->count > 0)
        qsort(inputs->items, inputs->count, sizeof *inputs->items, compare);
}

void inputs_add(struct inputs *inputs, const char *path)
{
    append(inputs, path);
    sort(inputs);
}

void inputs_of(struct inputs *inputs, char *const *paths, size_t count)
{
    *inputs = (struct inputs){0};
    for (size_t i = 0; i < count; i++)
        append(inputs, paths[i]);
    sort(inputs);
}

void inputs_fini(struct inputs *inputs)
{
    free(inputs->items);
    *inputs = (struct inputs){0};
}

int inputs_check(const struct inputs *inputs, const char *path, struct err *err)
{
    struct input wanted;
    const struct input *found = NULL;
    if (inputs != NULL && inputs->count > 0 && find(path, &wanted) == 0)
        found = bsearch(&wanted, inputs->items, inputs->count, sizeof wanted, compare);
    if (found == NULL)
        return 0;
    return err_set(err, ERR_USAGE,
                   "%s would replace %s, which was given to be read; give another name", path,
                   found->path);
}
