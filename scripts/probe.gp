# The latency of the probe under load by percentile, one curve per arm: probe.svg and probe.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/probe.gp
#
# Reads arms.dat, caption.dat, probe.dat and probe_new.dat from the current folder
# (docs/pictures.md). Every text is read as a string and shown with noenhanced, so that it never
# becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("probe.gp")] # the other scripts are beside this one
load here . "common.gp"

output = 'probe'
head = "A light request under load"
across = "Percentile of probes"
solid = 'probe.dat'; dashed = 'probe_new.dat'; limits = ""
note = "on a connection that was kept; thin: fewer than 10 samples above, or a lower bound: some had no response yet"
dashed_note = "dashed: probes that had to open a connection first"
nothing_note = "no probe has a time"
load here . "curves.gp"
