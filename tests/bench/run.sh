#!/usr/bin/env bash
# The promises about speed and size, measured: server on core 0, driver on core 1, every figure next to the value that
# it is compared with, measured in the same run. Prints one table and writes build/bench/report.json. Options: see
# run.mjs.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/bench
exec node tests/bench/run.mjs --build build/release --out build/bench "$@"
