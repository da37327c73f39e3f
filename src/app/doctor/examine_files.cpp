// The part of examine_settings.hpp that looks at files.
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "app/config/config_files.hpp"
#include "app/config/origin_host.hpp"
#include "app/doctor/examine_settings.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/certificate_traits.hpp"
#include "crypto/certificate/server_certificate.hpp"
#include "http/tls.hpp"

namespace app {
namespace {

constexpr base::Duration soon = std::chrono::hours(24 * 21);
constexpr base::Duration very_soon = std::chrono::hours(24 * 3);

std::string name_of_user(uid_t id) {
  const passwd* const entry = ::getpwuid(id);
  return entry != nullptr ? entry->pw_name : "user " + std::to_string(id);
}

void examine_data_folder(const Config& config, Findings& findings) {
  const std::string check = "files.data_dir";
  struct stat folder {};
  if (::stat(config.data_dir.c_str(), &folder) != 0) {
    findings.warning(check, "data_dir " + config.data_dir + " is not there; the first start of the server makes it",
                     "if there was a server before, look whether data_dir is written rightly and its disk is mounted");
    return;
  }
  if ((folder.st_mode & 0077) != 0) {
    findings.warning(check, "other users can look into data_dir " + config.data_dir,
                     "say: chmod 0700 " + config.data_dir);
  } else if (::access(config.data_dir.c_str(), W_OK) != 0) {
    findings.fault(check, "data_dir " + config.data_dir + " cannot be written",
                   "run this as root or as the user of the server; see whether the disk is mounted to be read only");
  } else {
    findings.fine(check, config.data_dir + " belongs to " + name_of_user(folder.st_uid));
  }
  for (const std::string& file : {config.database_file(), config.master_key_file}) {
    struct stat status {};
    if (file.empty() || ::stat(file.c_str(), &status) != 0 || status.st_uid == folder.st_uid) continue;
    const std::string owner = name_of_user(folder.st_uid);
    findings.fault("files.owner", file + " belongs to " + name_of_user(status.st_uid) + ", but its folder to " + owner,
                   "a command or a server was run as another user; say: chown " + owner + " " + file);
  }
  if (config.is_sqlite() && config.master_key.empty() && ::access(config.database_file().c_str(), F_OK) == 0 &&
      ::access(config.master_key_file.c_str(), F_OK) != 0) {
    findings.fault("files.master_key",
                   "there is a database, but its master key " + config.master_key_file + " is missing",
                   "put the key back from its copy; without it nothing that is sealed can be read");
  }
}

std::vector<std::string> read_chain(const std::string& file) {
  const std::ifstream stream(file, std::ios::binary);
  std::ostringstream read;
  read << stream.rdbuf();
  const std::string text = read.str();
  const auto blocks = crypto::list_certificates(text);
  return {blocks.begin(), blocks.end()};
}

std::string day_of(base::Time time) {
  return base::to_rfc3339(time).substr(0, 10);
}

void examine_time(const std::string& check, const crypto::CertificateFacts& facts, base::Time now, Findings& findings) {
  const std::string renew = "renew it, put it in place, and say: systemctl reload chancery";
  if (facts.not_before > now) {
    findings.fault(check, "the certificate counts only from " + day_of(facts.not_before) + " on",
                   "look whether the clock of this machine is right");
  } else if (facts.not_after <= now) {
    findings.fault(check, "the certificate ended on " + day_of(facts.not_after), renew);
  } else if (facts.not_after - now < very_soon) {
    findings.fault(check, "the certificate ends on " + day_of(facts.not_after), renew);
  } else if (facts.not_after - now < soon) {
    findings.warning(check, "the certificate ends on " + day_of(facts.not_after), renew);
  } else {
    findings.fine(check, "the certificate counts until " + day_of(facts.not_after));
  }
}

/// Whether each certificate is followed by the one of its issuer. The root may be missing: clients have it.
void examine_order(const std::string& check, const std::vector<crypto::CertificateFacts>& chain, Findings& findings) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (chain[i].issuer == chain[i + 1].subject) continue;
    findings.fault(check, "the file's certificates are in a wrong order, or one is missing behind " + chain[i].subject,
                   "the server's own certificate is the first, and each is followed by the one of its issuer");
    return;
  }
  if (chain.size() == 1 && chain.front().issuer != chain.front().subject) {
    findings.warning(
        check, "the file has only the server's own certificate, and not that of its issuer, " + chain.front().issuer,
        "unless that is a root which all browsers know, append it: certbot calls the whole fullchain.pem");
  }
}

void examine_listener(const Config& config, const http::Listener& listener, base::Time now, Findings& findings) {
  const std::string check = "certificate." + listener.name;
  const auto is_readable = [](const std::string& file) { return ::access(file.c_str(), R_OK) == 0; };
  if (!is_readable(listener.tls_files.certificate_file) || !is_readable(listener.tls_files.key_file)) {
    return;  // examine_files has said so
  }
  std::vector<crypto::CertificateFacts> chain;
  for (const std::string& block : read_chain(listener.tls_files.certificate_file)) {
    auto facts = crypto::parse_certificate(block);
    if (facts) chain.push_back(std::move(*facts));
  }
  if (chain.empty()) {
    findings.fault(check, listener.tls_files.certificate_file + " holds no certificate",
                   "it must hold the server's certificate and its chain, in PEM");
    return;
  }
  const auto context = http::TlsContext::make(listener);
  if (!context) {
    findings.fault(check, context.error().reason, "put the key beside the certificate that was made for it");
    return;
  }
  examine_time(check, chain.front(), now, findings);
  examine_order(check + ".chain", chain, findings);
  const auto traits = crypto::read_traits(chain.front().der);
  if (traits && (traits->is_weak_key || traits->is_weak_digest)) {
    findings.fault(check + ".strength",
                   "the certificate is weak (" + traits->algorithm + "): browsers refuse it or will",
                   "make a new key: ECDSA P-256, or RSA with 3072 bits");
  }
  const std::string& issuer = config.settings.site.issuer;
  if (listener.role != http::Role::ordinary || !issuer.starts_with("https://")) return;
  const std::string host = host_of(issuer);
  if (!(*context)->names(host)) {
    findings.fault(check + ".name", "the certificate does not name " + host + ", the host of issuer",
                   "take a certificate for " + host);
  }
}

}  // namespace

void examine_files(const Config& config, const std::string& config_file, Findings& findings) {
  const auto say = [&findings](const std::vector<std::string>& sentences, const std::string& check) {
    for (const std::string& sentence : sentences) findings.fault(check, sentence, "see docs/operators/install.md");
  };
  say(find_missing_files(config), "files.missing");
  say(find_open_keys(config), "files.open");
  // The configuration of a demonstration holds only secrets that are public.
  if (!config.settings.site.demo) say(find_open_configuration(config_file), "files.open");
  examine_data_folder(config, findings);
  if (config.log_file.empty()) return;
  const auto slash = config.log_file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : config.log_file.substr(0, slash + 1);
  if (::access(folder.c_str(), W_OK) != 0) {
    findings.fault("files.log", "log.file: nothing can be written into " + folder,
                   "make the folder and give it to the user of the server; with systemd: LogsDirectory=chancery");
  }
}

void examine_certificates(const Config& config, base::Time now, Findings& findings) {
  for (const http::Listener& listener : config.server.listeners) {
    if (listener.tls) examine_listener(config, listener, now, findings);
  }
}

}  // namespace app
