/* report_styles: the styles that reports are tested in, without a width. */
#ifndef TESTS_REPORT_STYLES_H
#define TESTS_REPORT_STYLES_H

#include "report/style.h"

extern const struct report_style style_utf8, style_ascii, style_colour;

#endif
