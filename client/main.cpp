// chancery-client: the access certificate of a client system on a workstation (S1.2, S1.3).
//
// Exit status: 0 done, 1 it did not work (the last line says why and what to do), 2 the command is not written right.
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "client/credential.hpp"
#include "client/files.hpp"
#include "client/install.hpp"
#include "client/probe.hpp"

namespace client {
namespace {

constexpr int done = 0;
constexpr int failed = 1;
constexpr int misused = 2;

constexpr std::string_view help =
    "chancery-client: the access certificate of a client system on this computer\n"
    "\n"
    "  chancery-client import FILE.zip [--replace]   keep what the server's ZIP holds; --replace: instead of what is "
    "kept\n"
    "  chancery-client show                          whose certificate it is, and until when it is valid\n"
    "  chancery-client test URL [--ca FILE] [--client-system ID]\n"
    "                                                connect step by step, and say what is wrong\n"
    "  chancery-client install --for PROGRAM [--ca FILE]\n"
    "                                                PROGRAM: curl, java, chromium or openssl; --ca: the authority of "
    "the\n"
    "                                                connector's own certificate, if it is not the one in the ZIP\n"
    "  chancery-client help\n"
    "\n"
    "URL is that of the connector, for example https://clinic.example:9443. The files are in "
    "~/.config/chancery-client\n"
    "and can be read by you only. Delete the ZIP after the import: it holds the key and its password.\n"
    "\n"
    "Exit status: 0 done, 1 it did not work, 2 the command is not written right.\n";

int misuse(std::string_view why) {
  std::fprintf(stderr, "chancery-client: %s\n\n%s", std::string(why).c_str(), help.data());
  return misused;
}
int refuse(const base::Error& error) {
  std::fprintf(stderr, "chancery-client: %s\n", error.reason.c_str());
  return failed;
}

void print(const Credential& credential) {
  const X509* const certificate = credential.certificate.get();
  const auto line = [](std::string_view name, const std::string& value) {
    std::printf("%-16s%s\n", (std::string(name) + ":").c_str(), value.c_str());
  };
  line("client system", credential.id);
  line("subject", name_of(X509_get_subject_name(certificate)));
  line("issuer", name_of(X509_get_issuer_name(certificate)));
  line("key", describe_key(credential.key.get()));
  line("valid from", base::to_rfc3339(not_before_of(certificate)));
  line("valid until", base::to_rfc3339(not_after_of(certificate)));
  line("SHA-256", fingerprint_of(certificate));
}

using Words = std::vector<std::string>;

/// Takes an option with its value out of the words; "" = it is not there. `is_wrong`: its value is missing.
std::string take(Words& words, std::string_view option, bool& is_wrong) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] != option) continue;
    if (i + 1 == words.size()) {
      is_wrong = true;
      return {};
    }
    std::string value = words[i + 1];
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(i) + 2);
    return value;
  }
  return {};
}
bool take_flag(Words& words, std::string_view flag) {
  return std::erase(words, flag) > 0;
}

int import(const std::filesystem::path& folder, Words words) {
  const bool replaces = take_flag(words, "--replace");
  if (words.size() != 1) return misuse("import needs the ZIP that the server made");
  const auto zip = read_file(words.front());
  if (!zip) return refuse(zip.error());
  const auto credential = open_zip(zip->reveal());
  if (!credential) return refuse(credential.error());
  const auto kept = read_kept(folder);
  const bool is_other =
      kept && fingerprint_of(kept->certificate.get()) != fingerprint_of(credential->certificate.get());
  if (is_other && !replaces) {
    std::fprintf(stderr,
                 "chancery-client: a certificate of %s is kept already; with --replace it is given up. Nothing was "
                 "changed.\n",
                 kept->id.c_str());
    return failed;
  }
  if (const auto written = keep(folder, *credential); !written) return refuse(written.error());
  print(*credential);
  std::printf("\nIt is kept in %s. Delete the ZIP now: it holds the key and its password.\n", folder.c_str());
  if (const std::string flaw = find_flaw(*credential, base::now()); !flaw.empty()) {
    std::fprintf(stderr, "chancery-client: %s\n", flaw.c_str());
    return failed;
  }
  return done;
}

int show(const std::filesystem::path& folder, const Words& words) {
  if (!words.empty()) return misuse("show takes nothing");
  const auto credential = read_kept(folder);
  if (!credential) return refuse(credential.error());
  print(*credential);
  if (const std::string flaw = find_flaw(*credential, base::now()); !flaw.empty()) {
    std::fprintf(stderr, "chancery-client: %s\n", flaw.c_str());
    return failed;
  }
  return done;
}

int test(const std::filesystem::path& folder, Words words) {
  bool is_wrong = false;
  const std::string authority_file = take(words, "--ca", is_wrong);
  Target target;
  target.claimed = take(words, "--client-system", is_wrong);
  if (is_wrong || words.size() != 1) return misuse("test needs the address of the connector");
  const auto address = parse_address(words.front());
  if (!address) return misuse(address.error().reason);
  target.address = *address;
  const auto credential = read_kept(folder);
  if (!credential) return refuse(credential.error());
  base::Secret authority;
  if (!authority_file.empty()) {
    auto read = read_file(authority_file);
    if (!read) return refuse(read.error());
    authority = std::move(*read);
  }
  const std::string flaw = find_flaw(*credential, base::now());
  std::printf("%s our certificate: %s\n", flaw.empty() ? "ok  " : "FAIL",
              flaw.empty() ? ("valid until " + base::to_rfc3339(not_after_of(credential->certificate.get()))).c_str()
                           : flaw.c_str());
  if (!flaw.empty()) return failed;
  const Probe probe = test_connection(*credential, target, authority.reveal());
  for (const Step& step : probe.steps) {
    std::printf("%s %s: %s\n", step.is_fine ? "ok  " : "FAIL", step.name.c_str(), step.said.c_str());
  }
  return probe.is_fine() ? done : failed;
}

int install(const std::filesystem::path& folder, Words words) {
  bool is_wrong = false;
  const std::string program = take(words, "--for", is_wrong);
  const std::string authority_file = take(words, "--ca", is_wrong);
  if (is_wrong || program.empty() || !words.empty())
    return misuse("install needs --for curl, java, chromium or openssl");
  base::Secret authority;
  if (!authority_file.empty()) {
    auto read = read_file(authority_file);
    if (!read) return refuse(read.error());
    authority = std::move(*read);
  }
  const auto credential = read_kept(folder);
  if (!credential) return refuse(credential.error());
  const auto said = install_for(program, folder, *credential, authority.reveal());
  if (!said) return said.error().code == base::Code::invalid_input ? misuse(said.error().reason) : refuse(said.error());
  std::printf("%s\n", said->c_str());
  return done;
}

int run(Words words) {
  if (words.empty()) return misuse("name what to do");
  const std::string command = words.front();
  words.erase(words.begin());
  if (command == "help" || command == "--help" || command == "-h") {
    std::fputs(help.data(), stdout);
    return done;
  }
  const auto folder = find_folder();
  if (!folder) return refuse(folder.error());
  if (command == "import") return import(*folder, std::move(words));
  if (command == "show") return show(*folder, words);
  if (command == "test") return test(*folder, std::move(words));
  if (command == "install") return install(*folder, std::move(words));
  return misuse("there is no command " + command);
}

}  // namespace
}  // namespace client

int main(int count, char** words) {
  // A server that refuses our certificate closes while we write (TLS 1.3): that is an answer, and no end of the
  // program.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return client::run({words + 1, words + count});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "chancery-client: %s\n", error.what());
    return client::failed;
  }
}
