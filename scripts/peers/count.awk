# Turns the printed report of a load generator into one line of JSON:
#   awk -v name=wrk -f count.awk REPORT
# requests: answered; failed: those of them with a wrong status, and requests without an answer.

function number(text)
{
    gsub(/[^0-9.]/, "", text)
    return text + 0
}

name == "wrk" && / requests in / {
    requests = $1 + 0
    seconds = $4 ~ /m,$/ ? number($4) * 60 : number($4)
}
name == "wrk" && /Socket errors:/ {
    failed += number($4) + number($6) + number($8) + number($10)
}
name == "wrk" && /Non-2xx/ {
    failed += $NF
}

name == "ab" && /^Complete requests:/ { requests = $3 }
name == "ab" && /^Time taken for tests:/ { seconds = $5 }
name == "ab" && /^(Failed requests|Write errors):/ { failed += $3 }
name == "ab" && /^Non-2xx responses:/ { failed += $3 }

name == "h2load" && /^finished in/ { seconds = number($3) }
name == "h2load" && /^requests:/ {
    requests = $8
    failed += $10 + $12 + $14
}

name == "hey" && /^ *Total:/ { seconds = $2 }
name == "hey" && /^ *\[[0-9]+\].* responses/ {
    requests += $2
    if ($1 !~ /^\[2/)
        failed += $2
}
# Under "Error distribution:" each line starts with a count in brackets.
name == "hey" && /^ *\[[0-9]+\]/ && !/ responses/ { failed += number($1) }

name == "s_time" && / connections in .* real seconds/ {
    requests = $1
    seconds = $4
}

END { printf "{\"requests\":%d,\"seconds\":%.6f,\"failed\":%d}\n", requests, seconds, failed }
