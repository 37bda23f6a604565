#include "cli/drawn.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/text.h"

struct drawn_texts {
    const struct drawing *d;
    char **files; /* in the order of the table; NULL: not made yet */
    size_t count;
};

struct drawn_texts *drawn_texts_new(const struct drawing *d)
{
    struct drawn_texts *texts = mem_zalloc(sizeof *texts);
    texts->d = d;
    while (d->files[texts->count].name != NULL)
        texts->count++;
    texts->files = mem_array(texts->count, sizeof *texts->files);
    return texts;
}

void drawn_texts_free(struct drawn_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->files[i]);
    free(texts->files);
    free(texts);
}

static char *text_of(void (*write)(const void *what, struct buf *out), const void *what)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    write(what, &text);
    char *taken = buf_take(&text);
    buf_fini(&text);
    return taken;
}

/* Of a data file, or NULL: there is none. */
static const char *file_text(void *ctx, const char *name)
{
    struct drawn_texts *texts = ctx;
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->d->files[i].name, name) != 0)
            continue;
        if (texts->files[i] == NULL)
            texts->files[i] = text_of(texts->d->files[i].write, texts->d->what);
        return texts->files[i];
    }
    return NULL;
}

static char *points_of(const struct picture *picture, struct drawn_texts *texts, const char *axes)
{
    struct buf points;
    if (picture->panels == NULL)
        return NULL;
    buf_init(&points, BUF_TEXT_MAX);
    plot_points(picture->panels, picture->across, axes, file_text, texts, &points);
    char *taken = points.len > 0 && !points.overflow ? buf_take(&points) : NULL;
    buf_fini(&points);
    return taken;
}

void drawn_add_texts(struct drawn *drawn, struct drawn_texts *texts, const char *axes)
{
    const struct picture *picture = drawn->picture;
    char *name = mem_printf("%s.dat", picture->key);
    drawn->read = text_of(picture->read, texts->d->what);
    drawn->see = text_of(picture->see, texts->d->what);
    drawn->numbers = mem_strdup_or_null(file_text(texts, name));
    drawn->points = points_of(picture, texts, axes);
    free(name);
}

char *drawn_problem(const char *text)
{
    static const struct report_style utf8 = {.utf8 = true};
    struct buf safe;
    char *line = mem_strdup(text);
    buf_init(&safe, BUF_TEXT_MAX);
    for (char *end = strchr(line, '\n'); end != NULL; end = strchr(end, '\n'))
        *end = ' ';
    text_safe(&safe, &utf8, line);
    free(line);
    char *taken = buf_take(&safe);
    buf_fini(&safe);
    return taken;
}

void drawn_free(struct drawn *drawn, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(drawn[i].points);
        free(drawn[i].numbers);
        free(drawn[i].see);
        free(drawn[i].read);
        free(drawn[i].svg);
        free(drawn[i].problem);
    }
    free(drawn);
}
