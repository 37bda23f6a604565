# shellcheck shell=bash
# What the checks of this folder share; sourced by bash, never run.

LC_ALL=C
export LC_ALL

# The checkout, or the folder that a check's own test hands in.
ROOT=${LINT_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)}

# Our files by name pattern, relative to the root: what git knows or would add. Without git (an
# unpacked archive) everything outside the build folders.
sources() {
    if git -C "$ROOT" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git -C "$ROOT" ls-files -co --exclude-standard -- "$@" | while read -r file; do
            # Deleted and not committed yet is still listed.
            [ ! -f "$ROOT/$file" ] || printf '%s\n' "$file"
        done
    else
        local -a names=()
        local pattern
        for pattern; do names+=(-o -name "$pattern"); done
        (cd -- "$ROOT" && find . \( -name 'build*' -o -name node_modules -o -name .git \) -prune -o \
            -type f \( "${names[@]:1}" \) -print | sed 's|^\./||')
    fi | sort
}

# tool NAME: its version 14 by whatever name, or the end. Other versions format and warn otherwise.
tool() {
    local candidate
    for candidate in "$1-14" "$1"; do
        if command -v "$candidate" >/dev/null && "$candidate" --version | grep -q 'version 14\.'; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    printf '%s 14 is needed; scripts/test installs it\n' "$1" >&2
    return 1
}
