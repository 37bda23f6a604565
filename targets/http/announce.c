#include "targets/http/announce.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/stdio.h"

/* ---- the file ---- */

static int cannot_write(const char *path, const char *why, struct err *err)
{
    return err_set(err, ERR_USAGE, "--tls-ca-out: cannot write %s: %s", path, why);
}

static bool write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wxe");
    if (file == NULL)
        return false;
    bool is_written = fputs(text, file) != EOF;
    return fclose(file) == 0 && is_written;
}

/* Written beside it and renamed, so that nobody reads half of it. A rename would put a file in the
 * place of a device, too. */
static int write_certificate(const char *path, const char *certificate, struct err *err)
{
    struct stat there;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return cannot_write(path, "it is not a file", err);
    char *beside = mem_printf("%s.%ld.tmp", path, (long)getpid());
    bool is_written = write_text(beside, certificate) && rename(beside, path) == 0;
    int why = errno;
    if (!is_written && why != EEXIST)
        (void)unlink(beside);
    free(beside);
    return is_written ? 0 : cannot_write(path, strerrordesc_np(why), err);
}

/* ---- the line ---- */

static void add_tls(const struct server_tls *tls, json_t *line)
{
    (void)json_object_update_new(line,
                                 json_pack("{s:s, s:s, s:s}", "scheme", "https", "fingerprint",
                                           tls->fingerprint, "certificate", tls->certificate));
}

static int print_line(const struct server *server, const char *host, struct err *err)
{
    json_t *line =
        json_pack("{s:b, s:i, s:i, s:s, s:s}", "ready", 1, "port", server->port, "pid",
                  (int)getpid(), "host", host, "strategy", server->routes.strategy->name);
    if (server->conns.tls != NULL)
        add_tls(server->conns.tls, line);
    char *json = json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII);
    char *text = mem_printf("%s\n", json);
    int failed = stdio_print(text, err);
    free(text);
    free(json);
    json_decref(line);
    return failed < 0 ? err_wrap(err, "the ready line") : 0;
}

/* ---- the words ---- */

/* A server on all addresses is also on this machine's own, which a made certificate has. */
static char *make_url(const char *host, int port)
{
    bool is_any = strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
    if (strchr(host, ':') != NULL && !is_any)
        return mem_printf("https://[%s]:%d", host, port);
    return mem_printf("https://%s:%d", is_any ? "localhost" : host, port);
}

static void explain(const struct server *server, const struct server_options *options)
{
    const char *file = options->tls_ca_out == NULL ? "FILE" : options->tls_ca_out;
    char *url = make_url(options->host, server->port);
    log_say("serving %s", url);
    log_say("  SHA-256 fingerprint of the certificate: %s", server->conns.tls->fingerprint);
    if (options->tls_ca_out == NULL)
        log_say("  --tls-ca-out FILE writes the certificate to a file, for clients to trust:");
    else
        log_say("  the certificate is in %s, for clients to trust:", file);
    log_say("  curl --cacert %s %s/ping", file, url);
    log_say("  bench run --ca %s %s/heavy", file, url);
    free(url);
}

int announce(const struct server *server, const struct server_options *options,
             enum announce_to whom, struct err *err)
{
    const struct server_tls *tls = server->conns.tls;
    if (options->tls_ca_out != NULL &&
        write_certificate(options->tls_ca_out, tls->certificate, err) < 0)
        return -1;
    if (print_line(server, options->host, err) < 0)
        return -1;
    if (tls != NULL && whom == ANNOUNCE_TO_PEOPLE)
        explain(server, options);
    return 0;
}
