# Latency by percentile, one curve per arm: latency.svg and latency.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/latency.gp
#
# Reads arms.dat, caption.dat, latency.dat, latency_unfinished.dat and limits.dat from the current
# folder (docs/pictures.md). Every text is read as a string and shown with noenhanced, so that it
# never becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("latency.gp")] # the other scripts are beside this one
load here . "common.gp"

do for [i = 1:arms] {
    label[i] = label[i] . "  (" . completed[i] . ")"
    plain_label[i] = plain_label[i] . "  (" . completed[i] . ")"
    widest = strlen(label[i]) > widest ? strlen(label[i]) : widest
}
output = 'latency'
head = "Latency by percentile"
across = "Percentile of requests"
solid = 'latency.dat'; dashed = 'latency_unfinished.dat'; limits = 'limits.dat'
note = "thick: completed requests (number in brackets); thin: fewer than 10 samples above"
dashed_note = "dashed: including unfinished requests with the time elapsed so far, a lower bound"
nothing_note = "no request completed, and none in flight"
load here . "curves.gp"
