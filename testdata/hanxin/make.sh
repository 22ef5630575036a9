#!/bin/sh
# Draws the symbols beside it with zint (2.11.1), a pixel a module, and texts.tsv: file, text. Tests
# read what lies there and need no zint.
set -eu
cd "$(dirname "$0")"
rm -f ./*.png
: > texts.tsv
draw() { # file, text, then zint's options
    file=$1 text=$2
    shift 2
    zint -b HANXIN --scale=0.5 "$@" -d "$text" -o "$file.png"
    printf '%s\t%s\n' "$file.png" "$text" >> texts.tsv
}

# All 84 versions, levels and masks in turn.
version=0
while [ $version -lt 84 ]; do
    version=$((version + 1))
    side=$((21 + 2 * version))
    text=$(seq -s 'x ' 9999 | cut -c1-$((side * side / 35 - 8)))
    draw "version-$version" "$text" --vers=$version --secure=$((1 + version % 4)) \
        --mask=$((1 + version / 4 % 4))
done

# Every mode.
draw numeric 0123456789012345
draw text 'Text: {both} sets, 42!'
draw latin 'Grüße' --eci=3
draw utf8 'Grüße, 扫码' --eci=26
draw region-1 '汉信码中文，。！āáǎ'
draw region-2 '亍丌兀丐廿卅亓'
draw regions '汉信亍丌码丐中廿文'
draw two-bytes '㑳㑇㖞㘚㘎'
draw four-bytes '㐀㐁A㐂ᠠ'
draw mixed '汉信码 Han Xin Code 1234567890 亍 㐀 end'
