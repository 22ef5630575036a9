#!/usr/bin/env bash
# Draws the symbols of this folder anew with zint (2.11 or later) and writes what they hold.
# One line of expected.tsv a picture: name, symbology, text with \x escapes.
set -euo pipefail
cd "$(dirname "$0")"
rm -f ./*.png expected.tsv

draw() { # name zint's-name our-name text options…
    local name=$1 barcode=$2 symbology=$3 text=$4
    shift 4
    zint --barcode="$barcode" --scale=1 --whitesp=2 --vwhitesp=2 --output="$name.png" "$@"
    printf '%s\t%s\t%s\n' "$name" "$symbology" "$text" >>expected.tsv
}
pdf() { draw "$1" PDF417 pdf417 "$2" "${@:3}"; }
micro() { draw "$1" MICROPDF417 micro-pdf417 "$2" "${@:3}"; }

for level in 0 1 2 3 4 5 6 7 8; do
    pdf "level-$level" "LEVEL $level of 0 to 8" --secure=$level --data="LEVEL $level of 0 to 8"
done
for columns in 1 2 7 15 30; do
    text="$columns columns, 0123456789"
    pdf "columns-$columns" "$text" --cols=$columns --data="$text"
done
text=$(printf 'row %02d/' $(seq 40))
pdf rows-90 "$text" --cols=4 --rows=90 --secure=4 --data="$text"
draw compact PDF417COMP pdf417 'a compact symbol' --data='a compact symbol'
draw compact-large PDF417COMP pdf417 "$text" --data="$text" --cols=8
pdf text 'Mixed Text; (with) [every] {kind} of "shift" & latch: 12,5 %' \
    --data='Mixed Text; (with) [every] {kind} of "shift" & latch: 12,5 %'
pdf digits 01234567890123456789012345678901234567890123456789012345678901234567 \
    --data=01234567890123456789012345678901234567890123456789012345678901234567
pdf bytes '\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x01' --binary --esc \
    --data='\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8A\x01'
pdf bytes-by-six '\x80\x01\x82\x83\x84\x85' --binary --esc --data='\x80\x01\x82\x83\x84\x85'
pdf latin 'Größe über Ärger: ÄÖÜßäöü' --data='Größe über Ärger: ÄÖÜßäöü'
pdf eci-greek 'αβγ' --eci=9 --data='αβγ'
pdf eci-utf8 '扫码 scan' --eci=26 --data='扫码 scan'
pdf reader-init 'set up' --init --data='set up'
pdf part-2-of-3 'second part' --structapp=2,3,017053 --data='second part'
pdf part-3-of-3 'third part' --structapp=3,3,017053 --data='third part'

# The sizes of MicroPDF417 follow from columns and length.
for columns in 1 2 3 4; do
    last=0
    for length in $(seq 1 2 250); do
        text=$(printf 'A%.0s' $(seq "$length"))
        # With a warning comes another number of columns.
        rows=$(zint --barcode=MICROPDF417 --cols=$columns --data="$text" --dump 2>&1 | wc -l)
        if zint --barcode=MICROPDF417 --cols=$columns --data="$text" --dump 2>&1 | grep -q Warn; then
            break
        fi
        if [ "$rows" -gt "$last" ]; then
            last=$rows
            text=$(printf '%s x %s ABCDEFGHIJKLMNOPQRSTUVWXYZ' "$columns" "$rows")$text
            text=${text:0:$length}
            micro "size-${columns}x$rows" "$text" --cols=$columns --data="$text"
        fi
    done
done
micro micro-bytes '\x80\x81\x82\x01\x84\x85\x86' --binary --esc --data='\x80\x81\x82\x01\x84\x85\x86'
micro micro-digits 0123456789012345678901234 --data=0123456789012345678901234
micro micro-eci '扫码' --eci=26 --data='扫码'
