# Percentiles of the latency over time, a panel for each, one curve per arm: percentiles.svg and percentiles.png.
#
#   bench report RESULT... --data DIR && cd DIR && gnuplot PATH/TO/percentiles.gp
#
# Reads arms.dat, caption.dat, limits.dat, percentiles.dat and spike.dat from the current folder (docs/pictures.md). Every text is
# read as a string and shown with noenhanced, so that it never becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("percentiles.gp")] # the other scripts are beside this one
load here . "common.gp"

output = 'percentiles'
head = "Percentiles over time"
averaged = pooled
note = "of the requests that completed in each stretch of time; a gap: none completed"
more = 0; extra = ""
stack = 0
panels = 4
array title[4]  = ["Highest", "p99", "p90", "p50"]
array column[4] = [6, 5, 4, 3]
array file[4]   = ["percentiles.dat", "percentiles.dat", "percentiles.dat", "percentiles.dat"]
array one[4]    = ["ms", "ms", "ms", "ms"]
array at_end[4] = [0, 0, 0, 0]
array quantile[4] = [1, 0.99, 0.9, 0.5]
limits = 'limits.dat'
back_column = "back_s"
load here . "over_time.gp"
