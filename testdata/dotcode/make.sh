#!/bin/sh
# Draws the symbols beside it with zint (2.11.1), a dot a pixel at odd places, and texts.tsv: file,
# escaped text. Tests read what lies there and need no zint.
set -eu
cd "$(dirname "$0")"
rm -f ./*.png
: > texts.tsv
draw() { # file, text as zint and Rust escape it, then zint's options
    file=$1 text=$2
    shift 2
    zint -b DOTCODE --scale=0.5 --esc "$@" -d "$text" -o "$file.png"
    printf '%s\t%s\n' "$file.png" "$text" >> texts.tsv
}

# Sizes from the smallest on, masks in turn, with corners lit by force and without.
length=1
count=0
while [ $length -lt 700 ]; do
    text=$(seq -s ' x' 9999 | cut -c1-$length | sed 's/ *$//')
    draw "length-$length" "$text" --mask=$((count % 8))
    length=$((length + 1 + length / 6))
    count=$((count + 1))
done
# Sides of any parity, narrow ones and wide ones.
for columns in 5 6 7 8 11 14 23 30 41 62; do
    draw "columns-$columns" 'Columns of dots 0123' --cols=$columns
done

# Every code set and mode.
draw digits 12345678901234567890
draw controls 'A\x01\x02\x03B\tlower\r\nUPPER\x1CX\x1DY\x1EZ'
draw shifts 'abcA1234B56c\x01d123456789012e'
draw bytes 'Gr\xC3\xBC\xC3\x9Fe' --binary
draw latin 'Gr\xFC\xDFe, na\xEFve caf\xE9s' --binary --eci=3
draw utf8 'Grüße, 扫码' --eci=26
draw han '扫码扫码扫码扫码 1234567890 扫码' --eci=26
draw far-eci 'far' --eci=900
draw initialise '1234' --init
draw part 'part two of five' --structapp=2,5
draw last-part '123456' --structapp=35,35
draw macro-05 '[)>\x1E05\x1DABC\x1E\x04'
draw macro-06 '[)>\x1E06\x1Dabc\x1E\x04'
draw macro-12 '[)>\x1E12\x1D123\x1E\x04'
draw macro-07 '[)>\x1E07free form\x04'
draw gs1 '[01]09521234543213[17]261231[10]A1B2[21]98765' --gs1
