#include "store/settings_json.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/doc.h"
#include "store/fields.h"

static json_t *setting_value(const struct setting *s)
{
    switch (s->kind) {
    case SETTING_FLAG:
        return json_boolean(s->number != 0);
    case SETTING_NUMBER:
        if (s->number == floor(s->number) && fabs(s->number) <= (double)DOC_COUNT_MAX)
            return json_integer((json_int_t)s->number);
        return doc_real(s->number);
    case SETTING_TEXT:
        return doc_text(s->text);
    case SETTING_NULL:
        break;
    }
    return json_null();
}

json_t *settings_to_json(const struct setting *settings, size_t count)
{
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++)
        doc_put(object, settings[i].name, setting_value(&settings[i]));
    return object;
}

/* The texts are borrowed. */
static struct setting setting_of(char *name, const json_t *value, char *text)
{
    struct setting s = {.name = name, .kind = SETTING_NULL, .text = text};
    if (json_is_boolean(value))
        s.kind = SETTING_FLAG;
    else if (json_is_number(value))
        s.kind = SETTING_NUMBER;
    else if (json_is_string(value))
        s.kind = SETTING_TEXT;
    s.number = s.kind == SETTING_FLAG ? json_is_true(value) : json_number_value(value);
    return s;
}

int settings_from_json(const json_t *object, const char *where, struct setting **settings,
                       size_t *count, struct err *err)
{
    json_t *config = NULL;
    const char *key = NULL;
    json_t *value = NULL;
    if (field_object(object, where, "config", &config, err) < 0)
        return -1;
    json_object_foreach(config, key, value)
    {
        if (json_is_object(value) || json_is_array(value))
            return field_problem(where, "config", "holds something that is not a plain value", err);
        char *name = mem_strdup(key);
        char *text = mem_strdup_or_null(json_string_value(value));
        struct setting s = setting_of(name, value, text);
        settings_add(settings, count, &s);
        free(name);
        free(text);
    }
    return 0;
}
