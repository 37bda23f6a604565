/* ignored_net: a network of this machine that Open MPI does not use, because the name of its
 * interface begins with "vir", as those of libvirt do.
 *
 * Shape   a look at the interfaces that are up and have an address.
 * Owner   the name is written into the caller's storage.
 * Errors  none: what cannot be read is not ignored.
 * Source  Open MPI 4.1, opal/mca/if.
 */
#ifndef PROC_IGNORED_NET_H
#define PROC_IGNORED_NET_H

#include <net/if.h>
#include <stdbool.h>

/* The interface that has this address, "10.0.0.5", or one of this network, "10.0.0.0/24", if Open
 * MPI ignores it, and no other has one. NULL: any address beside loopback. */
bool ignored_net(const char *where, char name[IF_NAMESIZE]);

#endif
