#include "load/source/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void source_init(struct source *s, const struct source_text *text, size_t most)
{
    *s = (struct source){.text = *text, .copies = mem_array(most, text->request_len)};
    for (size_t i = 0; i < most; i++)
        memcpy(s->copies + i * text->request_len, text->request, text->request_len);
}

void source_init_list(struct source *s, const struct source_list *list)
{
    *s = (struct source){.list = list};
}

void source_fini(struct source *s)
{
    free(s->copies);
    s->copies = NULL;
}
