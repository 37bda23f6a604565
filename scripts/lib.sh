# shellcheck shell=bash
# What the scripts of this folder share; sourced by bash, never run.
#
#   need build run     install what scripts/packages.txt lists for these needs and is missing,
#                      or say which one command does it, and exit 2
#   build_preset NAME FOLDER [cmake option...]
#                      configure and build; short lines on stderr, the whole log on failure
#   choose_cores       sets server_pin and client_pin, the commands that run a program on a core of
#                      its own; empty where there is only one
#   machine            prints what this machine is, and how busy it is
#
# Nothing here writes to stdout: that belongs to the program that the script runs.

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
# Servers are installed in folders that only root's PATH has.
PATH=$PATH:/usr/sbin:/sbin

say() {
    printf 'bench: %s\n' "$*" >&2
}

die() {
    say "$*"
    exit 2
}

# is_there KIND NAME: the last two words of a row in packages.txt.
is_there() {
    case $1 in
    command) command -v "$2" >/dev/null ;;
    pkgconfig) pkg-config --exists "$2" 2>/dev/null ;;
    package) [ "$(dpkg-query -W -f '${db:Status-Status}' "$2" 2>/dev/null)" = installed ] ;;
    *) die "scripts/packages.txt: '$1' is not a kind of proof" ;;
    esac
}

# The packages still missing for the needs given, one a line.
missing_packages() {
    local need package kind name
    while read -r need package kind name; do
        [[ " $* " == *" $need "* ]] || continue
        is_there "$kind" "$name" || printf '%s\n' "$package"
    done < <(grep -v -e '^#' -e '^[[:space:]]*$' "$ROOT/scripts/packages.txt") | sort -u
}

apt_get() {
    "${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=1 -o Acquire::http::Timeout=20 "$@" </dev/null
}

# The package lists have a separate lock, for which apt-get does not wait.
apt_update() {
    local log=$1 try
    say "apt-get update"
    for ((try = 0; try < 30; try++)); do
        LC_ALL=C apt_get update >"$log" 2>&1 && return
        grep -q 'Could not get lock' "$log" || return
        sleep 2
    done
}

# A server that is installed as a tool must not start and listen on the network.
keep_services_down() {
    local policy=/usr/sbin/policy-rc.d
    [ -e "$policy" ] && return
    printf '#!/bin/sh\nexit 101\n' | "${AS_ROOT[@]}" tee "$policy" >/dev/null
    "${AS_ROOT[@]}" chmod 755 "$policy"
    trap '"${AS_ROOT[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
}

# Runs in a subshell: its trap is its own.
install_packages() (
    log=$(mktemp) updated=no
    keep_services_down
    # A machine that never updated has no lists, and then no package has a known version.
    if ! apt-cache show "$@" >/dev/null 2>&1; then
        apt_update "$log"
        updated=yes
    fi
    say "apt-get install $*"
    status=0
    apt_get install -y --no-install-recommends "$@" >>"$log" 2>&1 || status=$?
    # Old lists name versions that the archive no longer has.
    if [ "$status" -ne 0 ] && [ "$updated" = no ]; then
        apt_update "$log"
        status=0
        apt_get install -y --no-install-recommends "$@" >>"$log" 2>&1 || status=$?
    fi
    [ "$status" -eq 0 ] || tail -n 20 "$log" >&2
    rm -f "$log"
    return "$status"
)

need() {
    local -a missing
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    command -v apt-get >/dev/null ||
        die "missing, and no apt-get here to install them: ${missing[*]}"
    local command="apt-get install -y --no-install-recommends ${missing[*]}"
    AS_ROOT=()
    if [ "$(id -u)" -ne 0 ]; then
        AS_ROOT=(sudo -n)
        if ! sudo -n true 2>/dev/null; then
            say "missing: ${missing[*]}"
            say "run this as root, then start again:"
            printf '\n    apt-get update && %s\n\n' "$command" >&2
            exit 2
        fi
    fi
    say "missing: ${missing[*]}"
    install_packages "${missing[@]}" ||
        die "could not install them (offline?); when the packages can be reached, run: $command"
    hash -r
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -eq 0 ] || die "installed, and still not found: ${missing[*]}"
}

# quietly LABEL COMMAND...: the command's output only when it fails.
quietly() {
    local label=$1 log status=0
    shift
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    [ "$status" -eq 0 ] || cat "$log" >&2
    rm -f "$log"
    [ "$status" -eq 0 ] || die "$label failed; the lines above say why"
}

# Configures when the folder is new, when the presets changed, or when options are given; ninja
# notices every other change itself.
build_preset() {
    local preset=$1 dir=$ROOT/$2
    shift 2
    if [ "$#" -gt 0 ] || [ ! "$dir/build.ninja" -nt "$ROOT/CMakePresets.json" ]; then
        say "configuring ($preset)"
        quietly "configuring" cmake -S "$ROOT" --preset "$preset" "$@"
    fi
    if ! ninja -C "$dir" -n 2>/dev/null | grep -q 'no work to do'; then
        say "building ($preset); the first time takes a minute"
        quietly "the build" cmake --build "$dir"
    fi
}

# The first two cores that we may use: one for the server, one for the client.
choose_cores() {
    local -a cores
    server_pin=() client_pin=()
    mapfile -t cores < <(taskset -cp $$ | sed 's/.*: //' | tr , '\n' |
        awk -F- '{ for (core = $1; core <= ($2 == "" ? $1 : $2); core++) print core }')
    if [ "${#cores[@]}" -lt 2 ]; then
        say "one core only: the server and the client share it, and the figures with it"
    else
        # shellcheck disable=SC2034 # read by the scripts
        server_pin=(taskset -c "${cores[0]}") client_pin=(taskset -c "${cores[1]}")
    fi
}

machine() {
    printf '%s, %s cores, Linux %s, load average %s before the first run' \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc --all)" \
        "$(uname -r)" "$(cut -d ' ' -f 1 /proc/loadavg)"
}
