/* memory: what libuv and jansson do when there is no memory left.
 *
 * Shape   memory_dies gives both our allocators. Without it libuv aborts, and jansson silently
 *         leaves values out of a document.
 * Errors  out of memory ends the program with a message and exit code 2 (base/mem.h).
 */
#ifndef PROC_MEMORY_H
#define PROC_MEMORY_H

/* In main, before anything of either library is called. */
void memory_dies(void);

#endif
