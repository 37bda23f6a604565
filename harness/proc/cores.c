#include "proc/cores.h"

#include <ctype.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/procfs.h"

#define CPUS_LIMIT     65536
#define STAT_TEXT_MAX  (256 << 10)
#define CORE_TICKS_MAX (INT64_C(1) << 40) /* centuries; sums of larger ones could overflow */

/* Columns of a line of /proc/stat. The columns after these count guests, which USER includes. */
enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, COLUMN_COUNT };

/* The mask needs room for every core that the kernel was built for, and only trying tells how many
 * these are. The caller frees it with CPU_FREE; NULL on failure. */
static cpu_set_t *allowed_set(size_t *out_size)
{
    for (int cpus = CPU_SETSIZE; cpus <= CPUS_LIMIT; cpus *= 2) {
        cpu_set_t *set = CPU_ALLOC((size_t)cpus);
        *out_size = CPU_ALLOC_SIZE((size_t)cpus);
        if (set != NULL && sched_getaffinity(0, *out_size, set) == 0)
            return set;
        CPU_FREE(set);
    }
    return NULL;
}

int64_t cores_allowed(void)
{
    size_t size = 0;
    cpu_set_t *set = allowed_set(&size);
    int64_t count = set == NULL ? MISSING : CPU_COUNT_S(size, set);
    CPU_FREE(set);
    return count;
}

/* Reads " 12 34 ...", as many columns as we know. */
static int parse_columns(const char *at, int64_t columns[COLUMN_COUNT])
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        char *end = NULL;
        if (at[0] != ' ' || !isdigit((unsigned char)at[1]))
            return -1;
        columns[i] = strtoll(at, &end, 10);
        if (columns[i] > CORE_TICKS_MAX)
            return -1;
        at = end;
    }
    return 0;
}

static void add(const int64_t columns[COLUMN_COUNT], struct cores_time *sum)
{
    sum->cores++;
    sum->program_ticks += columns[USER] + columns[NICE] + columns[SYSTEM];
    sum->stolen_ticks += columns[STEAL];
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        sum->all_ticks += columns[i];
}

/* The first line, of all cores together, has no number. */
int cores_parse(const char *text, const cpu_set_t *set, size_t size, struct cores_time *out)
{
    struct cores_time sum = {.at_ns = out->at_ns};
    const char *line = text;
    while (strncmp(line, "cpu", 3) == 0) {
        int64_t columns[COLUMN_COUNT];
        char *end = NULL;
        const char *next = strchr(line, '\n');
        if (next == NULL)
            return -1; /* the text is cut off */
        unsigned long core = strtoul(line + 3, &end, 10);
        bool ours = isdigit((unsigned char)line[3]) && CPU_ISSET_S(core, size, set);
        if (ours && parse_columns(end, columns) < 0)
            return -1;
        if (ours)
            add(columns, &sum);
        line = next + 1;
    }
    if (sum.cores == 0)
        return -1;
    *out = sum;
    return 0;
}

int cores_read(struct cores_time *out)
{
    size_t size = 0;
    int result = -1;
    char *text = mem_array(STAT_TEXT_MAX, 1);
    cpu_set_t *set = allowed_set(&size);
    *out = (struct cores_time){.at_ns = clock_now_ns()};
    if (set != NULL && procfs_read(AT_FDCWD, "/proc/stat", text, STAT_TEXT_MAX) > 0)
        result = cores_parse(text, set, size, out);
    if (result < 0)
        *out = (struct cores_time){0};
    CPU_FREE(set);
    free(text);
    return result;
}

/* False when a core came or went, a count ran backwards, or the kernel does not count at all. */
static bool comparable(const struct cores_time *from, const struct cores_time *to)
{
    return from->at_ns != 0 && to->at_ns != 0 && from->cores == to->cores &&
           to->program_ticks >= from->program_ticks && to->stolen_ticks >= from->stolen_ticks &&
           to->all_ticks > from->all_ticks;
}

/* Its at_ns only says that it is known. */
const struct cores_time cores_nothing = {.at_ns = 1};

void cores_add(struct cores_time *sum, const struct cores_time *from, const struct cores_time *to)
{
    if (sum->at_ns == 0 || !comparable(from, to)) {
        *sum = (struct cores_time){0};
        return;
    }
    sum->at_ns += to->at_ns - from->at_ns;
    sum->program_ticks += to->program_ticks - from->program_ticks;
    sum->stolen_ticks += to->stolen_ticks - from->stolen_ticks;
    sum->all_ticks += to->all_ticks - from->all_ticks;
}

void cores_used(const struct cores_time *from, const struct cores_time *to, double own_s,
                struct machine *out)
{
    double length_s = (double)(to->at_ns - from->at_ns) / (double)NS_PER_S;
    *out = (struct machine){.other_cpu_cores = NAN, .stolen_cores = NAN, .suspended_s = NAN};
    if (!comparable(from, to) || length_s < CORES_LEAST_S)
        return;
    double tick_s = procfs_tick_s();
    double program_s = (double)(to->program_ticks - from->program_ticks) * tick_s;
    out->stolen_cores = (double)(to->stolen_ticks - from->stolen_ticks) * tick_s / length_s;
    if (!isnan(own_s))
        out->other_cpu_cores = fmax(0, program_s - own_s) / length_s;
}
