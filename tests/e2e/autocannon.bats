#!/usr/bin/env bats
# docs/autocannon.md: every option of autocannon is taken, under each of its names, and every command of the page is one.

load common

setup() {
    own_folder
    PAGE=$BATS_TEST_DIRNAME/../../docs/autocannon.md
    printf '[{"path": "/a"}, {"path": "/b"}]\n' >FILE
    printf '{"log": {"entries": [{"request": {"method": "GET", "url": "http://127.0.0.1:1/h", "headers": []}}]}}\n' >a.har
    printf '{"field": {"type": "text", "value": "x"}}\n' >form.json
    printf 'body' >body.json
    cp body.json post.txt
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem \
        -days 2 -subj /CN=localhost 2>/dev/null
}

bench() {
    timeout "$PATIENCE" "$BENCH_BUILD/bench" "$@" 3>&-
}

@test "every option of autocannon 9 is taken, by its letter and by its names" {
    local count=0
    while read -r line; do
        eval "set -- $line"
        run --separate-stderr bench run --dry-run "$@" "${LAST_URL:-http://127.0.0.1:1/}"
        [ "$status" -eq 0 ] || {
            echo "$line: $stderr"
            return 1
        }
        count=$((count + 1))
    done <<'END'
-c 3
--connections 3
-p 2
--pipelining 2
-c 4 -w 2
-c 4 --workers 2
-d 2
--duration 1m
-a 20
--amount 20
-M 5
--maxConnectionRequests 5
-O 50
--maxOverallRequests 50
-B 3
--bailout 3
-f
--forever
-r 5
--connectionRate 5
-R 50
--overallRate 50
-R 50 -C
-R 50 --ignoreCoordinatedOmission
-t 5
--timeout 5
-D 10
--reconnectRate 10
-S /tmp/some.sock
--socketPath /tmp/some.sock
-m PUT
--method PUT
-b 007
--body 007
-i body.json
--input body.json
-F form.json
--form '{"a": {"type": "text", "value": "b"}}'
-H a=b -H 'c: d'
--headers a=b
--header a=b
-I -b 'a[<id>]'
--idReplacement -b 'a[<id>]'
--har a.har
-E text
--expectBody text
-x
--excludeErrorStats
-L 500
--sampleInt 500
-W [ -c 1 -d 1 ]
--warmup [ -c 1 -d 1 ]
-j
--json
-l
--latency
--renderLatencyTable
--renderStatusCodes
--statusCodes
--no-progress
-n
--renderProgressBar
--no-renderProgressBar
--renderResultsTable
--no-renderResultsTable
-V
--verbose
--no-verbose
-T title
--title title
--debug
-c=5
END
    [ "$count" -ge 70 ]
    run -0 bench run --dry-run -s localhost --ca cert.pem --cert cert.pem --key key.pem https://127.0.0.1:1/
    run -0 bench run --dry-run --servername localhost --ca [ cert.pem cert.pem ] https://127.0.0.1:1/
    run -0 bench run --dry-run --on-port / -- node app.js
    run -0 bench run --dry-run --onPort / -- node app.js
    PORT=1 run -0 bench run --dry-run /path
    run -0 bench run --dry-run http://127.0.0.1:1/a http://127.0.0.1:1/b
    run -0 bench run --dry-run 127.0.0.1:1/a # http is assumed
    run -0 bench run --dry-run http://user:password@127.0.0.1:1/a
    [[ $output != *password* ]]
}

# Its options by their first letter or name, and what only its API has.
@test "the page has a row for each option of autocannon, with what is the same, better or left out" {
    local option
    sed -n '/^## Options/,/^## The document/p' "$PAGE" | grep '^| `' >rows
    for option in -c -p -w -d -a -M -O -B -f -r -R -C -t -D -S -m -b -i -F -H -I --har -E -x -s --cert --key \
        --ca -L -W --on-port -j -l --renderStatusCodes --no-progress -n --renderProgressBar --renderResultsTable \
        -V -T --debug -v -h PORT=N \
        requests setupRequest onResponse verifyBody initialContext tlsOptions track aggregateResult \
        skipAggregateResult setupClient; do
        [ "$(grep -cE -- "^\| [^|]*\`$option(\`|,| )" rows)" -eq 1 ] || { echo "$option"; return 1; }
    done
    # Every row says so: no cell is empty, and nothing is missing.
    run ! grep -E '\|  *\||[Mm]issing' rows
    grep -q '^| several URLs | the same |' "$PAGE"
}

# The right column of the table of other tools.
commands() {
    sed -n '/^## From wrk/,/^## What is left/p' "$PAGE" | grep '^| ' |
        sed 's/\\|//g' | awk -F' \\| ' '{ print $2 }' | grep -o '`bench run[^`]*`' | tr -d '`'
}

@test "every command of the tables is one" {
    [ "$(commands | wc -l)" -ge 20 ]
    while read -r line; do
        line=${line//URL/http://127.0.0.1:1/}
        line=${line//HOST/127.0.0.1:1}
        [[ $line != *--insecure* ]] || line=${line/http:/https:}
        eval "set -- ${line#bench run}"
        run --separate-stderr bench run --dry-run "$@"
        [ "$status" -eq 0 ] || {
            echo "$line: $stderr"
            return 1
        }
    done < <(commands)
}

@test "every option that the page names exists" {
    grep -o '`[^`]*`' "$PAGE" | grep -o -- '--[a-zA-Z][a-zA-Z0-9-]*' | grep -v '[A-Z]' | sort -u >named
    bench run --help | grep -o -- '--[a-z][a-z0-9-]*' | sort -u >ours
    cat <<'END' >theirs
--headers
--verbose
--no-
--completion
--latency-correction
--no-tui
--vus
--duration
--onPort
--timeout
--data
--format
END
    comm -23 named <(sort -u ours theirs) >unknown
    cat unknown
    [ ! -s unknown ]
}
