#include "store/result_file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "store/doc.h"
#include "store/file.h"
#include "store/result_json.h"

#define LABEL_MAX 64
#define BLANKS    " \t\r\n"

/* The host of a URL, without user, password and port. */
static char *host_of(const char *url)
{
    const char *scheme = strstr(url, "://");
    const char *from = scheme == NULL ? url : scheme + 3;
    const char *end = from + strcspn(from, "/?#");
    for (const char *c = from; c < end; c++)
        from = *c == '@' ? c + 1 : from;
    const char *bracket = *from == '[' ? memchr(from, ']', (size_t)(end - from)) : NULL;
    const char *colon = memchr(from, ':', (size_t)(end - from));
    if (bracket != NULL)
        return mem_strndup(from + 1, (size_t)(bracket - from - 1));
    return mem_strndup(from, (size_t)((colon == NULL ? end : colon) - from));
}

/* Each word of a command without its folders: "node server.js" of "/usr/bin/node app/server.js". */
static char *command_words(const char *command)
{
    struct buf words;
    buf_init(&words, BUF_TEXT_MAX);
    for (const char *word = command + strspn(command, BLANKS); *word != '\0';) {
        size_t len = strcspn(word, BLANKS);
        const char *slash = memrchr(word, '/', len);
        const char *name = slash == NULL || slash + 1 == word + len ? word : slash + 1;
        buf_puts(&words, words.len > 0 ? " " : "");
        buf_add(&words, name, (size_t)(word + len - name));
        word += len;
        word += strspn(word, BLANKS);
    }
    char *text = buf_take(&words);
    buf_fini(&words);
    return text;
}

static char *target_name(const struct result *r)
{
    if (r->strategy != NULL)
        return mem_strdup(r->strategy);
    if (r->original != NULL)
        return mem_strdup(r->original);
    if (r->command != NULL)
        return command_words(r->command);
    return r->url != NULL ? host_of(r->url) : mem_strdup("");
}

/* The label with only characters that are allowed in a file name on every system. */
static char *label_of(const struct result *r, const char *given)
{
    char *label = given != NULL ? mem_strdup(given) : target_name(r);
    if (strlen(label) > LABEL_MAX)
        label[LABEL_MAX] = '\0';
    for (char *c = label; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && strchr("._-", *c) == NULL)
            *c = '-';
    }
    if (*label != '\0')
        return label;
    free(label);
    return mem_strdup("run");
}

char *result_path_default(const char *folder, const struct result *r, const char *label)
{
    char wall[32];
    char *safe = label_of(r, label);
    clock_format_wall(r->started_wall_ms, wall, sizeof wall);
    const char *slash = str_ends(folder, "/") ? "" : "/";
    /* 2026-11-22T21:04:05.123Z without '-', ':' and fractions */
    char *path = mem_printf("%s%s%.4s%.2s%.2sT%.2s%.2s%.2sZ-%s.json", folder, slash, wall, wall + 5,
                            wall + 8, wall + 11, wall + 14, wall + 17, safe);
    free(safe);
    return path;
}

/* Frees the path, which is the default one. */
static int save_new(const char *folder, char *path, const struct buf *text, char **out_path,
                    struct err *err)
{
    int result = store_folder_make(folder, err);
    if (result == 0)
        result = store_file_write_new(path, text->data, text->len, out_path, err);
    free(path);
    return result;
}

static void write_result(const void *r, enum doc_layout layout, struct buf *out)
{
    result_write(r, layout, out);
}

int result_save(const struct result *r, const char *label, const char *out, char **out_path,
                struct err *err)
{
    struct buf text;
    int result = 0;
    if (!doc_write(write_result, r, RESULT_MAX_BYTES, &text))
        log_warn("the result is saved, but bench cannot read it again: it is larger than %zu MiB",
                 RESULT_MAX_BYTES >> 20);
    const char *to = out == NULL ? RESULT_FOLDER : out;
    *out_path = NULL;
    if (store_is_folder(to))
        result = save_new(to, result_path_default(to, r, label), &text, out_path, err);
    else
        result = store_file_write(to, text.data, text.len, err);
    if (result == 0 && *out_path == NULL)
        *out_path = mem_strdup(to);
    buf_fini(&text);
    return result;
}

int result_load(const char *path, struct result *out, struct err *err)
{
    json_t *doc = doc_load(path, RESULT_MAX_BYTES, err);
    if (doc == NULL)
        return -1;
    int result = result_from_json(doc, out, err);
    json_decref(doc);
    return result < 0 ? err_wrap(err, "%s", path) : 0;
}

int result_check_loadable(const struct result *r, struct err *err)
{
    struct result again;
    json_t *doc = result_to_json(r);
    int failed = result_from_json(doc, &again, err);
    json_decref(doc);
    if (failed < 0)
        return err_wrap(err, "these files add up to no result");
    result_fini(&again);
    return 0;
}
