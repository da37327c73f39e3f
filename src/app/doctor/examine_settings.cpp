#include "app/doctor/examine_settings.hpp"

#include <algorithm>
#include <charconv>

#include "app/config/config_rules.hpp"
#include "app/config/origin_host.hpp"
#include "base/ip_address.hpp"

namespace app {
namespace {

constexpr const char* reference = "see docs/operators/configuration.md";

/// A range of so many addresses that strangers are in it: fewer than 8 bits of IPv4 are fixed, or fewer than 16 of
/// IPv6.
bool is_wide(const std::string& range) {
  const auto slash = range.find('/');
  if (slash == std::string::npos) return false;
  unsigned bits = 0;
  const char* const end = range.data() + range.size();
  if (std::from_chars(range.data() + slash + 1, end, bits).ec != std::errc()) return false;
  return bits < (range.find(':') == std::string::npos ? 8U : 16U);
}

void examine_listeners(const Config& config, Findings& findings) {
  const bool is_secure = config.settings.site.issuer.starts_with("https://");
  const auto& listeners = config.server.listeners;
  const bool has_tls = std::any_of(listeners.begin(), listeners.end(), [](const http::Listener& one) {
    return one.tls && one.role == http::Role::ordinary;
  });
  if (is_secure && !has_tls && config.server.trusted_proxies.empty()) {
    findings.fault(
        "configuration.listeners",
        "issuer begins with https://, but no listener has TLS and no proxy is trusted: every page answers 421",
        "give a listener tls = true with certificate_file and key_file, or list the proxy in http.trusted_proxies");
  } else {
    findings.fine("configuration.listeners", std::to_string(listeners.size()) + " listeners");
  }
  for (const std::string& range : config.server.trusted_proxies) {
    if (!is_wide(range)) continue;
    findings.fault("configuration.trusted_proxies",
                   "http.trusted_proxies trusts " + range + ": anybody there can pretend any address",
                   "list the addresses of your proxies only");
  }
}

/// Whose keys are on a token is in the database (doctor); the configuration tells which tokens the server itself uses.
void examine_tokens(const Config& config, Findings& findings) {
  for (const token::Settings& one : config.tokens) {
    const bool is_of_stamps = config.timestamp.token == one.name;
    if (one.pin_file.empty() && !is_of_stamps) continue;
    if (is_of_stamps && !one.pin_file.empty()) {
      findings.warning("configuration.token",
                       "the token " + one.name +
                           " has the keys of the authority and of the time stamps: a wrong PIN of "
                           "one locks it for both",
                       "give each a token of its own; timestamp.token and token.pin_file name them");
    }
    findings.fine("configuration.token",
                  "the server itself uses the token " + one.name + "; keys of people belong on another one");
  }
}

}  // namespace

bool examine_reading(const ConfigReading& reading, Findings& findings) {
  for (const Mistake& mistake : reading.mistakes) {
    findings.fault("configuration.mistake", mistake.to_text(), reference);
  }
  for (const Mistake& warning : reading.warnings) {
    findings.warning("configuration.warning", warning.to_text(), reference);
  }
  if (reading.mistakes.empty()) findings.fine("configuration.mistake", "the configuration has no mistake");
  return reading.mistakes.empty();
}

void examine_settings(const Config& config, Findings& findings) {
  const auto& site = config.settings.site;
  if (site.demo) {
    findings.warning("configuration.demo", "demo = true: passwords are hashed weakly, and plain HTTP is accepted",
                     "a server that people rely on needs a new database and demo = false");
  } else if (base::is_loopback_host(host_of(site.issuer))) {
    findings.warning("configuration.issuer", "issuer is " + site.issuer + ": only this machine can reach it",
                     "set the address by which people reach the server; it is in every token and link");
  }
  examine_listeners(config, findings);
  examine_tokens(config, findings);
  if (config.accepts_unverified_database) {
    findings.warning("configuration.risk_unverified_server",
                     "database.risk_unverified_server: who is between here and the database can read everything",
                     "use sslmode=verify-full and sslrootcert in database.url, and take the setting away");
  }
  if (config.accepts_plain_hop) {
    findings.warning("configuration.risk_plain_proxy_hop",
                     "http.risk_plain_proxy_hop: who is between the proxy and here can read passwords",
                     "let the proxy use TLS to a listener with tls = true, and take the setting away");
  }
  const auto& lockout = config.settings.lockout;
  if (lockout.classic.failures == 0 || lockout.network.capacity == 0) {
    findings.warning("configuration.lockout",
                     lockout.classic.failures == 0
                         ? "lockout.failures = 0: passwords of an account can be tried without end"
                         : "lockout.network_failures = 0: one network can try passwords of all accounts without end",
                     "take the setting away: its default delays strangers and locks no owner out");
  }
  const auto metrics = make_metrics_listener(config.metrics_listen);
  if (metrics && !base::is_loopback_host(metrics->address)) {
    findings.warning(
        "configuration.metrics",
        "metrics.listen = \"" + config.metrics_listen + "\": everybody who reaches it can read the figures",
        "let a firewall admit the monitoring only, or listen on 127.0.0.1");
  }
  if (!config.server.hsts && site.issuer.starts_with("https://")) {
    findings.warning("configuration.hsts", "http.hsts = false: browsers may be led to plain HTTP",
                     "take the setting away");
  }
  if (config.mail.server.host.empty()) {
    findings.warning("configuration.mail",
                     "mail.host is not set: no link for a new password and no notice leaves the server",
                     "set mail.host and mail.from, then try `chancery mail test --to ADDRESS`");
  }
  if (site.administrator.empty()) {
    findings.warning("configuration.administrator", "administrator is not set: pages tell nobody whom to ask for help",
                     "set administrator to an address or a telephone number");
  }
  if (config.log_level == base::Level::debug) {
    findings.warning("configuration.log", "log.level = \"debug\" writes very much", "set log.level to info");
  }
}

}  // namespace app
