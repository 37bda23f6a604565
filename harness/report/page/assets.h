/* assets: page.css and page.js as they stand in a page: the build makes a C file of them. */
#ifndef REPORT_PAGE_ASSETS_H
#define REPORT_PAGE_ASSETS_H

extern const char page_css[], page_js[];

#endif
