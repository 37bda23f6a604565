#include "cli/hgrm_files.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/drawing.h"
#include "stat/hist_hgrm.h"

#define NAME_BYTES 40

/* An arm, and its rounds. */
struct source {
    size_t index, of;
    const char *name;
    const struct result **rounds;
    size_t nrounds;
};

/* --- the histograms --- */

#define AT(name) offsetof(struct result, name)
#define NONE     SIZE_MAX

/* What counts at its age stands with what completed, in a file of its own. */
static const struct kind {
    const char *name;
    size_t at;   /* of the histogram in a result */
    size_t more; /* of the one beside it, without which there is no file; or NONE */
} kinds[] = {
    {"latency", AT(latency), NONE},
    {"unfinished", AT(latency), AT(unfinished)},
    {"service", AT(service), NONE},
    {"first_byte", AT(first_byte), NONE},
    {"connect", AT(connect), NONE},
    {"handshake", AT(handshake), NONE},
    {"wait", AT(wait), NONE},
    {"work", AT(work), NONE},
    {"job", AT(job), NONE},
    {"probe", AT(probe), NONE},
    {"probe_unfinished", AT(probe), AT(probe_unfinished)},
    {"probe_new", AT(probe_new), NONE},
    {"probe_new_unfinished", AT(probe_new), AT(probe_new_unfinished)},
    {"slip", AT(slip), NONE},
};

/* Returns how many samples it added. */
static uint64_t merge(struct hist *into, const struct source *source, size_t at)
{
    uint64_t count = 0;
    for (size_t i = 0; at != NONE && i < source->nrounds; i++) {
        const char *round = (const char *)source->rounds[i];
        const struct hist *h = *(struct hist *const *)(const void *)(round + at);
        if (h == NULL || hist_count(h) + hist_over(h) == 0)
            continue;
        count += hist_count(h) + hist_over(h);
        hist_merge(into, h);
    }
    return count;
}

/* --- the files --- */

static bool is_kept(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           strchr("._-", c) != NULL;
}

/* "0007-pool-latency.hgrm": as many digits as the highest number has. The caller frees it. */
static char *file_name(const struct source *source, const char *kind)
{
    char name[NAME_BYTES + 1];
    int digits = 1;
    for (size_t most = source->of; most > 10; most = (most + 9) / 10)
        digits++;
    (void)snprintf(name, sizeof name, "%.*s", NAME_BYTES, source->name);
    for (char *c = name; *c != '\0'; c++) {
        if (!is_kept(*c))
            *c = '_';
    }
    return mem_printf("%0*zu-%s-%s.hgrm", digits, source->index, name, kind);
}

static int add_hist(const struct source *source, const struct kind *kind, const struct hist *h,
                    const char *folder, struct batch *into, struct err *err)
{
    struct buf text;
    char *name = file_name(source, kind->name);
    char *path = drawing_path(folder, name);
    buf_init(&text, BUF_TEXT_MAX);
    hist_hgrm_write(h, &text);
    int failed = batch_add(into, path, text.data, text.len, err);
    buf_fini(&text);
    free(path);
    free(name);
    return failed;
}

/* Adds to the number of files. */
static int add_arm(const struct source *source, const char *folder, struct batch *into,
                   size_t *files, struct err *err)
{
    int failed = 0;
    for (size_t i = 0; failed == 0 && i < LEN(kinds); i++) {
        struct hist *h = hist_new_latency();
        uint64_t base = merge(h, source, kinds[i].at);
        uint64_t more = merge(h, source, kinds[i].more);
        bool is_there = kinds[i].more == NONE ? base > 0 : more > 0;
        if (is_there)
            failed = add_hist(source, &kinds[i], h, folder, into, err);
        *files += is_there;
        hist_free(h);
    }
    return failed;
}

void hgrm_files_say(const char *folder, size_t files)
{
    char *path = drawing_path(folder, "*.hgrm");
    log_say("wrote %s (%zu file%s)", path, files, files == 1 ? "" : "s");
    free(path);
}

int hgrm_files_add(const struct comparison *c, const char *folder, struct batch *into,
                   size_t *files, struct err *err)
{
    int failed = 0;
    for (size_t i = 0; failed == 0 && i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        struct source source = {.index = i,
                                .of = c->narms,
                                .name = arm->name,
                                .rounds = mem_array(arm->nresults, sizeof(const struct result *)),
                                .nrounds = arm->nresults};
        for (size_t k = 0; k < arm->nresults; k++)
            source.rounds[k] = &arm->results[k];
        failed = add_arm(&source, folder, into, files, err);
        free(source.rounds);
    }
    return failed;
}

int hgrm_files_add_session(const struct session *s, const char *folder, struct batch *into,
                           size_t *files, struct err *err)
{
    int failed = 0;
    for (size_t i = 0; failed == 0 && i < s->narms; i++) {
        struct source source = {.index = i,
                                .of = s->narms,
                                .name = s->arms[i].name,
                                .rounds = mem_array(s->nblocks, sizeof(const struct result *))};
        for (size_t k = 0; k < s->nblocks; k++) {
            if (s->blocks[k].is_valid)
                source.rounds[source.nrounds++] = &s->blocks[k].sides[i].result;
        }
        failed = add_arm(&source, folder, into, files, err);
        free(source.rounds);
    }
    return failed;
}
