#include "tests/perf/measured_noise.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define NAME_MAX_BYTES 40

static void add(struct measured_noise *m, const struct measured_block *block, bool is_first)
{
    if (is_first) {
        m->firsts = mem_grow(m->firsts, m->nsessions + 1, sizeof *m->firsts);
        m->firsts[m->nsessions++] = m->nblocks;
    }
    m->blocks = mem_grow(m->blocks, m->nblocks + 1, sizeof *m->blocks);
    m->blocks[m->nblocks++] = *block;
}

static int read_lines(FILE *file, const char *path, struct measured_noise *out)
{
    char line[200];
    char before[NAME_MAX_BYTES] = "";
    for (int number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        char name[NAME_MAX_BYTES];
        struct measured_block b;
        /* NOLINTNEXTLINE(cert-err34-c): a number that is out of range is no harm here */
        if (sscanf(line, "%39s %lf %lf %lf", name, &b.cpu, &b.rps, &b.p99) != 4) {
            fprintf(stderr, "%s, line %d: not a session and three numbers\n", path, number);
            return -1;
        }
        add(out, &b, strcmp(name, before) != 0);
        memcpy(before, name, sizeof before);
    }
    if (out->nblocks > 0)
        return 0;
    fprintf(stderr, "%s has no block\n", path);
    return -1;
}

int measured_noise_load(const char *path, struct measured_noise *out)
{
    *out = (struct measured_noise){0};
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return -1;
    }
    int failed = read_lines(file, path, out);
    (void)fclose(file);
    if (failed < 0)
        measured_noise_fini(out);
    return failed;
}

void measured_noise_fini(struct measured_noise *m)
{
    free(m->blocks);
    free(m->firsts);
    *m = (struct measured_noise){0};
}

static size_t draw(struct rng *r, size_t count)
{
    return (size_t)(rng_unit(r) * (double)count);
}

size_t measured_noise_session(const struct measured_noise *m, struct rng *r)
{
    return draw(r, m->nsessions);
}

struct measured_block measured_noise_block(const struct measured_noise *m, size_t session,
                                           struct rng *r)
{
    size_t first = m->firsts[session];
    size_t end = session + 1 < m->nsessions ? m->firsts[session + 1] : m->nblocks;
    struct measured_block b = m->blocks[first + draw(r, end - first)];
    double sign = rng_next(r) >> 63 == 1 ? 1 : -1;
    return (struct measured_block){sign * b.cpu, sign * b.rps, sign * b.p99};
}
