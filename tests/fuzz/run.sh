#!/bin/sh
# Builds each fuzz target with clang and runs it for FUZZ_SECONDS (60); with names of targets only those. Inputs that
# reach new code are kept in build/fuzz/<target>.corpus and used again. After a crash its input is in build/fuzz, and
# this ends with status 1.
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
    multipart) echo "src/base/*.cpp src/http/form.cpp src/http/message.cpp src/http/multipart.cpp src/http/status.cpp" ;;
    certificate) echo "src/base/*.cpp src/crypto/certificate.cpp src/crypto/digest.cpp -lcrypto" ;;
    jwt) echo "src/base/*.cpp src/crypto/digest.cpp src/crypto/jwk_set.cpp src/crypto/jwt.cpp src/crypto/pkey.cpp
      src/crypto/public_key.cpp src/crypto/signing_key.cpp src/crypto/strict_json.cpp src/flow/house/read_claims.cpp
      -lcrypto -lboost_json" ;;
    identifier) echo "src/base/*.cpp src/identity/*.cpp $(pkg-config --cflags --libs icu-i18n icu-uc) -lzxcvbn" ;;
    cbor | attestation | client_data) echo "src/base/*.cpp src/crypto/authenticator_key.cpp src/crypto/digest.cpp
      src/crypto/pkey.cpp src/crypto/public_key.cpp src/crypto/strict_json.cpp src/webauthn/*.cpp -lcbor -lcrypto
      -lboost_json" ;;
    logo) echo "src/base/*.cpp src/flow/tenant/check_logo.cpp" ;;
    *) echo "tests/fuzz/run.sh: say which sources $1_fuzz.cpp needs" >&2; return 1 ;;
  esac
}

# Writes the first inputs of a target into the folder $2, because random inputs alone do not find the grammar.
seeds() {
  case $1 in
    multipart)
      printf '%s\n' 'multipart/form-data; boundary=mark' > "$2/seed-1"
      printf -- '--mark\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--mark\r\nContent-Disposition: form-data; name="f"; filename="x"\r\nContent-Type: a/b\r\n\r\n2\r\n--mark--\r\n' >> "$2/seed-1"
      ;;
    certificate)
      for kind in ec:prime256v1 rsa:2048; do
        for subject in '/CN=Anna/O=Klinik Mödling' '/C=PL/O=a+b,"c"<d>/CN=Łódź'; do
          n=$((${n:-0} + 1))
          key=$kind
          [ "$kind" = ec:prime256v1 ] && key="ec -pkeyopt ec_paramgen_curve:prime256v1"
          # shellcheck disable=SC2086
          openssl req -x509 -newkey $key -nodes -keyout /dev/null -utf8 -subj "$subject" -days 30 \
            -addext subjectAltName=DNS:a.example -outform DER -out "$2/der" 2> /dev/null
          { printf '0'; cat "$2/der"; } > "$2/seed-$n"
          { printf '0'; openssl x509 -inform DER -in "$2/der"; } > "$2/seed-$n-pem"
          rm "$2/der"
        done
      done ;;
    jwt)
      printf '{"alg":"ES256","kid":"KID","typ":"JWT"}\n{"iss":"http://localhost","sub":"a","aud":"b","exp":1,"sid":"c"}' > "$2/seed-1"
      printf '{"alg":"ES256","kid":"KID","typ":"at+jwt"}\n{"a":[{"b":null}],"c":1.5e3,"d":"\\u00e9"}' > "$2/seed-2"
      printf '{"kty":"EC","crv":"P-256","use":"sig","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}' > "$2/seed-3"
      printf '{"keys":[%s]}' "$(cat "$2/seed-3")" > "$2/seed-4" ;;
    client_data)
      for type in create get; do
        printf '{"type":"webauthn.%s","challenge":"Y2hhbGxlbmdl","origin":"https://localhost","crossOrigin":false}' $type > "$2/seed-$type"
      done ;;
    cbor | attestation)
      # The base point of P-256 as a key; the hash of "localhost", UP and AT, no counter, no model, the id "i".
      key=$(printf '%s' a5010203262001215820 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296 225820 \
        4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5)
      data=$(printf localhost | openssl sha256 -r | cut -c1-64)4100000000$(printf '%032d' 0)000169$key
      if [ "$1" = cbor ]; then
        for one in "$key" "$data"; do
          n=$((${n:-0} + 1))
          printf '%s' "$one" | perl -ne 'print pack "H*", $_' > "$2/seed-$n"
        done
      else
        for statement in 646e6f6e656761747453746d74a0 667061636b65646761747453746d74a263616c67266373696741ff; do
          n=$((${n:-0} + 1))
          printf '{"type":"webauthn.create","challenge":"Y2hhbGxlbmdl","origin":"https://localhost"}\n' > "$2/seed-$n"
          printf 'a363666d74%s68617574684461746158%02x%s' $statement $((${#data} / 2)) "$data" | perl -ne 'print pack "H*", $_' >> "$2/seed-$n"
        done
      fi ;;
  esac
}

mkdir -p "$out"
failed=0
for target in ${*:-$(cd tests/fuzz && ls ./*_fuzz.cpp | sed 's,^./,,; s,_fuzz.cpp$,,')}; do
  file=tests/fuzz/${target}_fuzz.cpp
  needed=$(sources "$target")
  echo "== $target: building"
  # shellcheck disable=SC2086  # words on purpose
  "$compiler" -std=c++20 -O1 -g1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -Isrc \
    "$file" $needed -lspdlog -lfmt -lpthread -o "$out/$target"
  mkdir -p "$out/$target.corpus"
  seeds "$target" "$out/$target.corpus"
  echo "== $target: $seconds s"
  "$out/$target" -max_total_time="$seconds" -max_len=4096 -print_final_stats=1 -artifact_prefix="$out/$target-" \
    "$out/$target.corpus" > "$out/$target.log" 2>&1 || { failed=1; tail -40 "$out/$target.log"; continue; }
  grep -E 'number_of_executed_units|^Done' "$out/$target.log"
done
exit $failed
