#include "client/install.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "client/files.hpp"

namespace client {
namespace {

/// Starts a tool without a shell and waits for it. A password is never one of its arguments, because others can read
/// those. Errors: not_found, unavailable.
base::Result<void> run(std::vector<std::string> words, std::string_view package) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t quiet{};
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, arguments.front(), &quiet, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&quiet);
  if (failed == ENOENT) {
    return base::fail(base::Code::not_found,
                      words.front() + " is not installed; it is in the package " + std::string(package));
  }
  int status = 0;
  if (failed == 0) {
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (failed == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return base::fail(base::Code::unavailable, words.front() + " has failed; what it says stands above");
}

std::string label_of(const Credential& credential) {
  return "Chancery " + credential.id;
}

/// The files of the authorities by which the connector is known.
using Trusted = std::vector<std::filesystem::path>;

/// One file with all of them; "" = there is none.
base::Result<std::string> join_trusted(const std::filesystem::path& folder, const Trusted& trusted) {
  if (trusted.size() < 2) return trusted.empty() ? std::string() : trusted.front().string();
  std::string all;
  for (const std::filesystem::path& file : trusted) {
    ASSIGN_OR_RETURN(const base::Secret one, read_file(file));
    all.append(one.reveal()).append("\n");
  }
  const std::filesystem::path joined = folder / "trusted.pem";
  RETURN_IF_ERROR(write_file(joined, all));
  return joined.string();
}

base::Result<std::string> install_for_curl(const std::filesystem::path& folder, const Trusted& trusted) {
  const std::filesystem::path config = folder / "curl.conf";
  std::string text =
      "cert = \"" + (folder / file::certificate).string() + "\"\nkey = \"" + (folder / file::key).string() + "\"\n";
  ASSIGN_OR_RETURN(const std::string authorities, join_trusted(folder, trusted));
  if (!authorities.empty()) text += "cacert = \"" + authorities + "\"\n";
  RETURN_IF_ERROR(write_file(config, text));
  return "curl -K " + config.string() + " https://HOST:PORT/connector/self";
}

base::Result<std::string> install_for_openssl(const std::filesystem::path& folder, const Credential& credential,
                                              const Trusted& trusted) {
  const std::filesystem::path all = folder / "all.pem";
  std::string chain;
  for (const Certificate& one : credential.chain) chain += to_pem(one.get());
  RETURN_IF_ERROR(write_file(
      all, std::string(to_pem(credential.key.get()).reveal()) + to_pem(credential.certificate.get()) + chain));
  std::string use = "openssl s_client -connect HOST:PORT -cert " + all.string();
  ASSIGN_OR_RETURN(const std::string authorities, join_trusted(folder, trusted));
  if (!authorities.empty()) use += " -CAfile " + authorities;
  return use;
}

base::Result<std::string> install_for_java(const std::filesystem::path& folder, const Credential& credential,
                                           const Trusted& authorities) {
  const std::filesystem::path store = folder / "client.jks";
  const std::string password = (folder / file::password).string();
  std::error_code gone;
  std::filesystem::remove(store, gone);
  RETURN_IF_ERROR(run({"keytool", "-importkeystore", "-noprompt", "-srckeystore", (folder / file::p12).string(),
                       "-srcstoretype", "PKCS12", "-srcstorepass:file", password, "-destkeystore", store.string(),
                       "-deststoretype", "JKS", "-deststorepass:file", password},
                      "default-jre-headless"));
  std::filesystem::permissions(store, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, gone);
  std::string use = "java -Djavax.net.ssl.keyStore=" + store.string() +
                    " -Djavax.net.ssl.keyStorePassword=… (it stands in " + password + ")";
  if (authorities.empty()) return use;
  const std::filesystem::path trusted = folder / "trusted.jks";
  std::filesystem::remove(trusted, gone);
  for (const std::filesystem::path& one : authorities) {
    RETURN_IF_ERROR(run({"keytool", "-importcert", "-noprompt", "-trustcacerts", "-alias",
                         label_of(credential) + " " + one.stem().string(), "-file", one.string(), "-keystore",
                         trusted.string(), "-storetype", "JKS", "-storepass:file", password},
                        "default-jre-headless"));
  }
  return use + " -Djavax.net.ssl.trustStore=" + trusted.string();
}

base::Result<std::string> install_for_chromium(const std::filesystem::path& folder, const Credential& credential,
                                               const Trusted& authorities) {
  const char* const home = std::getenv("HOME");  // NOLINT(*-mt-unsafe)
  if (home == nullptr) return base::fail(base::Code::invalid_input, "HOME is not set");
  const std::filesystem::path store = std::filesystem::path(home) / ".pki" / "nssdb";
  const std::string place = "sql:" + store.string();
  constexpr std::string_view package = "libnss3-tools";
  std::error_code failed;
  if (!std::filesystem::exists(store / "cert9.db", failed)) {
    std::filesystem::create_directories(store, failed);
    RETURN_IF_ERROR(run({"certutil", "-N", "-d", place, "--empty-password"}, package));
  }
  RETURN_IF_ERROR(run({"pk12util", "-i", (folder / file::p12).string(), "-d", place, "-K", "", "-w",
                       (folder / file::password).string()},
                      package));
  for (const std::filesystem::path& one : authorities) {
    const bool is_of_zip = one == folder / file::authority;
    const std::string label = label_of(credential) + (is_of_zip ? "" : " server");
    RETURN_IF_ERROR(run({"certutil", "-A", "-d", place, "-n", label, "-t", "C,,", "-i", one.string()}, package));
  }
  return "Chromium and Chrome offer the certificate at the next start (" + place + ")";
}

}  // namespace

base::Result<std::string> install_for(std::string_view program, const std::filesystem::path& folder,
                                      const Credential& credential, std::string_view authority) {
  Trusted trusted;
  if (!credential.chain.empty()) trusted.push_back(folder / file::authority);
  if (!authority.empty()) {
    if (authority.find("-----BEGIN CERTIFICATE-----") == std::string_view::npos) {
      return base::fail(base::Code::invalid_input, "--ca takes a file with a certificate in PEM");
    }
    trusted.push_back(folder / "server-ca.pem");
    RETURN_IF_ERROR(write_file(trusted.back(), authority));
  }
  if (program == "curl") return install_for_curl(folder, trusted);
  if (program == "openssl") return install_for_openssl(folder, credential, trusted);
  if (program == "java") return install_for_java(folder, credential, trusted);
  if (program == "chromium") return install_for_chromium(folder, credential, trusted);
  return base::fail(base::Code::invalid_input, "install --for takes curl, java, chromium or openssl");
}

}  // namespace client
