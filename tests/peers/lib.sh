# shellcheck shell=sh
# What the runs of the tests with npm packages share; sourced by each in the folder of its own
# package.json.

# need WHO PACKAGES PROGRAM...: skips where one is missing.
need() {
    who=$1
    packages=$2
    shift 2
    for program; do
        command -v "$program" >/dev/null && continue
        echo "skipped: $who need $program; install $packages" >&2
        exit 77
    done
}

# The libraries, where they are missing or older than the lock file.
install_libraries() {
    # Two tests at once must not install into one folder: the package list is the lock.
    exec 9<package.json
    flock 9
    installed=node_modules/.package-lock.json
    if [ ! -e "$installed" ] || [ package-lock.json -nt "$installed" ]; then
        npm ci --no-audit --no-fund --loglevel=error >&2
        touch "$installed"
    fi
    flock -u 9
}
