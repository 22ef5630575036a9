#!/bin/sh
# Draws the pictures of this folder anew with zint (https://zint.org.uk), an encoder that is not
# ours, and texts.tsv beside them: file, symbology, text. Tests read the files and need no zint.
set -eu
cd "$(dirname "$0")"
rm -f ./*.png texts.tsv

draw() { # file, symbology, text, then zint's options
    file=$1 symbology=$2 text=$3
    shift 3
    zint "$@" --scale=1 -d "$text" -o "$file.png"
    printf '%s\t%s\t%s\n' "$file.png" "$symbology" "$text" >> texts.tsv
}

micro() { draw "micro-m$1-$2" micro-qr "$4" -b MICROQR --vers="$1" --secure="$3" --quietzones; }
micro 1 l 1 12345
micro 1 l-short 1 7
micro 2 l 1 01234567
micro 2 m 2 AB-1
micro 3 l 1 'E=mc2 abc'
micro 3 m 2 'M3 text'
micro 3 kanji 1 '点茗点'
micro 4 l 1 'Micro QR M4-L'
micro 4 m 2 'M4, Mixed 12'
micro 4 q 3 'Q:123 '

# All 32 sizes of rMQR Code at both levels.
version=0
for size in 7x43 7x59 7x77 7x99 7x139 9x43 9x59 9x77 9x99 9x139 11x27 11x43 11x59 11x77 11x99 \
    11x139 13x27 13x43 13x59 13x77 13x99 13x139 15x43 15x59 15x77 15x99 15x139 17x43 17x59 17x77 \
    17x99 17x139; do
    version=$((version + 1))
    for level in 2 4; do
        draw "rmqr-$size-$level" rmqr $((1000 * level + version)) -b RMQR --vers=$version --secure=$level --quietzones
    done
done
draw rmqr-utf8 rmqr 'Grüße, 扫码' -b RMQR --eci=26 --quietzones
draw rmqr-kanji rmqr '点茗漢字仮名' -b RMQR --quietzones
