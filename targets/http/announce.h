/* announce: what a server tells when it is ready.
 *
 * Shape   the certificate's file, if one is asked for; one line of JSON on stdout for the program
 *         that waits for it: {"ready":true,"port":..,"pid":..,"host":..,"strategy":..}, and with
 * TLS also "scheme":"https", "fingerprint":"AB:CD:.." and "certificate", the PEM text; then, with
 * TLS and for people only, on stderr how to use it. Owner   everything is borrowed for the call.
 * Errors  kind USAGE: the file or the line cannot be written.
 */
#ifndef TARGETS_HTTP_ANNOUNCE_H
#define TARGETS_HTTP_ANNOUNCE_H

#include "base/err.h"
#include "targets/http/server.h"
#include "targets/work/options.h"

enum announce_to { ANNOUNCE_TO_PEOPLE, ANNOUNCE_TO_PARENT };

int announce(const struct server *server, const struct server_options *options,
             enum announce_to whom, struct err *err);

#endif
