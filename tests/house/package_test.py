#!/usr/bin/env python3
"""The test "package": what tools/dist.sh makes of the programs that were built.

    package_test.py ROOT BUILD

The package is not installed here; tools/fresh-machine.sh --install does that on a bare machine.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest

root, build = (pathlib.Path(one).resolve() for one in sys.argv[1:3])
programs = ("chancery", "chancery-client")


def run(*command, **more):
    done = subprocess.run([str(one) for one in command], capture_output=True, text=True, **more)
    return done.returncode, done.stdout, done.stderr


def must(*command, **more):
    status, out, err = run(*command, **more)
    if status != 0:
        raise AssertionError(f"{command} ended with {status}: {err}{out}")
    return out


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = pathlib.Path(tempfile.mkdtemp(prefix="chancery-package-"))
        cls.out = cls.work / "out"
        cls.deb = pathlib.Path(cls.pack(cls.out, cls.work / "one"))
        cls.files = cls.work / "files"
        must("dpkg-deb", "-R", cls.deb, cls.files)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work)

    @classmethod
    def pack(cls, out, temporary, **more):
        temporary.mkdir()
        environment = dict(os.environ, TMPDIR=str(temporary), **more)
        return must(root / "tools/dist.sh", "--build", build, "--out", out, env=environment, cwd="/").strip().splitlines()[-1]

    def contents(self):
        rows = [line.split(None, 5) for line in must("dpkg-deb", "-c", self.deb).splitlines()]
        return {row[5]: (row[0], row[1]) for row in rows}

    def test_a_second_packaging_in_another_folder_gives_the_same_octets(self):
        again = self.work / "again"
        self.pack(again, self.work / "a-folder-with-a-longer-name", TZ="Asia/Tokyo", LC_ALL="C.UTF-8")
        digests = [{file.relative_to(place): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(place.rglob("*")) if file.is_file()}
                   for place in (self.out, again)]
        self.assertEqual(*digests)

    def test_every_file_is_roots_and_only_the_configuration_is_closed_to_others(self):
        for name, (mode, owner) in self.contents().items():
            self.assertEqual(owner, "root/root", name)
            self.assertNotRegex(mode, r"^.....w|^........w|[sS]", name)
            if name == "./etc/chancery/chancery.toml":
                self.assertEqual(mode, "-rw-r-----")
            else:
                self.assertRegex(mode, r"^.......r", name)

    def test_the_checksums_are_those_of_the_files(self):
        must("sha256sum", "--check", "SHA256SUMS", cwd=self.out)
        must("md5sum", "--check", "DEBIAN/md5sums", cwd=self.files)

    def test_the_package_depends_on_every_library_that_the_programs_load(self):
        depends = must("dpkg-deb", "-f", self.deb, "Depends")
        for package in ("libc6", "libssl3", "libsqlite3-0", "libpq5", "libicu72", "libcurl4", "libxml2"):
            self.assertRegex(depends, r"\b" + re.escape(package) + r"\b")
        self.assertIn("/etc/chancery/chancery.toml\n", (self.files / "DEBIAN/conffiles").read_text())

    def test_the_programs_hold_no_path_of_the_machine_that_built_them(self):
        if "CHANCERY_HARDENED:BOOL=ON" not in (build / "CMakeCache.txt").read_text():
            return  # paths are for debuggers there
        for name in programs:
            self.assertNotIn(str(root).encode(), (self.files / "usr/bin" / name).read_bytes(), name)

    def test_the_unit_is_exposed_less_than_two_of_ten(self):
        must("systemd-analyze", "security", "--offline=true", "--threshold=20", self.files / "lib/systemd/system/chancery.service")
        loose = self.work / "loose.service"
        loose.write_text("[Service]\nExecStart=/bin/true\n")
        self.assertNotEqual(run("systemd-analyze", "security", "--offline=true", "--threshold=20", loose)[0], 0)

    def test_the_socket_is_that_of_the_listener_in_the_template(self):
        template = tomllib.loads((self.files / "etc/chancery/chancery.toml").read_text())
        socket = (self.files / "lib/systemd/system/chancery.socket").read_text()
        (listener,) = template["listener"]
        self.assertIn(f"\nListenStream=[{listener['address']}]:{listener['port']}\n", socket)
        self.assertIn(f"\nFileDescriptorName={listener['name']}\n", socket)

    def test_the_template_is_refused_until_the_name_is_set_and_then_it_is_fine(self):
        folder = self.work / "template"
        folder.mkdir()
        must("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=login.example.org",
             "-addext", "subjectAltName=DNS:login.example.org", "-keyout", folder / "key.pem", "-out", folder / "chain.pem")
        (folder / "key.pem").chmod(0o640)
        text = (self.files / "etc/chancery/chancery.toml").read_text().replace("/etc/chancery/tls/", f"{folder}/")
        file = folder / "chancery.toml"
        file.write_text(f'data_dir = "{folder}/data"\n' + text)
        file.chmod(0o640)
        status, _, said = run(build / "chancery", "check-config", file)
        self.assertEqual(status, 1)
        self.assertIn("issuer", said)
        file.write_text(file.read_text().replace('#issuer = ', 'issuer = '))
        self.assertIn("is fine", must(build / "chancery", "check-config", file))

    def test_every_group_of_commands_and_the_configuration_has_a_manual_without_a_flaw(self):
        pages = sorted((self.files / "usr/share/man").rglob("*.gz"))
        reference = must(build / "chancery", "help", "--print-reference")
        # chancery-client(1) is the program of that name, and not the commands `chancery client`.
        groups = {f"chancery-{'client-commands' if name == 'client' else name}.1.gz": name for name in re.findall(r"^## ([a-z]+): ", reference, re.M)}
        self.assertGreater(len(groups), 10)
        self.assertEqual({page.name for page in pages}, groups.keys() | {"chancery.1.gz", "chancery.toml.5.gz", "chancery-client.1.gz"})
        for page in pages:
            roff = must("gzip", "-dc", page)
            status, text, flaws = run("groff", "-Kutf8", "-man", "-Tutf8", "-ww", "-P-c", input=roff)
            self.assertEqual((status, flaws), (0, ""), page.name)
            self.assertNotIn("**", text, page.name)
            if page.name in groups:
                self.assertIn(f"chancery {groups[page.name]} ", text, page.name)
        settings = must("groff", "-Kutf8", "-man", "-Tascii", "-P-c", input=must("gzip", "-dc", self.files / "usr/share/man/man5/chancery.toml.5.gz"))
        for key in re.findall(r"^### `([a-z_.]+)`$", must(build / "chancery", "check-config", "--print-reference"), re.M):
            self.assertIn(key, re.sub(r"\x1b\[\d*m|.\x08", "", settings))

    def test_scripts_and_completions_are_what_their_shells_read(self):
        for name in ("postinst", "prerm", "postrm"):
            must("sh", "-n", self.files / "DEBIAN" / name)
        must("sh", "-n", self.files / "usr/share/chancery/certbot-deploy")
        must("bash", "-n", self.files / "usr/share/bash-completion/completions/chancery")
        self.assertTrue((self.files / "usr/share/zsh/vendor-completions/_chancery").read_text().startswith("#compdef chancery\n"))
        self.assertIn("complete -c chancery", (self.files / "usr/share/fish/vendor_completions.d/chancery.fish").read_text())

    def test_the_bill_of_materials_names_every_library_and_part_once(self):
        bill = json.loads(next(self.out.glob("*.spdx.json")).read_text())
        self.assertEqual(bill["spdxVersion"], "SPDX-2.3")
        identifiers = [one["SPDXID"] for one in bill["packages"] + bill["files"]]
        self.assertEqual(len(identifiers), len(set(identifiers)))
        for one in identifiers:
            self.assertRegex(one, r"^SPDXRef-[A-Za-z0-9.-]+$")
        for relation in bill["relationships"]:
            self.assertIn(relation["relatedSpdxElement"], identifiers)
        loaded = set()
        for name in programs:
            loaded |= set(re.findall(r"NEEDED\s+(\S+)", must("objdump", "-p", self.files / "usr/bin" / name)))
        comments = " ".join(one.get("comment", "") for one in bill["packages"])
        for soname in loaded - {"ld-linux-x86-64.so.2"}:
            self.assertRegex(comments, r"(?<!\S)" + re.escape(soname) + r"(?![^\s,])")
        for file in bill["files"]:
            digest = next(one["checksumValue"] for one in file["checksums"] if one["algorithm"] == "SHA256")
            self.assertEqual(digest, hashlib.sha256((self.files / file["fileName"]).read_bytes()).hexdigest())
        names = {one["name"] for one in bill["packages"]}
        for part in ("libsodium", "Inter", "CLI11", "toml++", "list of common passwords"):
            self.assertIn(part, names)

    def test_the_page_of_licences_is_made_of_the_list_of_components(self):
        page = must(root / "packaging/components.py", "page", build / "chancery", build / "client/chancery-client")
        if "CHANCERY_SANITIZE:STRING=\n" in (build / "CMakeCache.txt").read_text():
            self.assertEqual(page, (root / "docs/operators/licences.md").read_text())

    def test_every_part_that_is_built_in_has_its_notice(self):
        notices = (self.files / "usr/share/doc/chancery/copyright").read_text()
        parts = tomllib.loads((root / "packaging/components.toml").read_text())["component"]
        for part in parts:
            self.assertIn(part["name"], notices)
        built_in = re.findall(r"^\| ([^|]+?) \| [^|]+ \| built in", (root / "docs/operators/updates.md").read_text(), re.M)
        self.assertGreater(len(built_in), 5)
        for name in built_in:
            word = re.sub(r" \(.*|:.*", "", name).split(".")[0]
            self.assertTrue(any(word in part["name"] for part in parts), name)

    def test_the_blocks_of_the_pages_are_scripts(self):
        for page in ("install", "upgrade"):
            text = (root / f"docs/operators/{page}.md").read_text()
            blocks = re.findall(r"^ *```sh[^\n]*\n(.*?)^ *```", text, re.M | re.S)
            self.assertGreater(len(blocks), 1)
            for block in blocks:
                status, _, err = run("bash", "-n", input=block)
                self.assertEqual((status, err), (0, ""), block)

    def test_every_file_of_the_package_that_a_page_names_is_in_it(self):
        named = {}
        for page in sorted((root / "docs").rglob("*.md")):
            if page.parent.name == "decisions":
                continue
            for path in re.findall(r"/(?:usr/share(?:/doc)?/chancery|usr/bin/chancery|lib/systemd/system/chancery)[\w./-]*", page.read_text()):
                named[path.rstrip(".").lstrip("/")] = page.name
        self.assertGreater(len(named), 6)
        for path, page in named.items():
            self.assertTrue((self.files / path).exists(), f"{page} names {path}")

    def test_the_container_files_say_what_the_programs_of_debian_understand(self):
        # Its podman-compose replaces no ${NAME:?} or ${NAME:-} without a text behind; its podman keeps a health check in Docker's format alone.
        compose = (self.out / "container/compose.yaml").read_text()
        self.assertGreater(len(re.findall(r"\$\{\w+:\?[^}]+\}", compose)), 5)
        self.assertEqual(re.findall(r"\$\{\w+:?[-?]\}", compose), [])
        recipe = (self.out / "container/Containerfile").read_text()
        self.assertIn("HEALTHCHECK", recipe)
        self.assertIn("podman build --format docker ", recipe)

    def test_a_version_that_is_none_and_programs_that_are_missing_are_refused(self):
        self.assertNotEqual(run(root / "tools/dist.sh", "--build", build, "--out", self.work / "x", "--version", "1.0 beta")[0], 0)
        status, _, said = run(root / "tools/dist.sh", "--build", self.work, "--out", self.work / "x")
        self.assertEqual((status, "make dist" in said), (1, True))
        self.assertFalse((self.work / "x").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
