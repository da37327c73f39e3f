#!/bin/bash
# Runs the tests of one build: tools/run-tests.sh PRESET. Further arguments are passed to ctest, for example
# tools/run-tests.sh dev -R house. The exit status is 0 only if there was a test, and every test ran and passed.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:?usage: tools/run-tests.sh PRESET [ctest arguments]}
shift
build=build/$preset

export ASAN_OPTIONS="detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1:abort_on_error=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
export LSAN_OPTIONS="suppressions=$PWD/tools/lsan.supp:print_suppressions=0${LSAN_OPTIONS:+:$LSAN_OPTIONS}"
export TSAN_OPTIONS="suppressions=$PWD/tools/tsan.supp:second_deadlock_stack=1:halt_on_error=1${TSAN_OPTIONS:+:$TSAN_OPTIONS}"

run=()
# The thread sanitizer of g++ 12 fails with the wide address randomisation of newer kernels (vm.mmap_rnd_bits).
if [ "$preset" = tsan ] && setarch "$(uname -m)" -R true 2>/dev/null; then run=(setarch "$(uname -m)" -R); fi

report=$build/tests.xml
mkdir -p "$build"
rm -f "$report"
status=0
"${run[@]}" ctest --test-dir "$build" -j"${TEST_JOBS:-2}" --output-on-failure --no-tests=error --output-junit "$PWD/$report" "$@" || status=$?

# CTest counts a skipped or disabled test as no failure; here it is one.
read -r tests failures disabled skipped < <(sed -nE 's/.*tests="([0-9]+)".*/\1/p; s/.*failures="([0-9]+)".*/\1/p; s/.*disabled="([0-9]+)".*/\1/p; s/.*skipped="([0-9]+)".*/\1/p' <(sed -E 's/" /"\n/g' "$report" | head -20) | head -4 | paste -sd' ')
if [ "$status" -ne 0 ] || [ "${failures:-1}" -ne 0 ] || [ "${tests:-0}" -eq 0 ]; then
  echo "tests failed (of ${tests:-0}: ${failures:-?} failed)" >&2
  exit 1
fi
if [ "${disabled:-0}" -ne 0 ] || [ "${skipped:-0}" -ne 0 ]; then
  echo "not all tests ran: ${disabled:-0} disabled, ${skipped:-0} skipped" >&2
  exit 1
fi
echo "all $tests tests passed"
