#!/bin/bash
# Makes the package of a release from what has been built; `make dist` builds and then calls this. In build/dist:
#   chancery_VERSION_amd64.deb        for Debian 12
#   chancery_VERSION_amd64.spdx.json  parts and libraries, SPDX 2.3
#   container/                        recipe of the image and compose file
#   SHA256SUMS
#
#   tools/dist.sh [--build DIR] [--out DIR] [--version VERSION]   from DIR (build/release) into build/dist
#   tools/dist.sh --check             builds the current commit twice in two folders and compares the octets; JOBS=N
#
# The same sources, compiler and packages give the same octets: the only time in it is SOURCE_DATE_EPOCH, by default that of the last
# commit.
# MAINTAINER="NAME <ADDRESS>" is who the package names.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC
cd "$(dirname "$0")/.."

fail() {
  echo "tools/dist.sh: $*" >&2
  exit 1
}

build=build/release out=build/dist check=no
version=$(sed -nE 's/^project\(chancery VERSION ([0-9.]+) .*/\1/p' CMakeLists.txt)
while [ $# -gt 0 ]; do
  case "$1" in
    --build) build=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    --version) version=$2; shift 2 ;;
    --check) check=yes; shift ;;
    *) echo "usage: tools/dist.sh [--build DIR] [--out DIR] [--version VERSION] | --check" >&2; exit 2 ;;
  esac
done
[[ $version =~ ^[0-9][0-9A-Za-z.+~]*$ ]] || fail "\"$version\" is no version of a package"
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  SOURCE_DATE_EPOCH=$(git -c safe.directory='*' log -1 --format=%ct) || fail "without git, set SOURCE_DATE_EPOCH"
fi
export SOURCE_DATE_EPOCH

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

if [ $check = yes ]; then
  # Folders of different names and lengths, so that a path that gets into the program shows.
  for folder in one another-folder; do
    git -c safe.directory='*' clone -q . "$stage/$folder/chancery"
    (
      cd "$stage/$folder/chancery"
      # The second is compiled anew in any case, so that nothing comes from the other.
      [ $folder = one ] || export CCACHE_DISABLE=1
      cmake --preset release -DCHANCERY_TESTS=OFF >/dev/null
      cmake --build build/release -j "${JOBS:-2}" --target chancery chancery-client
      tools/dist.sh
    )
  done
  diff -r "$stage/one/chancery/build/dist" "$stage/another-folder/chancery/build/dist" || fail "the two builds differ"
  cat "$stage/one/chancery/build/dist/SHA256SUMS"
  echo "two builds in two folders gave the same octets"
  exit 0
fi

for program in "$build/chancery" "$build/client/chancery-client"; do
  [ -x "$program" ] || fail "$program is not built; say: make dist"
done
arch=$(dpkg --print-architecture)
name=chancery_${version}_$arch
root=$stage/root
doc=$root/usr/share/doc/chancery
mkdir -p "$root"/{DEBIAN,etc/{chancery,logrotate.d},lib/systemd/system,usr/{bin,lib/{sysusers.d,tmpfiles.d}}} \
  "$root"/usr/share/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d,man/man1,man/man5,chancery/monitoring,lintian/overrides} "$doc"/examples

# --- Programs, and what they print about themselves ---

install -m 755 "$build/chancery" "$build/client/chancery-client" "$root/usr/bin/"
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root"/usr/bin/*
packaging/manual.py "$root/usr/bin/chancery" "$root/usr/bin/chancery-client" "$stage" "$version" "$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)"
mv "$stage"/*.1 "$root/usr/share/man/man1/"
mv "$stage"/*.5 "$root/usr/share/man/man5/"
"$root/usr/bin/chancery" completion bash > "$root/usr/share/bash-completion/completions/chancery"
"$root/usr/bin/chancery" completion zsh > "$root/usr/share/zsh/vendor-completions/_chancery"
"$root/usr/bin/chancery" completion fish > "$root/usr/share/fish/vendor_completions.d/chancery.fish"

# --- The system's files ---

install -m 644 packaging/systemd/chancery.{service,socket} "$root/lib/systemd/system/"
install -m 644 packaging/debian/lintian-overrides "$root/usr/share/lintian/overrides/chancery"
install -m 644 packaging/systemd/sysusers.conf "$root/usr/lib/sysusers.d/chancery.conf"
install -m 644 packaging/systemd/tmpfiles.conf "$root/usr/lib/tmpfiles.d/chancery.conf"
install -m 640 packaging/conf/chancery.toml "$root/etc/chancery/chancery.toml"
install -m 644 packaging/conf/logrotate "$root/etc/logrotate.d/chancery"
install -m 755 packaging/conf/certbot-deploy "$root/usr/share/chancery/certbot-deploy"
install -m 644 packaging/conf/sysctl.conf "$doc/examples/60-chancery.conf"
install -m 644 packaging/monitoring/* "$root/usr/share/chancery/monitoring/"

# --- Documents ---

packaging/components.py copyright > "$doc/copyright"
packaging/components.py sbom "$version" "$SOURCE_DATE_EPOCH" "$root/usr/bin/chancery" "$root/usr/bin/chancery-client" > "$stage/sbom.spdx.json"
cp "$stage/sbom.spdx.json" "$doc/sbom.spdx.json"
cp CHANGELOG.md "$doc/changelog"
cp SECURITY.md "$doc/SECURITY.md"
cp -r docs/operators "$doc/operators"
gzip -9n "$doc/changelog" "$doc/sbom.spdx.json" "$root"/usr/share/man/man?/*

# --- The package ---

# dpkg-shlibdeps wants a folder debian with a control file.
mkdir -p "$stage/source/debian"
printf 'Source: chancery\n\nPackage: chancery\nArchitecture: any\n' > "$stage/source/debian/control"
depends=$(cd "$stage/source" && dpkg-shlibdeps -O -e"$root/usr/bin/chancery" -e"$root/usr/bin/chancery-client" 2>"$stage/shlibdeps") ||
  { cat "$stage/shlibdeps" >&2; fail "dpkg-shlibdeps failed"; }
depends=${depends#shlibs:Depends=}
size=$(find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' | awk '{ n += int(($1 + 1023) / 1024) } END { print n }')
maintainer=${MAINTAINER:-"the owner of this build <root@localhost>"}
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" -e "s/@DEPENDS@/$depends/" -e "s/@MAINTAINER@/$maintainer/" \
  packaging/debian/control.in > "$root/DEBIAN/control"
cp packaging/debian/conffiles "$root/DEBIAN/"
install -m 755 packaging/debian/{postinst,prerm,postrm} "$root/DEBIAN/"
(cd "$root" && find . -path ./DEBIAN -prune -o -path ./etc -prune -o -type f -printf '%P\n' | sort | xargs md5sum > DEBIAN/md5sums)
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
find "$root" -type d -exec chmod 755 {} +

rm -rf "$out"
mkdir -p "$out/container"
dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$root" "$out/$name.deb" >/dev/null
cp "$stage/sbom.spdx.json" "$out/$name.spdx.json"
cp packaging/container/* "$out/container/"
(cd "$out" && find . -type f ! -name SHA256SUMS -printf '%P\n' | sort | xargs sha256sum > "$stage/sums" && mv "$stage/sums" SHA256SUMS)
echo "$out/$name.deb"
