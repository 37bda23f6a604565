/* hist_tool: the histogram and its codec for a shell or another language to drive.
 *
 *   hist_tool encode          lines "NS" or "NS COUNT" on stdin; base64 on stdout
 *   hist_tool decode P...     base64 on stdin; JSON with the percentiles P (0..100) on stdout
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stat/hist.h"
#include "stat/hist_codec.h"

static int encode(void)
{
    struct hist *h = hist_new_latency();
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        char *end = NULL;
        int64_t ns = strtoll(line, &end, 10);
        uint64_t count = *end == ' ' ? strtoull(end, NULL, 10) : 1;
        if (*end == ' ')
            hist_record_n(h, ns, count);
        else
            hist_record(h, ns);
    }
    free(line);
    char *text = hist_encode(h);
    puts(text);
    free(text);
    hist_free(h);
    return 0;
}

static void print_number(const char *key, double number)
{
    if (isnan(number))
        printf("\"%s\":null,", key);
    else
        printf("\"%s\":%.17g,", key, number);
}

static void print(const struct hist *h, char **percents)
{
    printf("{\"count\":%llu,", (unsigned long long)hist_count(h));
    printf("\"min_ns\":%lld,", (long long)hist_min_ns(h));
    printf("\"max_ns\":%lld,", (long long)hist_max_ns(h));
    print_number("mean_ns", hist_mean_ns(h));
    print_number("stddev_ns", hist_stddev_ns(h));
    printf("\"percentiles\":{");
    for (char **p = percents; *p != NULL; p++) {
        int64_t ns = hist_percentile_ns(h, strtod(*p, NULL) / 100);
        printf("%s\"%s\":%lld", p == percents ? "" : ",", *p, (long long)ns);
    }
    puts("}}");
}

static int decode(char **percents)
{
    char *text = NULL;
    size_t size = 0;
    ssize_t len = getline(&text, &size, stdin);
    if (len > 0 && text[len - 1] == '\n')
        text[len - 1] = '\0';
    struct err err = {0};
    struct hist *h = hist_decode(len > 0 ? text : "", &err);
    if (h == NULL)
        (void)fprintf(stderr, "%s\n", err.text);
    else
        print(h, percents);
    free(text);
    hist_free(h);
    return h == NULL ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "encode") == 0)
        return encode();
    if (argc > 2 && strcmp(argv[1], "decode") == 0)
        return decode(argv + 2);
    (void)fprintf(stderr, "usage: hist_tool encode | decode PERCENT...\n");
    return 2;
}
