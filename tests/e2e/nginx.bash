# nginx on loopback, in the folder of the test.

# start_nginx SERVER...: nginx with these lines for its server, in which a PORT that is free takes
# the place of @PORT@; sets PORT and NGINX. nginx takes no port 0: another try where one is taken.
start_nginx() {
    local tries
    for ((tries = 0; tries < 20; tries++)); do
        PORT=$((20000 + RANDOM % 10000))
        cat >nginx.conf <<CONF
daemon off; worker_processes 1; pid $PWD/nginx.pid; error_log $PWD/error.log;
user $(id -un) $(id -gn);
events { worker_connections 1024; }
http {
    access_log off; keepalive_requests 100000;
    client_body_temp_path $PWD; proxy_temp_path $PWD; fastcgi_temp_path $PWD;
    uwsgi_temp_path $PWD; scgi_temp_path $PWD;
    server { root $PWD/www; ${*//@PORT@/$PORT} }
}
CONF
        nginx -p "$PWD" -c "$PWD/nginx.conf" 2>/dev/null 3>&- &
        NGINX=$!
        while kill -0 "$NGINX" 2>/dev/null; do
            # The file appears once the port is bound.
            [ ! -s nginx.pid ] || return 0
        done
    done
    cat error.log
    return 1
}

# It may be gone, or never have been there.
end_nginx() {
    [ -n "${NGINX:-}" ] || return 0
    kill "$NGINX" 2>/dev/null || true
    wait "$NGINX" 2>/dev/null || true
}
