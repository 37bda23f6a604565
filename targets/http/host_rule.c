#include "targets/http/host_rule.h"

#include <string.h>

#include "targets/work/host_name.h"

struct host_rule host_rule_of(const char *own, const struct str_list *allowed)
{
    return (struct host_rule){
        .is_on = allowed->count > 0 || host_name_is_loopback(own), .own = own, .allowed = allowed};
}

static bool allows(const struct host_rule *rule, const char *name)
{
    if (host_name_is_loopback(name) || host_name_equals(name, rule->own))
        return true;
    for (size_t i = 0; i < rule->allowed->count; i++) {
        char allowed[HOST_NAME_BYTES];
        const char *text = rule->allowed->items[i];
        if (host_name_equals(name, host_name_read(text, allowed) ? allowed : text))
            return true;
    }
    return false;
}

static int check_host(const struct host_rule *rule, const char *name, struct err *err)
{
    if (allows(rule, name))
        return 0;
    return err_set(err, ERR_USAGE,
                   "Host '%s' is not a name of this server; --allow-host %s would make it one",
                   name, name);
}

/* "http://name:port", or "null" for a page that hides where it is from. */
static int check_origin(const struct host_rule *rule, const struct head *head, struct err *err)
{
    char name[HOST_NAME_BYTES];
    const char *origin = head_text(head, HEAD_ORIGIN);
    const char *authority = strstr(origin, "://");
    if (head_is_whole(head, HEAD_ORIGIN) && authority != NULL &&
        host_name_read(authority + 3, name) && allows(rule, name))
        return 0;
    return err_set(err, ERR_USAGE,
                   "pages of '%s' may not use this server; --allow-host allows those of a host",
                   origin);
}

/* Allows links that a person follows: the page with the link cannot read the response. A page that
 * sends its reader here by itself could have the work done all the same. */
static int check_fetch(const struct head *head, struct err *err)
{
    bool is_link = strcmp(head_text(head, HEAD_FETCH_DEST), "document") == 0 &&
                   strcmp(head_text(head, HEAD_FETCH_USER), "?1") == 0;
    if (strcmp(head_text(head, HEAD_FETCH_SITE), "cross-site") != 0 || is_link)
        return 0;
    return err_set(err, ERR_USAGE, "pages of other sites may not use this server");
}

int host_rule_check(const struct host_rule *rule, const struct message *message, struct err *err)
{
    const char *host = head_text(message->head, HEAD_HOST);
    if (!rule->is_on)
        return 0;
    if (host[0] != '\0' && check_host(rule, host, err) < 0)
        return -1;
    if (message->query.host[0] != '\0' && check_host(rule, message->query.host, err) < 0)
        return -1;
    if (head_text(message->head, HEAD_ORIGIN)[0] != '\0')
        return check_origin(rule, message->head, err);
    return check_fetch(message->head, err);
}
