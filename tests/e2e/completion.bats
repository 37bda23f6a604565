#!/usr/bin/env bats
# What bash, zsh and fish offer after TAB: every option, its choices, and files where one is taken.

load common

COMMANDS="run compare sweep capacity check merge diff report serve doctor selftest"

setup() {
    own_folder
    for shell in bash zsh fish; do
        "$BENCH_BUILD/bench" --completion $shell >bench.$shell
    done
}

# options COMMAND: all that its help shows.
options() {
    "$BENCH_BUILD/bench" "$1" --help | grep -o '^ .\{0,6\}--[a-z0-9-]*' | grep -o -- '--[a-z0-9-]*' | sort -u
}

# in_bash WORD...: what bash offers for the last one.
in_bash() {
    bash -c 'source ./bench.bash
             COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
             _bench
             printf "%s\n" "${COMPREPLY[@]}"' complete "$@"
}

# in_zsh LINE: the line after a TAB, with an "=" behind it.
in_zsh() {
    # Without a user's files; the prompt is written in two parts, so that its echo is not taken for it.
    HOME=$PWD timeout "$PATIENCE" zsh -f -c '
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "autoload -Uz compinit; compinit -u -D; source ./bench.zsh; PS1=RE\"\"ADY:"
        zpty -r shell got "*READY:*"
        zpty -w -n shell "$1"$'"'\\t=\\n'"'
        zpty -r shell got "*READY:*"
        print -r -- "${got%%READY*}"
        zpty -d shell' complete "$1" 3>&-
}

in_fish() {
    HOME=$PWD fish --no-config -c "source ./bench.fish; complete -C '$1'" 3>&- | cut -f 1
}

@test "bash offers every command, and every option of each" {
    [ "$(in_bash bench '' | grep -v '^-' | xargs)" = "$COMMANDS" ]
    for command in $COMMANDS; do
        diff <(options $command) <(in_bash bench $command -- | grep '^--' | sort -u)
    done
}

@test "fish offers every command, and every option of each" {
    [ "$(in_fish 'bench ' | sort | xargs)" = "$(tr ' ' '\n' <<<"$COMMANDS" | sort | xargs)" ]
    for command in $COMMANDS; do
        diff <(options $command) <(in_fish "bench $command --" | grep '^--' | sort -u)
    done
}

@test "zsh reads its script, and completes commands, options and choices" {
    zsh -n bench.zsh
    for command in $COMMANDS; do # of each there is every option
        for option in $(options $command); do
            sed -n "/^    $command)$/,/;;\$/p" bench.zsh | grep -q -F -- "'*$option"
        done
    done
    [[ $(in_zsh 'bench comp') == *compare* ]]
    [[ $(in_zsh 'bench run --expect-b') == *--expect-body* ]]
    [[ $(in_zsh 'bench run --arrivals poi') == *poisson* ]]
}

@test "choices and files are offered where an option takes them" {
    touch a-body.json
    [ "$(in_bash bench run --arrivals p)" = poisson ]
    [ "$(in_bash bench run -i a-b)" = a-body.json ]
    [ "$(in_bash bench report a-b)" = a-body.json ]
    [ -z "$(in_bash bench run -c '')" ]
    [ "$(in_fish 'bench run --arrivals p')" = poisson ]
    [ "$(in_fish 'bench run -i a-b')" = a-body.json ]
    [[ $(in_zsh 'bench run -i a-bo') == *a-body.json* ]]
}

@test "another shell has none, and that is said" {
    run -2 "$BENCH_BUILD/bench" --completion tcsh
    [ "$output" = "bench: no completion for 'tcsh'; there is one for bash, zsh and fish" ]
    run -2 "$BENCH_BUILD/bench" --man nothing
    [[ $output == *"unknown command 'nothing'"* ]]
}
