#!/bin/sh
# Draws the pictures beside it with zint (2.11.1); tests read what lies there.
# Each is name, text; a line of texts.tsv beside them has both.
set -eu
cd "$(dirname "$0")"
: > texts.tsv
draw() {
    name=$1 expected=$2
    shift 2
    zint --scale=1.5 --quietzones -o "$name.png" "$@"
    printf '%s\t%s\n' "$name.png" "$expected" >> texts.tsv
}
draw maxicode-4 'A small parcel, 42 g' -b MAXICODE --mode=4 -d 'A small parcel, 42 g'
draw maxicode-4-latin 'Größe: 12, £3' -b MAXICODE --mode=4 -d 'Größe: 12, £3'
draw maxicode-5 'ENHANCED 123456789012345 correction' -b MAXICODE --mode=5 -d 'ENHANCED 123456789012345 correction'
draw maxicode-6 'reader set-up' -b MAXICODE --mode=6 -d 'reader set-up'
draw maxicode-2 '999999999<GS>840<GS>001<GS>TO A NUMBER' -b MAXICODE --mode=2 --primary=999999999840001 -d 'TO A NUMBER'
draw maxicode-3 'B1050 <GS>056<GS>999<GS>TO A LETTER' -b MAXICODE --mode=3 --primary='B1050 056999' -d 'TO A LETTER'
draw aztec-eci 'été 42' -b AZTEC --eci=26 -d 'été 42'
draw aztec-gs1 '0112345678901231' -b AZTEC --gs1 -d '[01]12345678901231'
draw aztec-rune '057' -b AZRUNE -d 57
draw aztec-append 'of two' -b AZTEC --structapp=1,2,PART -d 'of two'
