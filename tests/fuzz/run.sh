#!/bin/sh
# Builds each fuzz target with clang and runs it for FUZZ_SECONDS (60). What it found to be interesting is kept in
# build/fuzz/<target>.corpus and used again; a crash leaves its input in build/fuzz and ends this with status 1.
set -eu
cd "$(dirname "$0")/../.."
compiler=${FUZZ_CXX:-clang++-14}
seconds=${FUZZ_SECONDS:-60}
out=build/fuzz
if ! command -v "$compiler" > /dev/null; then
  echo "tests/fuzz/run.sh: $compiler is missing (package clang-14)" >&2
  exit 1
fi

# The sources and libraries that a target needs.
sources() {
  case $1 in
    http_connection) echo "src/base/*.cpp src/http/chunk_decoder.cpp src/http/form.cpp src/http/message.cpp src/http/path.cpp
      src/http/request_reader.cpp src/http/status.cpp" ;;
    identifier) echo "src/base/*.cpp src/identity/*.cpp $(pkg-config --cflags --libs icu-i18n icu-uc) -lzxcvbn" ;;
    logo) echo "src/base/*.cpp src/flow/check_logo.cpp" ;;
    *) echo "tests/fuzz/run.sh: say which sources $1_fuzz.cpp needs" >&2; return 1 ;;
  esac
}

mkdir -p "$out"
failed=0
for file in tests/fuzz/*_fuzz.cpp; do
  target=$(basename "$file" _fuzz.cpp)
  needed=$(sources "$target")
  echo "== $target: building"
  # shellcheck disable=SC2086  # words on purpose
  "$compiler" -std=c++20 -O1 -g1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -Isrc \
    "$file" $needed -lspdlog -lfmt -lpthread -o "$out/$target"
  mkdir -p "$out/$target.corpus"
  echo "== $target: $seconds s"
  "$out/$target" -max_total_time="$seconds" -max_len=4096 -print_final_stats=1 -artifact_prefix="$out/$target-" \
    "$out/$target.corpus" > "$out/$target.log" 2>&1 || { failed=1; tail -40 "$out/$target.log"; continue; }
  grep -E 'number_of_executed_units|^Done' "$out/$target.log"
done
exit $failed
