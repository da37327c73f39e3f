#!/bin/bash
# Runs the random tests of one build with new seeds for some seconds: tools/explore.sh PRESET SECONDS. Ends with status 1
# at the first seed that fails, and says how to run it again. The random tests are the files in tests/ that use the class
# Seeded, the peers in Python, and the simulated power failures.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:?usage: tools/explore.sh PRESET SECONDS}
seconds=${2:?usage: tools/explore.sh PRESET SECONDS}
build=build/$preset

# One line each: the command, a tab, the entry of CTest that it belongs to.
runs=()
while read -r file; do
  folder=$(dirname "${file#tests/}")
  case $folder in
    unit/* | door/*) room=$(cut -d/ -f1,2 <<< "$folder") ;;
    *) room=$(cut -d/ -f1 <<< "$folder") ;;
  esac
  runs+=("$build/tests/test_${room//\//_} --source-file=*/$file"$'\t'"$folder")
done < <(grep -rlE '\bSeeded\b' tests --include='*_test.cpp' | sort)
runs+=("/usr/bin/python3 tests/unit/identity/phone_peer_test.py $(find "$build/tests" -name phone_lines -type f)"$'\t'"unit/identity/phone_peer")

runs+=("env CHANCERY_BUILD=$PWD/$build node --test tests/power/nothing_acknowledged_is_lost.mjs"$'\t'"power/nothing_acknowledged_is_lost")

output=$(mktemp)
trap 'rm -f "$output"' EXIT
end=$((SECONDS + seconds))
count=0
while [ $SECONDS -lt $end ]; do
  seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
  for run in "${runs[@]}"; do
    read -ra command <<< "${run%%$'\t'*}"
    if ! CHANCERY_SEED=$seed "${command[@]}" > "$output" 2>&1; then
      cat "$output"
      echo "seed $seed fails; run it again with: CHANCERY_SEED=$seed make test PRESET=$preset ONLY=${run##*$'\t'}" >&2
      exit 1
    fi
  done
  count=$((count + 1))
done
echo "$count seeds, ${#runs[@]} files each: none fails"
