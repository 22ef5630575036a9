#!/usr/bin/env python3
"""Measures the tables by groups in RESULTS.md anew, all on the same machine.

    cargo build --release -p saoma-benches --features peer-zxing-cpp --bin corpus
    benches/refresh.py CORPORA [HEADING…]

CORPORA holds boof, off and zxingcpp. Without headings all of the sections below are measured.
"""

import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
CORPUS = HERE.parent / "target/release/corpus"
QR_GROUPS = "microqr qrcode rmqr"
LINEAR_GROUPS = "codabar code databar dxf ean itf rss telepen upc"
MATRIX_GROUPS = "aztec datamatrix maxicode micropdf417 pdf417"
PEER = "--peer zxing-cpp --cpu"

# By heading: the runs of `corpus` whose tables the section holds, in this order.
SECTIONS = {
    "QR Code in photographs: boof": [f"--symbologies qr {PEER} --repeat 2 boof"],
    "At Thorough": ["--symbologies qr --effort thorough --cpu boof"],
    "QR Code, Micro QR Code, rMQR Code: zxingcpp": [
        f"--symbologies qr,micro-qr,rmqr {PEER} --repeat 5 zxingcpp only:{QR_GROUPS}"
    ],
    "Data Matrix, Aztec Code, MaxiCode, PDF417, MicroPDF417: zxingcpp": [
        f"--symbologies data-matrix,aztec,maxicode,pdf417,micro-pdf417 {PEER} --repeat 5 zxingcpp only:{MATRIX_GROUPS}"
    ],
    "Linear codes: zxingcpp": [
        f"--symbologies linear,dx-film-edge {PEER} --repeat 5 zxingcpp only:{LINEAR_GROUPS}"
    ],
    "Linear codes on food packages: off": [f"--symbologies linear {PEER} --repeat 3 off"],
    "Pictures without codes": [f"{PEER} --repeat 2 zxingcpp only:falsepositives"],
    "All of zxingcpp, all symbologies on both sides": [f"{PEER} --repeat 2 zxingcpp"],
    "Photographs, all symbologies on both sides": [f"{PEER} boof", f"{PEER} off"],
}
TABLE = re.compile(r"\| group .*?```text\n.*?```\n", re.DOTALL)


def measured(run: str, corpora: pathlib.Path) -> str:
    """The table that a run prints."""
    run, _, groups = run.partition(" only:")
    only = [word for group in groups.split() for word in ("--only", group)]
    *options, corpus = run.split()
    command = [CORPUS, *options, *only, "--markdown", corpora / corpus]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return TABLE.search(output)[0]


def main() -> None:
    corpora, headings = pathlib.Path(sys.argv[1]), sys.argv[2:] or list(SECTIONS)
    results = HERE / "RESULTS.md"
    for heading in headings:
        tables = [measured(run, corpora) for run in SECTIONS[heading]]
        # Text before the heading, of its section, and behind that.
        start = re.search(rf"^##+ {re.escape(heading)}\n", (text := results.read_text()), re.MULTILINE).end()
        end = next((m.start() + start for m in re.finditer(r"^##+ ", text[start:], re.MULTILINE)), len(text))
        section = text[start:end]
        assert len(TABLE.findall(section)) == len(tables), heading
        left = iter(tables)
        section = TABLE.sub(lambda _: next(left), section)
        results.write_text(text[:start] + section + text[end:])
        print(heading, *(line for table in tables for line in table.splitlines() if "RATIO" in line), sep="\n  ")


if __name__ == "__main__":
    main()
