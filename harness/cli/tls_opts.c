#include "cli/tls_opts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "http/request.h"
#include "http/url.h"

static int parse_version(const char *text, void *field, struct err *err)
{
    return tls_version_parse(text, field, err);
}

static const char *const schemes[] = {"http", "https", NULL};

#define AT(field) offsetof(struct plan, field)
/* clang-format off */
const struct opt run_tls_opts[] = {
    {.name = "http2", .type = OPT_FLAG, .at = AT(http2),
     .help = "HTTP/2: by ALPN on https://, by prior knowledge on http://; -p is then the number of streams of a connection."},
    {.name = "insecure", .type = OPT_FLAG, .at = AT(tls.insecure),
     .help = "Do not verify the certificate of the server."},
    {.name = "ca", .type = OPT_LIST, .at = AT(tls.ca_files), .bracketed = true, .arg = "FILE",
     .help = "Trust the certificates of this file (PEM) instead of those that the machine trusts; can be repeated, also '[ FILE FILE ]'."},
    {.name = "cert", .type = OPT_TEXT, .at = AT(tls.cert_file), .arg = "FILE",
     .help = "Client certificate (PEM), its issuers behind it; needs --key."},
    {.name = "key", .type = OPT_TEXT, .at = AT(tls.key_file), .arg = "FILE",
     .help = "The private key of --cert (PEM, not encrypted)."},
    {.name = "servername", .letter = 's', .type = OPT_TEXT, .at = AT(tls.servername), .arg = "NAME",
     .help = "Name to send (SNI) and to find in the certificate, instead of the host of the URL; an empty one sends none."},
    {.name = "tls-min", .type = OPT_CUSTOM, .at = AT(tls.rules.min), .parse = parse_version, .arg = "VERSION",
     .help = "Oldest TLS version: 1.0, 1.1, 1.2 or 1.3; by default 1.2, or 1.0 if --tls-max is older."},
    {.name = "tls-max", .type = OPT_CUSTOM, .at = AT(tls.rules.max), .parse = parse_version, .arg = "VERSION",
     .help = "Newest TLS version."},
    {.name = "ciphers", .type = OPT_TEXT, .at = AT(tls.rules.ciphers), .arg = "LIST",
     .help = "Ciphers to offer, by OpenSSL's names; those of TLS 1.3 begin with TLS_."},
    {.name = "tls-resume", .type = OPT_FLAG, .at = AT(tls.resume),
     .help = "New connections resume the session of the one before, instead of a full handshake each."},
    {.name = "proxy", .type = OPT_TEXT, .at = AT(proxy), .arg = "URL",
     .help = "Connect through this proxy, http://[USER:PASSWORD@]HOST:PORT: https:// and HTTP/2 in a tunnel (CONNECT)."},
    {.name = "tls", .type = OPT_FLAG, .at = AT(target_tls),
     .help = "The bundled target serves TLS, with a certificate that is made for the run, and the only one that bench trusts."},
    {.name = "cmd-scheme", .type = OPT_CHOICE, .at = AT(command_scheme), .choices = schemes, .arg = "SCHEME",
     .help = "What the server of --cmd speaks; http by default."},
    {.type = OPT_END},
};
/* clang-format on */

static bool is(const struct opt *row, const char *name)
{
    return strcmp(row->name, name) == 0;
}

/* What says whom to trust; --tls says it already. */
static bool is_of_trust(const struct opt *row)
{
    return is(row, "ca") || is(row, "insecure");
}

static bool is_name(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        bool is_alnum =
            (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
        if (!is_alnum && strchr("-_.:", *p) == NULL) /* ':' of an address */
            return false;
    }
    return true;
}

/* Only where it is: host and port, and who asks. */
static int check_proxy(const char *text, struct err *err)
{
    struct url url;
    if (url_parse(text, &url, err) < 0)
        return err_wrap(err, "--proxy");
    bool is_http = strcmp(url.scheme, "http") == 0;
    bool is_bare = strcmp(url.path, "/") == 0;
    url_fini(&url);
    if (!is_http)
        return err_set(err, ERR_USAGE,
                       "--proxy: bench reaches a proxy over http:// only; that is no less safe for "
                       "https:// through it, which stays encrypted to the server");
    return is_bare
               ? 0
               : err_set(err, ERR_USAGE, "--proxy: a proxy has no path; write http://HOST:PORT");
}

int tls_opts_check_load(const struct plan *plan, struct err *err)
{
    const struct tls_options *tls = &plan->tls;
    if (plan->proxy != NULL && check_proxy(plan->proxy, err) < 0)
        return -1;
    if (tls->servername != NULL && !is_name(tls->servername))
        return err_set(err, ERR_USAGE,
                       "-s/--servername: a name has letters, digits, '-', '_' and dots; write one "
                       "of another script in its ASCII form (xn--...)");
    if (plan->http2 && request_closes(&plan->headers))
        return err_set(err, ERR_USAGE,
                       "--http2 with 'Connection: close': HTTP/2 has no such header; leave one of "
                       "them out");
    if (tls->cert_file != NULL && tls->key_file == NULL)
        return err_set(err, ERR_USAGE,
                       "--cert needs the private key of the certificate; give it with --key FILE");
    if (tls->key_file != NULL && tls->cert_file == NULL)
        return err_set(err, ERR_USAGE,
                       "--key needs the certificate that it is for; give it with --cert FILE");
    if (tls->insecure && tls->ca_files.count > 0)
        return err_set(err, ERR_USAGE,
                       "--insecure accepts any certificate, and --ca only some; give one of them");
    return 0;
}

bool tls_opts_apply(const struct opt *row, const struct plan *plan)
{
    if (is(row, "http2"))
        return true;
    if (is(row, "proxy"))
        return plan->url != NULL && plan->socket_path == NULL;
    if (is(row, "tls"))
        return plan->strategy != NULL;
    if (is(row, "cmd-scheme"))
        return plan->command != NULL;
    return plan_is_tls(plan) && !(plan->target_tls && is_of_trust(row));
}

static int refuse(const struct opt *row, const struct plan *plan, struct err *err)
{
    if (is(row, "proxy"))
        return err_set(err, ERR_USAGE,
                       "--proxy only applies to a URL without -S/--socket-path: the server of "
                       "%s is on this machine",
                       plan->socket_path != NULL ? "a unix socket" : "this run");
    if (is(row, "tls"))
        return err_set(err, ERR_USAGE,
                       "--tls only applies to a bundled target; add --strategy NAME, or give a URL "
                       "with https://");
    if (is(row, "cmd-scheme"))
        return err_set(err, ERR_USAGE,
                       "--cmd-scheme only applies to --cmd; a URL has its scheme itself, as in "
                       "https://HOST/");
    if (plan->target_tls)
        return err_set(err, ERR_USAGE,
                       "--%s: with --tls bench trusts the certificate that it makes for the run, "
                       "and no other; leave --%s out",
                       row->name, row->name);
    return err_set(err, ERR_USAGE, "--%s only applies to https://, and this is http://; %s",
                   row->name,
                   plan->url != NULL       ? "write https:// in the URL"
                   : plan->command != NULL ? "add --cmd-scheme https if the server speaks TLS"
                                           : "add --tls, and the target serves TLS");
}

int tls_opts_check_target(const struct plan *plan, const struct opt_given *given, struct err *err)
{
    if (plan->http2 && plan_is_ours(plan))
        return err_set(err, ERR_USAGE,
                       "--http2: the targets of bench speak HTTP/1.1 only; give the URL or the "
                       "--cmd of a server that speaks HTTP/2");
    for (size_t i = 0; i < given->count; i++) {
        const struct opt *row = given->options[i].row;
        if (given->options[i].rows == run_tls_opts && !tls_opts_apply(row, plan))
            return refuse(row, plan, err);
    }
    return 0;
}

/* --- of a comparison --- */

int tls_opts_narrow(struct plan *plan, struct err *err)
{
    if (plan->target_tls && plan->original != NULL)
        return err_set(err, ERR_USAGE,
                       "--tls: the originals cannot serve TLS, and would be compared over http://; "
                       "leave out --originals or --tls");
    plan->target_tls = plan->target_tls && plan->strategy != NULL;
    if (plan->url == NULL)
        plan->proxy = NULL;
    if (plan->command == NULL)
        plan->command_scheme = NULL;
    bool is_tls = plan_is_tls(plan);
    if (!is_tls || plan->target_tls) {
        str_list_fini(&plan->tls.ca_files);
        plan->tls.insecure = false;
    }
    if (!is_tls)
        plan->tls = (struct tls_options){0};
    return 0;
}

void tls_opts_forward(const struct opt_given *shared, const struct plan *own, const char *word,
                      struct str_list *argv)
{
    struct plan plan = *own; /* as it will be, with what all arms have */
    plan.url = word != NULL && word[0] != '/' ? word : NULL;
    plan.target_tls |= plan.strategy != NULL && opt_given_text(shared, "tls") != NULL;
    if (plan.command_scheme == NULL)
        plan.command_scheme = opt_given_text(shared, "cmd-scheme");
    for (size_t i = 0; i < shared->count; i++) {
        const struct opt *row = shared->options[i].row;
        if (shared->options[i].rows != run_tls_opts || !tls_opts_apply(row, &plan))
            continue;
        char *name = mem_printf("--%s", row->name);
        str_list_add(argv, name);
        free(name);
        if (shared->options[i].text != NULL)
            str_list_add(argv, shared->options[i].text);
    }
}

int tls_opts_refuse_unused(const struct opt *row, struct err *err)
{
    if (is(row, "proxy"))
        return err_set(err, ERR_USAGE, "--proxy only applies to URLs, and no arm is one");
    if (is(row, "tls"))
        return err_set(err, ERR_USAGE,
                       "--tls only applies to bundled strategies, and none is selected");
    if (is(row, "cmd-scheme"))
        return err_set(err, ERR_USAGE,
                       "--cmd-scheme only applies to servers that bench starts by a command, and "
                       "there is none");
    return err_set(
        err, ERR_USAGE,
        "--%s only applies to https://, and no arm is; write https:// in its URL, or add "
        "--tls or --cmd-scheme https",
        row->name);
}
