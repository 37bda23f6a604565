#include "targets/work/isolate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "targets/work/work.h"

#define BOOT_MAX_NS   (10 * NS_PER_S)
#define MEMORY_MAX    (INT64_C(1) << 30)
#define BURN_STEP     20000 /* some microseconds between two checks of the CPU time */
#define SMALLEST_PAGE 4096

const char *const isolate_names[] = {"none", "v8", NULL};

static const struct isolate presets[] = {
    {0, 0}, {50 * NS_PER_MS, 8703181}, /* 8.3 MiB */
};

/* The text, with the unit added if it is a plain number. */
static char *with_unit(const char *text, const char *unit)
{
    bool plain = text[0] != '\0' && strspn(text, "0123456789.") == strlen(text);
    return mem_printf("%s%s", text, plain ? unit : "");
}

int isolate_parse_boot(const char *text, void *field, struct err *err)
{
    int64_t ns = 0;
    char *whole = with_unit(text, "ms");
    int failed = units_parse_time(whole, &ns, err);
    free(whole);
    if (failed < 0)
        return err_set(err, ERR_USAGE, "'%s' is not a time; try 50 (milliseconds) or 50ms", text);
    if (ns > BOOT_MAX_NS)
        return err_set(err, ERR_USAGE, "'%s' is too large; the maximum is 10 s", text);
    *(struct isolate_figure *)field = (struct isolate_figure){true, ns};
    return 0;
}

int isolate_parse_memory(const char *text, void *field, struct err *err)
{
    int64_t bytes = 0;
    char *whole = with_unit(text, "MiB");
    int failed = units_parse_size(whole, &bytes, err);
    free(whole);
    if (failed < 0)
        return err_set(err, ERR_USAGE, "'%s' is not a size; try 8.3 (MiB) or 512KiB", text);
    if (bytes > MEMORY_MAX)
        return err_set(err, ERR_USAGE, "'%s' is too large; the maximum is 1 GiB", text);
    *(struct isolate_figure *)field = (struct isolate_figure){true, bytes};
    return 0;
}

struct isolate isolate_choose(const char *preset, struct isolate_figure boot,
                              struct isolate_figure memory)
{
    struct isolate chosen = presets[0];
    for (size_t i = 0; i < LEN(presets); i++) {
        if (strcmp(isolate_names[i], preset) == 0)
            chosen = presets[i];
    }
    chosen.boot_ns = boot.given ? boot.value : chosen.boot_ns;
    chosen.bytes = memory.given ? memory.value : chosen.bytes;
    return chosen;
}

static int64_t thread_cpu_ns(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* always available on Linux */
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* Memory only counts once it is touched. No huge pages: a single touch would map 2 MiB. */
static void *touched_memory(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    (void)madvise(memory, bytes, MADV_NOHUGEPAGE); /* fails on a kernel without them */
    volatile char *bytes_of = memory;
    for (size_t at = 0; at < bytes; at += SMALLEST_PAGE)
        bytes_of[at] = 1;
    return memory;
}

bool isolate_boot(const struct isolate *isolate, const atomic_bool *stop, void **heap)
{
    const struct work burn = {WORK_COUNT, BURN_STEP};
    int64_t began_ns = thread_cpu_ns();
    *heap = NULL;
    if (isolate->bytes > 0) {
        *heap = touched_memory((size_t)isolate->bytes);
        if (*heap == NULL)
            return false;
    }
    while (thread_cpu_ns() - began_ns < isolate->boot_ns && !atomic_load(stop))
        (void)work_run(&burn, stop);
    return true;
}

void isolate_end(const struct isolate *isolate, void *heap)
{
    if (heap != NULL)
        (void)munmap(heap, (size_t)isolate->bytes);
}
