#!/usr/bin/env python3
"""What of others is in the package: its notices, its bill of materials, and the operators' page about licences.

    packaging/components.py copyright                       the file copyright of the package
    packaging/components.py sbom VERSION EPOCH PROGRAM...   SPDX 2.3 in JSON: parts, and the libraries that PROGRAMs load
    packaging/components.py page PROGRAM...                 docs/operators/licences.md

The source is components.toml beside this file. A library that a program loads and the file does not name is an error.
"""
import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tomllib

here = pathlib.Path(__file__).resolve().parent
root = here.parent
table = tomllib.loads((here / "components.toml").read_text())


def fail(why):
    sys.exit("packaging/components.py: " + why)


def ask(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        fail(" ".join(command) + ": " + done.stderr.strip())
    return done.stdout


# --- The parts that are inside ---

def paragraphs(package):
    """A copyright file in Debian's machine-readable form: [[(field, text)]]."""
    file = pathlib.Path("/usr/share/doc") / package / "copyright"
    if not file.exists():
        fail(f"{file} is missing; install {package} with its copyright file")
    found = []
    for block in re.split(r"\n[ \t]*\n(?=\S)", file.read_text()):
        fields = re.findall(r"^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t]+.*|\n(?=[ \t]))*)", block, re.M)
        found.append(dict(fields))
    return found


def tidy(text):
    return "\n".join(" " + ("." if not one.strip() else one.strip()) for one in text.strip("\n").splitlines())


def notice(component):
    """(copyright lines, text of the licence)."""
    if "file" in component:
        head = [one[1:].strip() for one in (root / component["file"]).read_text().splitlines() if one.startswith("#")]
        text = head[next(i for i, one in enumerate(head) if one.startswith("Licence of this file")) + 1:]
        return [one for one in text if one.startswith("Copyright")], "\n".join(one for one in text if not one.startswith("Copyright"))
    holders, texts = [], []
    for block in paragraphs(component["package"]):
        names = block.get("License", "").split("\n")[0].strip()
        if not any(re.search(r"(?<![\w.-])" + re.escape(one) + r"(?![\w.-])", names) for one in component["licences"]):
            continue
        if "Files" in block and "debian/*" not in block["Files"].split():
            holders += [one.strip() for one in block.get("Copyright", "").splitlines() if one.strip()]
        body = block["License"].partition("\n")[2]
        if body.strip() and body not in texts and names in component["licences"]:
            texts.append(body)
    if not texts:
        fail(f"/usr/share/doc/{component['package']}/copyright has no text of {component['licences']}")
    return list(dict.fromkeys(holders)), "\n\n".join(texts)


def print_copyright():
    print("Chancery: the licence of the program itself is chosen by its owner and stands in the file LICENSE of its sources.")
    licence = root / "LICENSE"
    if licence.exists():
        print("\n" + licence.read_text())
    print("\nThe package holds parts of others. Their notices:")
    for component in table["component"]:
        holders, text = notice(component)
        print("\n" + "-" * 78)
        print(f"{component['name']} ({component['inside']}), {component['spdx']}\n")
        # A library of hundreds of files has as many holders, and its licence does not demand their names here.
        if len(holders) <= 40:
            print("\n".join(holders) + "\n")
        print(tidy(text))
    print("\n" + "-" * 78)
    print("The libraries that the programs load are packages of Debian with notices of their own in /usr/share/doc.")


# --- The libraries that are loaded ---

def libraries(programs):
    """The libraries that the programs themselves name (not those that libraries load): [{package, version, source, name}]."""
    found = {}
    for program in programs:
        needed = re.findall(r"NEEDED\s+(\S+)", ask("objdump", "-p", program))
        places = dict(re.findall(r"^\s*(\S+) => (\S+)", ask("ldd", program), re.M))
        for name in needed:
            if name.startswith("ld-linux"):
                continue
            place = pathlib.Path(places.get(name, name)).resolve()
            # Debian 12 merges /lib into /usr/lib, and dpkg knows a file by the name that its package gave it.
            known = subprocess.run(["dpkg", "-S", str(place)], capture_output=True, text=True).stdout
            owner = known or ask("dpkg", "-S", str(place).removeprefix("/usr"))
            package = owner.splitlines()[0].split(": ")[0].split(",")[0]
            version, source = ask("dpkg-query", "-W", "-f", "${Version}\t${source:Package}", package).split("\t")
            entry = found.setdefault(package.split(":")[0], {"version": version, "source": source, "sonames": set()})
            entry["sonames"].add(name)
    return dict(sorted(found.items()))


def library_of(source):
    known = {one["source"]: one for one in table["library"]}
    if source not in known:
        fail(f"components.toml names no licence of the source package {source}")
    return known[source]


def version_of(component):
    return component.get("version") or ask("dpkg-query", "-W", "-f", "${Version}", component["package"])


def print_sbom(version, epoch, programs):
    digests = {program: hashlib.sha256(pathlib.Path(program).read_bytes()).hexdigest() for program in programs}
    own = "SPDXRef-chancery"
    packages = [{
        "SPDXID": own, "name": "chancery", "versionInfo": version, "supplier": "NOASSERTION", "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False, "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "APPLICATION", "externalRefs": [purl("chancery", version)]}]
    relations = [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": own}]

    def add(identifier, name, its_version, spdx, reference, relation, comment):
        packages.append({
            "SPDXID": identifier, "name": name, "versionInfo": its_version, "supplier": "Organization: Debian" if reference else "NOASSERTION",
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": spdx, "licenseDeclared": spdx,
            "copyrightText": "NOASSERTION", "comment": comment, **({"externalRefs": [reference]} if reference else {})})
        relations.append({"spdxElementId": own, "relationshipType": relation, "relatedSpdxElement": identifier})

    for component in table["component"]:
        its_version = version_of(component)
        package = component.get("package")
        add("SPDXRef-part-" + re.sub(r"[^A-Za-z0-9]+", "-", component["name"]).strip("-"), component["name"], its_version, component["spdx"],
            purl(package, its_version) if package else None,
            "STATIC_LINK" if "linked" in component["inside"] or "header" in component["inside"] else "CONTAINS", component["inside"])
    for package, found in libraries(programs).items():
        add("SPDXRef-library-" + re.sub(r"[^A-Za-z0-9.-]", "-", package), package, found["version"], library_of(found["source"])["spdx"],
            purl(package, found["version"]), "DYNAMIC_LINK", "loads " + ", ".join(sorted(found["sonames"])))
    files = []
    for program, digest in digests.items():
        name = pathlib.Path(program).name
        files.append({"SPDXID": "SPDXRef-file-" + name, "fileName": "./usr/bin/" + name, "fileTypes": ["BINARY"],
                      "checksums": [{"algorithm": "SHA256", "checksumValue": digest},
                                    {"algorithm": "SHA1", "checksumValue": hashlib.sha1(pathlib.Path(program).read_bytes()).hexdigest()}],
                      "licenseConcluded": "NOASSERTION", "licenseInfoInFiles": ["NOASSERTION"], "copyrightText": "NOASSERTION"})
        relations.append({"spdxElementId": own, "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-file-" + name})
    print(json.dumps({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"chancery-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/chancery-{version}-" + hashlib.sha256("".join(digests.values()).encode()).hexdigest()[:32],
        "creationInfo": {"created": datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": ["Tool: chancery-tools-dist"]},
        "packages": packages, "files": files, "relationships": relations}, indent=1, sort_keys=True))


def purl(package, version):
    return {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": f"pkg:deb/debian/{package}@{version.replace(':', '%3A').replace('+', '%2B')}?distro=debian-12"}


# --- The page ---

def print_page(programs):
    print("""# Licences

<!-- Made by `packaging/components.py page` from packaging/components.toml; a test compares them. -->

The licence of Chancery itself is its owner's choice and stands in the file `LICENSE`; while that file is missing, nobody but the
owner may copy or change the program. What follows is about the parts of others.

The package carries the notices that these licences demand in `/usr/share/doc/chancery/copyright`. Who gives the program to others,
also inside a container's image, gives that file with it. Versions and checksums: `chancery_VERSION_amd64.spdx.json` beside the
package, and `/usr/share/doc/chancery/sbom.spdx.json.gz` in it.

## In the package

| part | how | licence | it demands |
| --- | --- | --- | --- |""")
    for component in table["component"]:
        print(f"| {component['name']} | {component['inside']} | {component['spdx']} | {component['demands']} |")
    print("""
## Loaded, from packages of Debian

| package | licence | it demands |
| --- | --- | --- |""")
    for package, found in libraries(programs).items():
        library = library_of(found["source"])
        print(f"| {package} | {library['spdx']} | {library['demands']} |")


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["copyright"]:
        print_copyright()
    elif words[:1] == ["sbom"] and len(words) > 3:
        print_sbom(words[1], words[2], words[3:])
    elif words[:1] == ["page"] and len(words) > 1:
        print_page(words[1:])
    else:
        sys.exit(__doc__)
