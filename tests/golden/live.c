/* live: shows one of the known live views.
 *
 * live CASE COLUMNS [utf8|ascii|colour] [ROWS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/live_cases.h"

int main(int argc, char **argv)
{
    const char *how = argc > 3 ? argv[3] : "utf8";
    if (argc < 3) {
        (void)fprintf(stderr, "usage: live CASE COLUMNS [utf8|ascii|colour] [ROWS]\n");
        return 2;
    }
    const struct report_style style = {.utf8 = strcmp(how, "ascii") != 0,
                                       .colour = strcmp(how, "colour") == 0,
                                       .width = strtoul(argv[2], NULL, 10)};
    char *lines = live_case(argv[1], &style, argc > 4 ? strtoul(argv[4], NULL, 10) : 23);
    if (lines == NULL) {
        (void)fprintf(stderr, "live: no such case\n");
        return 2;
    }
    (void)fputs(lines, stdout);
    free(lines);
    return 0;
}
