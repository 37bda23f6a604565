#include "proc/listening.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/procfs.h"
#include "proc/descent.h"

#define NODE_DEBUGGER 9229
#define LISTENS       0x0A
#define LINE_MAX      512

struct inodes {
    uint64_t *items;
    size_t count, size;
};

static void add_inode(struct inodes *list, uint64_t inode)
{
    if (list->count == list->size) {
        list->size = list->size == 0 ? 64 : 2 * list->size;
        list->items = mem_grow(list->items, list->size, sizeof *list->items);
    }
    list->items[list->count++] = inode;
}

static bool has_inode(const struct inodes *list, uint64_t inode)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] == inode)
            return true;
    }
    return false;
}

/* The sockets that a process has open: its descriptors are links to "socket:[INODE]". */
static void add_sockets(struct inodes *list, pid_t pid)
{
    static const char before[] = "socket:[";
    char path[PROCFS_PATH_MAX];
    (void)snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *dir = opendir(path);
    if (dir == NULL)
        return;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is this function's */
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char text[64] = "";
        ssize_t len = readlinkat(dirfd(dir), entry->d_name, text, sizeof text - 1);
        if (len > 0 && strncmp(text, before, sizeof before - 1) == 0)
            add_inode(list, strtoull(text + sizeof before - 1, NULL, 10));
    }
    (void)closedir(dir);
}

/* A line of net/tcp: "N: ADDRESS:PORT ADDRESS:PORT STATE tx:rx tr:when retrnsmt uid timeout INODE".
 * Returns the port if it is one of ours that listens, else 0. */
static int port_of_line(char *line, const struct inodes *ours)
{
    enum { LOCAL = 1, STATE = 3, INODE = 9 };
    char *fields[INODE + 1] = {NULL};
    char *rest = NULL;
    size_t count = 0;
    for (char *word = strtok_r(line, " ", &rest); word != NULL && count < LEN(fields);
         word = strtok_r(NULL, " ", &rest))
        fields[count++] = word;
    if (count < LEN(fields) || strtol(fields[STATE], NULL, 16) != LISTENS)
        return 0;
    const char *port = strrchr(fields[LOCAL], ':');
    if (port == NULL || !has_inode(ours, strtoull(fields[INODE], NULL, 10)))
        return 0;
    return (int)strtol(port + 1, NULL, 16);
}

static void find_in(pid_t pid, const char *table, const struct inodes *ours, int *lowest)
{
    char path[PROCFS_PATH_MAX];
    char line[LINE_MAX];
    (void)snprintf(path, sizeof path, "/proc/%d/net/%s", (int)pid, table);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL) {
        int port = port_of_line(line, ours);
        if (port > 0 && port != NODE_DEBUGGER && (*lowest == 0 || port < *lowest))
            *lowest = port;
    }
    (void)fclose(file);
}

int listening_port(pid_t root)
{
    struct descent family;
    struct inodes ours = {0};
    int port = 0;
    descent_init(&family, root);
    (void)descent_scan(&family);
    for (size_t i = 0; i < family.nfamily; i++)
        add_sockets(&ours, family.family[i]);
    if (ours.count > 0) {
        find_in(root, "tcp", &ours, &port);
        find_in(root, "tcp6", &ours, &port);
    }
    free(ours.items);
    descent_fini(&family);
    return port;
}
