#!/bin/sh
# Makes roboto.ttf: Roboto Medium without hints and layout tables, of Latin, Greek, Cyrillic, punctuation and currencies.
# Needs Python 3 with pip and the network; run it to change what the font holds.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet fonttools==4.68.0
"$work/venv/bin/pip" download --quiet --no-deps --no-binary :all: --dest "$work" font-roboto==0.0.1
tar -xzf "$work/font-roboto-0.0.1.tar.gz" -C "$work"
files=$work/font-roboto-0.0.1/font_roboto/files
cp "$files/LICENSE" LICENSE
"$work/venv/bin/pyftsubset" "$files/Roboto-Medium.ttf" --output-file=roboto.ttf \
    --unicodes=U+20-7E,U+A0-17F,U+180-24F,U+2B0-2FF,U+300-36F,U+370-3FF,U+400-52F,U+1E00-1EFF,U+2000-206F,U+20A0-20BF,U+2100-214F,U+2190-2193,U+2200-22FF \
    --layout-features= --no-hinting --desubroutinize --drop-tables+=GDEF,GPOS,GSUB --notdef-outline --name-IDs=0,1,2,5,13
