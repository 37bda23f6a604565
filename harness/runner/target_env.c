#include "runner/target_env.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "targets/work/options.h"

#define PADDING_VARIABLE "BENCH_PADDING="

void target_env_add(struct target_env *e, const char *variable)
{
    assert(e->count < TARGET_ENV_MAX);
    e->variables[e->count++] = variable;
}

void target_env_init(struct target_env *e, int64_t padding_bytes)
{
    *e = (struct target_env){0};
    if (padding_bytes <= 0)
        return;
    size_t name = strlen(PADDING_VARIABLE);
    size_t whole = name + (size_t)padding_bytes;
    e->padding = mem_array(whole + 1, 1);
    memcpy(e->padding, PADDING_VARIABLE, name);
    memset(e->padding + name, 'x', whole - name);
    e->padding[whole] = '\0';
    target_env_add(e, e->padding);
}

void target_env_fini(struct target_env *e)
{
    free(e->broker);
    free(e->padding);
}

void target_env_take_broker(struct target_env *e, const struct str_list *words, char **argv)
{
    for (size_t i = 0; i < words->count; i++) {
        const char *next = i + 1 < words->count ? words->items[i + 1] : "";
        bool is_hidden = strcmp(words->items[i], "--broker") == 0 && broker_is_url_of_redis(next);
        if (!is_hidden) {
            *argv++ = words->items[i];
            continue;
        }
        free(e->broker);
        e->broker = mem_printf(BROKER_VARIABLE "=%s", next);
        i++;
    }
    *argv = NULL;
    if (e->broker != NULL)
        target_env_add(e, e->broker);
}
