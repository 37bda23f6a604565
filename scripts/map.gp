# Which arm is best at which values of two options, a cell for each two: map.svg and map.png.
#
#   bench report SWEEP --data DIR && cd DIR && gnuplot PATH/TO/map.gp
#
# Reads arms.dat, caption.dat, text.dat, axes.dat, values.dat, cells.dat, stripes.dat and borders.dat
# from the current folder (docs/pictures.md). Every text is read as a string and shown with
# noenhanced, so that it never becomes part of a command.
here = ARG0[1:strlen(ARG0) - strlen("map.gp")] # the other scripts are beside this one
load here . "common.gp"
load here . "sweep_axes.gp"

# --- what there is to show ---

columns = counts[1]; rows = counts[2]
longest = 0; most_lines = 1; shared = 0; unranked = 0; failures = 0; least = 1e300; most = -1e300
lines(one, two) = 1 + (one ne " ") + (two ne " ")
longer(a, b) = a > b ? a : b
stats 'cells.dat' using (longest = longer(longest, longer(strlen(strcol(7)), longer(strlen(strcol(9)), strlen(strcol(11))))), \
                         most_lines = longer(most_lines, lines(strcol(7), strcol(9))), \
                         shared = shared || $3 == 1, unranked = unranked || $3 == 3, failures = failures || $6 > 0, \
                         least = $5 < least ? $5 : least, most = $5 > most ? $5 : most, 1) nooutput
certain = 0; possible = 0
stats 'borders.dat' using (certain = certain || $5 == 1, possible = possible || $5 == 0, 1) nooutput

# --- lay-out, in pixels of the SVG; the PNG is twice as large ---

value_width = 0; value_height = 18; cpu_width = 0
do for [k = 1:rows] {
    value_width = longer(value_width, longer(8.6 * strlen(names2[k]), 7.4 * strlen(cpu2[k])))
    if (cpu2[k] ne " ") { value_height = 34 }
}
below = 58
do for [k = 1:columns] {
    cpu_width = longer(cpu_width, longer(8.6 * strlen(names1[k]), 7.4 * strlen(cpu1[k])))
    if (cpu1[k] ne " ") { below = 74 }
}
wanted = longer(longer(64, 6.8 * longest + 44), cpu_width + 14)
most_across = 3600.0 # beyond it cells are small, and say nothing
has_text = columns * wanted <= most_across && rows * 70 <= most_across
cell_width = has_text ? wanted : longer(4.0, most_across / columns < 40 ? most_across / columns : 40.0)
cell_height = has_text ? 24.0 + 14 * most_lines + 10 : longer(4.0, most_across / rows < 40 ? most_across / rows : 40.0)
if (has_text && cell_height < value_height) { cell_height = value_height }
nth_column = int(ceil((cpu_width + 8) / cell_width)) # that has its value below it
nth_row = int(ceil(value_height / cell_height))

left = 30 + longer(value_width, 8.8 * strlen(options[2]))
key_width = arms > 1 ? 50 + 9.0 * widest : 22
third = strlen(caption[3]) > 1 ? 19 : 0
above = 84 + third + 24
across = columns * cell_width
down = rows * cell_height
keys = arms > 1 ? 28.0 * arms : 0 # a row of the key needs 28
notes = 1 + (shared || unranked || failures) + (certain || possible)
plot_height = longer(down, keys)
width = longer(left + across + key_width + 22, longer(760.0, 36 + 8.8 * longer(strlen(caption[1]), longer(strlen(caption[2]), strlen(caption[3])))))
height = above + plot_height + below + 17 * notes + 8

unset border
unset tics
set lmargin at screen x(left)
set rmargin at screen x(left + across)
set tmargin at screen y(above)
set bmargin at screen y(above + down)
set xrange [0:columns]
set yrange [0:rows]
set key at screen x(left + across + 10), screen y(above - 8) left top Left reverse noenhanced \
    samplen 1 spacing 1.35 width 0 textcolor rgb ink title ""
if (arms == 1) { unset key }

# --- the cells ---

level(v) = most > least ? (v - least) / (most - least) : 1
# A single arm is shaded by its figure.
best(arm, v) = arms == 1 ? shade(level(v) < 0.02 ? 0.02 : level(v)) : colour(int(arm) + 1)
tall(px) = px / cell_height
wide(px) = px / cell_width
# The paper behind the lines of a cell, and how far each line is above the middle.
half_wide(one, two, three) = !has_text ? 0 : wide(3.4 * longer(strlen(one), longer(strlen(two), strlen(three))) + 6)
half_tall(one, two) = !has_text ? 0 : tall(7.0 * lines(one, two) + 3)
up(i, one, two) = tall(7.0 * (lines(one, two) + 1 - 2 * i))
# Stripes cover two thirds of a cell that is hatched; 12 of them go from corner to corner.
stripe = 0.66 * (2.0 / 12) / sqrt(1 / cell_width ** 2 + 1 / cell_height ** 2)

# --- the picture ---

do for [kind in kinds] {
    evaluate terminal(kind)
    set output 'map.' . kind
    at = kind eq "svg" ? 0 : 1 # the column of a text in cells.dat, after that for the SVG
    set label 1 text_of(1) noenhanced at screen x(18), screen y(24) left font ",15" textcolor rgb ink
    set label 2 about(1) noenhanced at screen x(18), screen y(47) left textcolor rgb grey
    set label 3 about(2) noenhanced at screen x(18), screen y(66) left textcolor rgb grey
    if (third > 0) { set label 4 about(3) noenhanced at screen x(18), screen y(85) left textcolor rgb grey }
    set label 5 option(1) noenhanced at screen x(left + across / 2), screen y(above + down + below - 22) center textcolor rgb ink
    set label 6 option(2) noenhanced at screen x(left - 10), screen y(above - 14) right textcolor rgb ink
    line = above + plot_height + below + 8
    set label 7 (has_text ? "in a cell: the " . (arms > 1 ? "best arm and its " : "") . text_of(2) . ", the median of the rounds" : \
                 "the figures are too many for the cells") . "; the axes are not to scale" \
        noenhanced at screen x(18), screen y(line) left font ",10" textcolor rgb grey
    if (shared || unranked || failures) {
        line = line + 17
        said = (shared ? "; striped: too close to call between these arms" : "") . \
               (unranked ? "; grey: nothing can be ranked" : "") . (failures ? "; cross: an arm failed there" : "")
        set label 8 said[3:] at screen x(18), screen y(line) left font ",10" textcolor rgb grey
    }
    if (certain || possible) {
        line = line + 17
        said = (certain ? "; solid line: the best arm changes" : "") . (possible ? "; dotted line: other arms may be best" : "")
        set label 9 said[3:] at screen x(18), screen y(line) left font ",10" textcolor rgb grey
    }
    do for [k = 1:columns:nth_column] {
        set label 100 + 2 * k label1(k) noenhanced at screen x(left + (k - 0.5) * cell_width), screen y(above + down + 16) \
            center textcolor rgb ink
        if (cpu1[k] ne " ") {
            set label 101 + 2 * k cpu1[k] noenhanced at screen x(left + (k - 0.5) * cell_width), screen y(above + down + 32) \
                center font ",10" textcolor rgb grey
        }
    }
    do for [k = 1:rows:nth_row] {
        has_cpu = cpu2[k] ne " "
        set label 5000 + 2 * k label2(k) noenhanced \
            at screen x(left - 10), screen y(above + down - (k - 0.5) * cell_height - 8 * has_cpu) right textcolor rgb ink
        if (has_cpu) {
            set label 5001 + 2 * k cpu2[k] noenhanced \
                at screen x(left - 10), screen y(above + down - (k - 0.5) * cell_height + 8) right font ",10" textcolor rgb grey
        }
    }
    plot 'cells.dat' using ($1 + 0.5):($2 + 0.5):1:($1 + 1):2:($2 + 1):($3 == 0 ? best($4, $5) : $3 == 1 || $3 == 5 ? paper : faint) with boxxyerror \
             fillstyle solid noborder linecolor rgb variable notitle, \
         'stripes.dat' using 1:2:3:4:($5 == $5 ? colour(int($5) + 1) : 0) with vectors nohead lw stripe linecolor rgb variable notitle, \
         'cells.dat' using ($1 + 0.5):($2 + 0.5):1:($1 + 1):2:($2 + 1) with boxxyerror \
             fillstyle empty lc rgb background lw (has_text ? 4 : 1) notitle, \
         'cells.dat' using ($1 + 0.5):($2 + 0.5):1:($1 + 1):2:($2 + 1) with boxxyerror \
             fillstyle empty lc rgb faint lw 1 notitle, \
         'cells.dat' using ($1 + 0.5):($2 + 0.5):($1 + 0.5 - half_wide(strcol(7), strcol(9), strcol(11))): \
             ($1 + 0.5 + half_wide(strcol(7), strcol(9), strcol(11))): \
             ($2 + 0.5 - half_tall(strcol(7), strcol(9))):($2 + 0.5 + half_tall(strcol(7), strcol(9))) with boxxyerror \
             fillstyle solid noborder fc rgb background notitle, \
         'cells.dat' using ($1 + 0.5):(has_text ? $2 + 0.5 + up(1, strcol(7), strcol(9)) : NaN):(strcol(7 + at)) with labels \
             noenhanced font ",10" textcolor rgb ink notitle, \
         'cells.dat' using ($1 + 0.5):(has_text && strcol(9) ne " " ? $2 + 0.5 + up(2, strcol(7), strcol(9)) : NaN):(strcol(9 + at)) with labels \
             noenhanced font ",10" textcolor rgb ink notitle, \
         'cells.dat' using ($1 + 0.5):(has_text ? $2 + 0.5 + up(lines(strcol(7), strcol(9)), strcol(7), strcol(9)) : NaN):(strcol(11 + at)) with labels \
             noenhanced font ",10" textcolor rgb ink notitle, \
         'borders.dat' using ($5 == 0 ? $1 : NaN):2:3:4 with vectors nohead lw 2.5 dt (2, 4) lc rgb ink notitle, \
         'borders.dat' using ($5 == 1 ? $1 : NaN):2:3:4 with vectors nohead lw 3.5 lc rgb ink notitle, \
         'cells.dat' using ($6 > 0 ? $1 + 1 - wide(11) : NaN):($2 + 1 - tall(11)) with points pt 7 ps 1.5 lc rgb background notitle, \
         'cells.dat' using ($6 > 0 ? $1 + 1 - wide(11) : NaN):($2 + 1 - tall(11)) with points pt 2 ps 0.8 lw 1.8 lc rgb limit_line notitle, \
         for [i = 1:(arms > 1 ? arms : 0)] NaN with points pt 5 ps 2 lc rgb colour(i) title name(i)
    set output
}
