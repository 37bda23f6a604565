#include "support/report_styles.h"

const struct report_style style_utf8 = {.utf8 = true};
const struct report_style style_ascii = {0};
const struct report_style style_colour = {.utf8 = true, .colour = true};
