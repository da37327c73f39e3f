// The part of examine_settings.hpp that looks at files.
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "app/command/control.hpp"
#include "app/config/config_files.hpp"
#include "app/config/origin_host.hpp"
#include "app/config/validation_policy_file.hpp"
#include "app/doctor/examine_settings.hpp"
#include "app/doctor/server_eyes.hpp"
#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/certificate_traits.hpp"
#include "crypto/certificate/server_certificate.hpp"
#include "http/served_certificate.hpp"
#include "http/tls.hpp"
#include "remote/reach.hpp"

namespace app {
namespace {

constexpr base::Duration soon = std::chrono::hours(24 * 21);
constexpr base::Duration very_soon = std::chrono::hours(24 * 3);

/// Whom the package makes for the server.
constexpr const char* user_of_package = "chancery";

/// Who owns the files of the data folder, compared with the folder itself.
void examine_owners(const Config& config, const struct stat& folder, Findings& findings) {
  const std::string check = "files.owner";
  const std::string database = config.database_file();
  std::vector<std::string> files{config.master_key_file};
  if (!database.empty()) {
    for (const char* of_sqlite : {"", "-wal", "-shm", ".lock"}) files.push_back(database + of_sqlite);
  }
  bool has_own = true;
  for (const std::string& file : files) {
    struct stat status {};
    if (file.empty() || ::stat(file.c_str(), &status) != 0 || status.st_uid == folder.st_uid) continue;
    const std::string owner = name_of_user(folder.st_uid);
    has_own = false;
    if (folder.st_uid == 0) {  // the server is hardly root, so that the folder is what is wrong
      const std::string user = name_of_user(status.st_uid);
      findings.fault(check, config.data_dir + " belongs to root, but " + file + " to " + user,
                     "the folder was made or restored as root; say: chown -R " + user + " " + config.data_dir);
      return;
    }
    findings.fault(check, file + " belongs to " + name_of_user(status.st_uid) + ", but its folder to " + owner,
                   "a command or a server was run as another user; say: chown " + owner + " " + file);
  }
  if (has_own && folder.st_uid == 0 && ::getpwnam(user_of_package) != nullptr) {
    findings.warning(check,
                     config.data_dir + " and what is in it belong to root: the service, which runs as " +
                         user_of_package + ", cannot open them",
                     std::string("say: chown -R ") + user_of_package + ":" + user_of_package + " " + config.data_dir);
  }
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
  } else if (!is_possible(config.data_dir, W_OK)) {
    findings.fault(check, "data_dir " + config.data_dir + " cannot be written",
                   "run this as root or as the user of the server; see whether the disk is mounted to be read only");
  } else {
    findings.fine(check, config.data_dir + " belongs to " + name_of_user(folder.st_uid));
  }
  examine_owners(config, folder, findings);
  if (config.is_sqlite() && config.master_key.empty() && is_possible(config.database_file(), F_OK) &&
      !is_possible(config.master_key_file, F_OK)) {
    findings.fault("files.master_key",
                   "there is a database, but its master key " + config.master_key_file + " is missing",
                   "put the key back from its copy; without it nothing that is sealed can be read");
  }
}

std::string read_text(const std::string& file) {
  const std::ifstream stream(file, std::ios::binary);
  std::ostringstream read;
  read << stream.rdbuf();
  return read.str();
}

std::vector<std::string> read_chain(const std::string& file) {
  const std::string text = read_text(file);
  const auto blocks = crypto::list_certificates(text);
  return {blocks.begin(), blocks.end()};
}

std::string day_of(base::Time time) {
  return base::to_rfc3339(time).substr(0, 10);
}

void examine_time(const std::string& check, const std::string& file, const crypto::CertificateFacts& facts,
                  base::Time now, Findings& findings) {
  const std::string named = "the certificate " + file;
  const std::string renew = "renew it, put it in place, and say: systemctl reload chancery";
  if (facts.not_before > now) {
    findings.fault(check, named + " counts only from " + day_of(facts.not_before) + " on",
                   "use the one before until then, and look whether the clock of this machine is right");
  } else if (facts.not_after <= now) {
    findings.fault(check, named + " ended on " + day_of(facts.not_after), renew);
  } else if (facts.not_after - now < very_soon) {
    findings.fault(check, named + " ends on " + day_of(facts.not_after), renew);
  } else if (facts.not_after - now < soon) {
    findings.warning(check, named + " ends on " + day_of(facts.not_after), renew);
  } else {
    findings.fine(check, named + " counts until " + day_of(facts.not_after));
  }
}

/// Whether each certificate is followed by the one of its issuer. The root may be missing: clients have it.
void examine_order(const std::string& check, const std::string& file,
                   const std::vector<crypto::CertificateFacts>& chain, Findings& findings) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (chain[i].issuer == chain[i + 1].subject) continue;
    findings.fault(
        check, "the certificates of " + file + " are in a wrong order, or one is missing behind " + chain[i].subject,
        "the server's own certificate is the first, and each is followed by the one of its issuer");
    return;
  }
  if (chain.size() == 1 && chain.front().issuer != chain.front().subject) {
    findings.warning(
        check, file + " has only the server's own certificate, and not that of its issuer, " + chain.front().issuer,
        "unless that is a root which all browsers know, append it: certbot calls the whole fullchain.pem");
  }
}

void examine_listener(const Config& config, const http::Listener& listener, base::Time now, Findings& findings) {
  const std::string check = "certificate." + listener.name;
  const std::string& file = listener.tls_files.certificate_file;
  if (!is_possible(file, R_OK) || !is_possible(listener.tls_files.key_file, R_OK)) {
    return;  // examine_files has said so
  }
  std::vector<crypto::CertificateFacts> chain;
  for (const std::string& block : read_chain(file)) {
    auto facts = crypto::parse_certificate(block);
    if (facts) chain.push_back(std::move(*facts));
  }
  if (chain.empty()) {
    findings.fault(check, file + " holds no certificate",
                   "it must hold the server's certificate and its chain, in PEM");
    return;
  }
  examine_time(check, file, chain.front(), now, findings);
  examine_order(check + ".chain", file, chain, findings);
  const auto traits = crypto::read_traits(chain.front().der);
  const bool is_weak = traits && (traits->is_weak_key || traits->is_weak_digest);
  if (is_weak) {
    findings.fault(check + ".strength",
                   "the certificate " + file + " is weak (" + traits->algorithm + "): browsers refuse it or will",
                   "make a new key: ECDSA P-256, or RSA with 3072 bits");
  }
  const auto context = http::TlsContext::make(listener);
  if (!context) {  // OpenSSL refuses a key that is very weak as well
    if (!is_weak)
      findings.fault(check, context.error().reason, "put the key beside the certificate that was made for it");
    return;
  }
  const std::string& issuer = config.settings.site.issuer;
  if (listener.role != http::Role::ordinary || !issuer.starts_with("https://")) return;
  const std::string host = host_of(issuer);
  if (!(*context)->names(host)) {
    findings.fault(check + ".name", "the certificate " + file + " does not name " + host + ", the host of issuer",
                   "take a certificate for " + host);
  }
}

/// A file to which the server adds lines: it must be writable, or its folder if it is not there yet.
void examine_log(const std::string& setting, const std::string& file, Findings& findings) {
  if (file.empty() || file == "-") return;
  const auto slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  const bool is_there = is_possible(file, F_OK);
  if (is_possible(is_there ? file : folder, W_OK)) return;
  findings.fault("files.log", setting + ": nothing can be written into " + (is_there ? file : folder),
                 is_there
                     ? "give the file to the user of the server"
                     : "make the folder and give it to the user of the server; with systemd: LogsDirectory=chancery");
}

void examine_named_folders(const Config& config, Findings& findings) {
  if (!config.signing.spool.empty() && !folder_can_be_made(config.signing.spool)) {
    findings.fault("files.folder",
                   "signing.folder: nothing can be written into " + config.signing.spool +
                       ": no large document can be signed, stamped or verified",
                   "make the folder and give it to the user of the server");
  }
  if (config.validation_policies.empty()) return;
  if (const auto policies = read_policy_folder(config.validation_policies); !policies) {
    findings.fault("files.policies", "validation.policies: " + policies.error().reason,
                   "`chancery check-policy FILE` says everything that is wrong with one");
  }
}

/// A certificate that was renewed in its file only is not shown before the server has read it.
void examine_served(const Config& config, const http::Listener& listener, base::Time now, Findings& findings) {
  const std::string& file = listener.tls_files.certificate_file;
  const auto in_file = crypto::find_leaf(read_text(file));
  const auto reached = remote::reach(listener.address, listener.port);
  if (!in_file || !reached) return;  // examine_certificates or examine_ports has said so
  const auto shown = http::find_served_certificate(reached->socket(), host_of(config.settings.site.issuer));
  if (!shown) return;
  const std::string check = "certificate." + listener.name + ".served";
  if (*in_file == *shown) {
    findings.fine(check, "the server shows the certificate of " + file);
    return;
  }
  const auto facts = crypto::parse_certificate(*shown);
  const bool is_over = facts && facts->not_after - now < very_soon;
  const std::string what = "the server still shows another certificate than " + file +
                           (facts ? ", which ends on " + day_of(facts->not_after) : std::string());
  const char* const advice = "say: systemctl reload chancery; if it stays so, the log of the server says why";
  is_over ? findings.fault(check, what, advice) : findings.warning(check, what, advice);
}

}  // namespace

void examine_files(const Config& config, const std::string& config_file, Findings& findings) {
  const ServerEyes eyes(config.data_dir);
  const std::string whose = eyes.user().empty() ? "the user of the server" : eyes.user() + ", as whom the server runs";
  const auto say = [&findings](const std::vector<std::string>& sentences, const std::string& check,
                               const std::string& advice) {
    for (const std::string& sentence : sentences) findings.fault(check, sentence, advice);
  };
  const std::string readable = "it must be there and readable for " + whose + "; docs/operators/install.md says how";
  say(find_missing_files(config), "files.missing", readable);
  if (!is_possible(config_file, R_OK)) {
    findings.fault("files.missing", "configuration: the file " + config_file + " cannot be read", readable);
  }
  say(find_open_keys(config), "files.open", "docs/operators/install.md names who may read what");
  // The configuration of a demonstration holds only secrets that are public.
  if (!config.settings.site.demo) {
    say(find_open_configuration(config_file), "files.open", "docs/operators/install.md names who may read what");
  }
  examine_data_folder(config, findings);
  examine_log("log.file", config.log_file, findings);
  examine_log("log.access", config.server.access_log, findings);
  examine_named_folders(config, findings);
}

void examine_certificates(const Config& config, base::Time now, Findings& findings) {
  const ServerEyes eyes(config.data_dir);
  for (const http::Listener& listener : config.server.listeners) {
    if (listener.tls) examine_listener(config, listener, now, findings);
  }
}

void examine_served_certificates(const Config& config, base::Time now, Findings& findings) {
  for (const http::Listener& listener : config.server.listeners) {
    if (listener.tls && listener.port != 0) examine_served(config, listener, now, findings);
  }
}

}  // namespace app
