#!/usr/bin/env bash
# Draws the symbols of this folder anew with zint (2.11 or later) and writes what they hold.
# One line of expected.tsv a picture: name, symbology identifier, text with \x escapes.
set -euo pipefail
cd "$(dirname "$0")"
rm -f ./*.png expected.tsv

draw() { # name identifier text options…
    local name=$1 identifier=$2 text=$3
    shift 3
    zint --barcode=DATAMATRIX --scale=1 --whitesp=2 --vwhitesp=2 --output="$name.png" "$@"
    printf '%s\t%s\t%s\n' "$name" "$identifier" "$text" >>expected.tsv
}

squares=(10 12 14 16 18 20 22 24 26 32 36 40 44 48 52 64 72 80 88 96 104 120 132 144)
rectangles=(8x18 8x32 12x26 12x36 16x36 16x48)
extension=(8x48 8x64 8x80 8x96 8x120 8x144 12x64 12x88 16x64 20x36 20x44 20x64 22x48 24x48 24x64 26x40 26x48 26x64)
version=0
for size in "${squares[@]/%/x}" "${rectangles[@]}" "${extension[@]}"; do
    version=$((version + 1))
    case $size in *x) size=$size${size%x} ;; esac
    # The extension has identifiers of its own (ISO/IEC 21471).
    identifier=]d$((version > 30 ? 7 : 1))
    draw "size-$size" "$identifier" "$version A" --vers=$version --data="$version A"
done

draw digits ]d1 0123456789012345 --data=0123456789012345
draw c40 ]d1 'UPPER CASE LETTERS AND 1 DIGIT' --data='UPPER CASE LETTERS AND 1 DIGIT'
draw text ]d1 'lower case letters, mostly' --data='lower case letters, mostly'
draw x12 ]d1 'ABC>ABC*123>ABC>DEF' --data='ABC>ABC*123>ABC>DEF'
draw edifact ]d1 'ABC@DEF.GHI-JKL+MNO:PQR' --data='ABC@DEF.GHI-JKL+MNO:PQR'
draw latin ]d1 'Größe über Ärger: ÄÖÜßäöü' --data='Größe über Ärger: ÄÖÜßäöü'
draw eci-greek ]d4 'αβγ' --eci=9 --data='αβγ'
draw eci-utf8 ]d4 '扫码 scan' --eci=26 --data='扫码 scan'
draw gs1 ]d2 '010491234512345910ABC\x1d21XYZ' --gs1 --data='[01]04912345123459[10]ABC[21]XYZ'
draw macro-05 ]d1 '[)>\x1e05\x1dMACRO\x1e\x04' --esc --data='[)>\R05\GMACRO\R\E'
draw macro-06 ]d1 '[)>\x1e06\x1dmacro six\x1e\x04' --esc --data='[)>\R06\Gmacro six\R\E'
draw reader-init ]d1 'set up' --init --data='set up'
draw part-2-of-3 ]d1 'second part' --structapp=2,3,5007 --data='second part'
