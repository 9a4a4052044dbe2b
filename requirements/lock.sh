#!/bin/sh
# Pins every requirement again: run it after changing dependencies in pyproject.toml, from anywhere.
#   requirements/lock.sh             keeps what is pinned wherever it still fits
#   requirements/lock.sh --upgrade   takes the newest that fits
# The files name versions and hashes and no host: where packages come from is each machine's own affair.
set -eu
unset CDPATH
cd -P -- "$(dirname -- "$0")/.."
for name in $(env | sed -n 's/^\(UV_[A-Z_]*INDEX[A-Z_]*\)=.*/\1/p; s/^\(UV_FIND_LINKS\)=.*/\1/p'); do
    unset "$name"
done
uv=${UV:-uv}
if ! command -v "$uv" >/dev/null; then
    uv=$PWD/.venv/installer/bin/uv
    [ -x "$uv" ] || { echo "uv is needed: run ./overprint --help once, or name it with UV=/path/to/uv." >&2; exit 1; }
fi

pin() {
    output=$1
    shift
    echo "$output"
    "$uv" pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate "$@" --output-file "$output" >/dev/null
}

# Each set is pinned within the one before it, so that adding a set never changes what is installed.
pin requirements/run.txt pyproject.toml "$@"
pin requirements/test.txt pyproject.toml --group test --constraints requirements/run.txt "$@"
pin requirements/bench.txt pyproject.toml --group bench --constraints requirements/test.txt "$@"
pin requirements/installer.txt requirements/installer.in "$@"
pin requirements/cjk.txt requirements/cjk.in "$@"
