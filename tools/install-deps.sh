#!/bin/sh
# The only list of Debian packages that Chancery needs, for people, CI and packaging.
#   tools/install-deps.sh          installs the packages for build, demonstration and tests
#   tools/install-deps.sh demo     installs those that build and run the demonstration
#   tools/install-deps.sh dist     installs those that build the package (make dist)
#   tools/install-deps.sh --list [demo | dist]   prints the list
# If no package is missing it does nothing and is quick. Otherwise it installs the missing ones as root, or with sudo.
set -eu

build="
  cmake g++ make ninja-build pkg-config mold ccache openssl
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
  libarchive-dev libcbor-dev libcli11-dev libcurl4-openssl-dev libexpected-dev libicu-dev libp11-kit-dev libpq-dev libqrencode-dev libsodium-dev
  libspdlog-dev libsqlite3-dev libssl-dev libtomlplusplus-dev libxml2-dev libzxcvbn-dev zlib1g-dev
  softhsm2
  fonts-inter fonttools
"
package="binutils dpkg-dev python3"
tests="
  systemd groff-base
  doctest-dev libbenchmark-dev
  postgresql sqlite3 curl jq unzip oathtool libnss3-tools openjdk-17-jre-headless python3-cryptography-vectors libxml2-utils xmlsec1 opensc
  chromium fonts-dejavu-core nginx-light apache2 libapache2-mod-auth-openidc libapache2-mod-oauth2 wrk
  roundcube-core roundcube-sqlite3 php-cli php-curl dovecot-imapd python3-authlib python3-flask python3-requests
  python3 python3-phonenumbers
  clang-14 libclang-rt-14-dev clang-format-14 clang-tidy-14
"

list=no
if [ "${1:-}" = --list ]; then
  list=yes
  shift
fi
case "${1:-all}" in
  all) wanted="$build $package $tests" node=yes ;;
  demo | build) wanted="$build" node=no ;;
  dist) wanted="$build $package" node=no ;;
  *) echo "usage: tools/install-deps.sh [--list] [demo | dist]" >&2; exit 2 ;;
esac
# The tests in JavaScript run on Node 18 or newer, also if it does not come from Debian.
if [ $node = yes ] && ! { command -v npm && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)'; } >/dev/null 2>&1; then
  wanted="$wanted nodejs npm"
fi
if [ $list = yes ]; then
  for package in $wanted; do echo "$package"; done
  exit 0
fi

# Any package of nginx is good enough.
case " $wanted " in
  *" nginx-light "*) command -v nginx >/dev/null 2>&1 && wanted=$(echo "$wanted" | sed 's/nginx-light//') ;;
esac

missing=""
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
for package in $wanted; do
  case "
$installed
" in
    *"
$package
"*) ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

echo "Packages that are missing:$missing"
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "tools/install-deps.sh: installing them needs root; run it as root, or install these packages yourself." >&2
    exit 1
  fi
  sudo="sudo"
fi

# Debian starts the services of newly installed packages (PostgreSQL, web servers), which would take ports. policy-rc.d
# forbids it during the installation. An existing policy-rc.d is not changed.
policy=/usr/sbin/policy-rc.d
ours=no
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
  $sudo chmod 755 $policy
  ours=yes
fi
remove_policy() {
  [ $ours = no ] || $sudo rm -f $policy
}
trap remove_policy EXIT
trap 'exit 1' INT TERM

$sudo env DEBIAN_FRONTEND=noninteractive apt-get update -q
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
