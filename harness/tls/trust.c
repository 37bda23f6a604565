#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "tls/tls_internal.h"

static int add_file(X509_STORE *store, const char *path, struct err *err)
{
    STACK_OF(X509) *list = tls_pem_certificates(path, err);
    if (list == NULL)
        return -1;
    int added = 1;
    for (int i = 0; i < sk_X509_num(list) && added == 1; i++)
        added = X509_STORE_add_cert(store, sk_X509_value(list, i));
    sk_X509_pop_free(list, X509_free);
    return added == 1
               ? 0
               : err_set(err, ERR_USAGE, "cannot trust what is in %s: %s", path, tls_reason());
}

static int add_files(X509_STORE *store, const struct str_list *files, struct err *err)
{
    for (size_t i = 0; i < files->count; i++) {
        if (add_file(store, files->items[i], err) < 0)
            return -1;
    }
    return 0;
}

/* A machine without a bundle trusts nothing, which the first certificate shows. */
static int add_defaults(X509_STORE *store, struct err *err)
{
    if (X509_STORE_set_default_paths(store) != 1)
        return err_set(err, ERR_USAGE, "cannot load the certificates that this machine trusts: %s",
                       tls_reason());
    ERR_clear_error();
    return 0;
}

X509_STORE *tls_trust_load(const struct str_list *files, struct err *err)
{
    X509_STORE *store = X509_STORE_new();
    if (store == NULL) {
        (void)err_set(err, ERR_USAGE, "cannot make a list of what is trusted: %s", tls_reason());
        return NULL;
    }
    int failed = files->count > 0 ? add_files(store, files, err) : add_defaults(store, err);
    if (failed == 0)
        return store;
    X509_STORE_free(store);
    return NULL;
}
