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
    multipart) echo "src/base/*.cpp src/http/body_budget.cpp src/http/field_text.cpp src/http/form.cpp src/http/message.cpp
      src/http/multipart.cpp src/http/multipart_reader.cpp src/http/status.cpp src/http/stored_body.cpp" ;;
    certificate | certificate_request | ocsp | revocation_list | certificate_chain)
      echo "src/base/*.cpp src/crypto/certificate/*.cpp src/crypto/digest/digest.cpp -lcrypto" ;;
    jwt) echo "src/base/*.cpp src/crypto/digest/digest.cpp src/crypto/token/jwk_set.cpp src/crypto/token/jwt.cpp src/crypto/key/pkey.cpp
      src/crypto/key/public_key.cpp src/crypto/key/signing_key.cpp src/crypto/token/strict_json.cpp src/flow/house/read_claims.cpp
      -lcrypto -lboost_json" ;;
    client_metadata) echo "src/base/*.cpp src/crypto/digest/digest.cpp src/crypto/token/jwk_set.cpp src/crypto/key/pkey.cpp
      src/crypto/key/public_key.cpp src/crypto/token/strict_json.cpp src/flow/registration/client_metadata.cpp src/rights/client.cpp
      src/rights/protocol.cpp -lcrypto -lboost_json" ;;
    identifier) echo "src/base/*.cpp src/identity/*.cpp $(pkg-config --cflags --libs icu-i18n icu-uc) -lzxcvbn" ;;
    cbor | attestation | client_data) echo "src/base/*.cpp src/crypto/factor/authenticator_key.cpp src/crypto/digest/digest.cpp
      src/crypto/key/pkey.cpp src/crypto/key/public_key.cpp src/crypto/token/strict_json.cpp src/webauthn/*.cpp -lcbor -lcrypto
      -lboost_json" ;;
    cms | timestamp_token | timestamp_request) echo "src/base/*.cpp src/crypto/certificate/*.cpp src/crypto/digest/digest.cpp
      src/crypto/signing/*.cpp src/crypto/cms/*.cpp src/signature/cades/*.cpp -lcrypto" ;;
    pkcs12) echo "src/base/*.cpp src/crypto/certificate/*.cpp src/crypto/digest/digest.cpp src/crypto/signing/*.cpp -lcrypto" ;;
    claims_wish) echo "src/base/*.cpp src/flow/token/claims_wish.cpp -lboost_json" ;;
    sealed_file) echo "src/base/*.cpp src/crypto/certificate/*.cpp src/crypto/digest/digest.cpp src/crypto/key/sealed_stream.cpp src/crypto/signing/*.cpp
      src/flow/setup/new_file.cpp src/flow/setup/sealed_file.cpp -lcrypto -lsodium -lboost_json" ;;
    dump_rows) echo "src/base/*.cpp src/store/driver/bulk.cpp src/store/driver/sqlite_bulk.cpp -lsqlite3" ;;
    logo) echo "src/base/*.cpp src/flow/tenant/check_logo.cpp" ;;
    xml) echo "src/base/*.cpp src/xml/*.cpp $(pkg-config --cflags --libs libxml-2.0)" ;;
    xades) echo "src/base/*.cpp src/xml/*.cpp src/signature/xades/*.cpp src/signature/report/report.cpp src/signature/form/*.cpp src/crypto/digest/digest.cpp
      src/crypto/certificate/*.cpp src/crypto/signing/*.cpp src/crypto/cms/certificate_parts.cpp src/crypto/cms/der.cpp
      $(pkg-config --cflags --libs libxml-2.0) -lcrypto" ;;
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
    pkcs12) cp /usr/lib/python3/dist-packages/cryptography_vectors/pkcs12/*.p12 "$2" ;;
    certificate_request)
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null -subj /CN=Z1 \
        -addext subjectAltName=DNS:a.example,IP:127.0.0.1 -outform DER -out "$2/seed-1" 2> /dev/null
      openssl base64 -in "$2/seed-1" -out "$2/seed-2" ;;
    ocsp | certificate_chain | revocation_list)
      # A root, a certificate of it, its list, and the question about it.
      here=$(mktemp -d)
      for name in root leaf; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$here/$name.key" \
          -subj "/CN=$name" -days 3650 -out "$here/$name.pem" 2> /dev/null
        openssl x509 -in "$here/$name.pem" -outform DER -out "$here/$name.der"
      done
      touch "$here/index"
      printf '[ca]\ndefault_ca=a\n[a]\ndatabase=%s/index\ndefault_md=sha256\ndefault_crl_days=30\n' "$here" > "$here/cnf"
      openssl ca -gencrl -config "$here/cnf" -cert "$here/root.pem" -keyfile "$here/root.key" 2> /dev/null |
        openssl crl -outform DER -out "$here/list.der"
      case $1 in
        revocation_list) cp "$here/list.der" "$2/seed-1" ;;
        ocsp) openssl ocsp -issuer "$here/root.pem" -cert "$here/leaf.pem" -reqout "$2/seed-1" 2> /dev/null ;;
        certificate_chain)
          for part in leaf root list; do
            size=$(wc -c < "$here/$part.der")
            perl -e 'print pack "n", $ARGV[0]' "$size"
            cat "$here/$part.der"
          done > "$2/seed-1" ;;
      esac
      rm -r "$here" ;;
    cms | timestamp_token | timestamp_request)
      # A signer and an authority; a signature attached and detached, a request and its response.
      here=$(mktemp -d)
      printf 'a text' > "$here/text"
      for name in signer tsa; do
        use=emailProtection
        [ $name = tsa ] && use=critical,timeStamping
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$here/$name.key" \
          -subj "/CN=$name" -days 3650 -addext extendedKeyUsage=$use -out "$here/$name.pem" 2> /dev/null
      done
      openssl cms -sign -cades -binary -in "$here/text" -signer "$here/signer.pem" -inkey "$here/signer.key" \
        -outform DER -out "$here/detached"
      openssl cms -sign -cades -binary -nodetach -stream -in "$here/text" -signer "$here/signer.pem" \
        -inkey "$here/signer.key" -outform DER -out "$here/attached"
      openssl ts -query -data "$here/text" -sha256 -cert -out "$here/query" 2> /dev/null
      printf '01\n' > "$here/serial"
      printf '[t]\nserial=%s/serial\ncrypto_device=builtin\ndefault_policy=1.2.3\nsigner_digest=sha256\ndigests=sha256\ness_cert_id_alg=sha256\n' "$here" > "$here/cnf"
      openssl ts -reply -config "$here/cnf" -section t -queryfile "$here/query" -signer "$here/tsa.pem" \
        -inkey "$here/tsa.key" -out "$here/reply" 2> /dev/null
      openssl ts -reply -in "$here/reply" -token_out -out "$here/token" 2> /dev/null
      case $1 in
        cms) cp "$here/detached" "$2/seed-1"; cp "$here/attached" "$2/seed-2"; cp "$here/token" "$2/seed-3" ;;
        timestamp_token) cp "$here/token" "$2/seed-1"; cp "$here/reply" "$2/seed-2" ;;
        timestamp_request) cp "$here/query" "$2/seed-1" ;;
      esac
      rm -r "$here" ;;
    jwt)
      printf '{"alg":"ES256","kid":"KID","typ":"JWT"}\n{"iss":"http://localhost","sub":"a","aud":"b","exp":1,"sid":"c"}' > "$2/seed-1"
      printf '{"alg":"ES256","kid":"KID","typ":"at+jwt"}\n{"a":[{"b":null}],"c":1.5e3,"d":"\\u00e9"}' > "$2/seed-2"
      printf '{"kty":"EC","crv":"P-256","use":"sig","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}' > "$2/seed-3"
      printf '{"keys":[%s]}' "$(cat "$2/seed-3")" > "$2/seed-4" ;;
    client_metadata)
      printf '{"redirect_uris":["https://a.example/cb"],"client_name":"A","grant_types":["authorization_code","refresh_token"],"scope":"openid email"}' > "$2/seed-1"
      printf '{"redirect_uris":["org.example.a:/cb"],"token_endpoint_auth_method":"none","application_type":"native","subject_type":"pairwise"}' > "$2/seed-2"
      printf '{"grant_types":["client_credentials"],"token_endpoint_auth_method":"client_secret_post","contacts":["a@b.example"],"default_max_age":60}' > "$2/seed-3" ;;
    xml)
      printf '/r/a[1]\n<?xml version="1.0" encoding="UTF-8"?><!-- c --><r xmlns="urn:r" xmlns:a="urn:a" Id="x"><a b="c" a:b="d">t&amp;<![CDATA[u]]></a><a/></r>' > "$2/seed-1"
      printf '//p:b[@id="1"]\n<p:a xmlns:p="urn:p" xml:base="http://x/" xml:lang="pl"><p:b id="1" xml:base="y"/><?i n?></p:a>' > "$2/seed-2"
      printf 'x\n<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>' > "$2/seed-3"
      printf '\n\376\377\000<\000r\000/\000>' > "$2/seed-4" ;;
    xades) cp tests/vectors/xades/*.xml "$2" ;;
    sealed_file)
      # Items of a dump: a manifest, the name of a table, a row, the end; and keys in text.
      printf '\001\377M\0\0\0\015{"tables":[]}T\0\0\0\006tenantR\0\0\0\010\0\001\0\0\0\002abE\0\0\0\002{}' > "$2/seed-1"
      printf '\002chancery-backup-public:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' > "$2/seed-2"
      printf '\002chancery-backup-secret:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' > "$2/seed-3"
      printf '\003CHANCERY SEALED FILE 1\n{"kind":"backup","schema":1}\n' > "$2/seed-4" ;;
    dump_rows)
      printf '\0\047\0\005\0\0\0\002id\0\0\0\001n\0\0\0\010\0\0\0\0\0\0\0\001\377\377\377\377\0\0\0\002xy' > "$2/seed-1"
      printf '\0\016\0\001\0\0\0\010\0\0\0\0\0\0\0\005' > "$2/seed-2" ;;
    claims_wish)
      printf '{"userinfo":{"email":{"essential":true},"name":null},"id_token":{"acr":{"essential":true,"values":["a","b"]},"sub":{"value":"c"}}}' > "$2/seed-1"
      printf '{"id_token":{"auth_time":{"essential":true}},"x":[{}]}' > "$2/seed-2" ;;
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

# Octets of the longest input.
longest() {
  case $1 in
    xades) echo 16384 ;;
    *) echo 4096 ;;
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
  "$out/$target" -max_total_time="$seconds" -max_len="$(longest "$target")" -print_final_stats=1 -artifact_prefix="$out/$target-" \
    "$out/$target.corpus" > "$out/$target.log" 2>&1 || { failed=1; tail -40 "$out/$target.log"; continue; }
  grep -E 'number_of_executed_units|^Done' "$out/$target.log"
done
exit $failed
