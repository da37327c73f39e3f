#include "app/config/config_rules.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "app/config/signing_policy.hpp"
#include "app/config/sms_config.hpp"
#include "base/ip_address.hpp"
#include "crypto/cms/der.hpp"
#include "flow/password/breached_passwords.hpp"
#include "store/engine/database_url.hpp"

namespace app {
namespace {

// OWASP Password Storage Cheat Sheet: Argon2id with at least m=19 MiB, t=2, p=1.
constexpr std::uint32_t least_memory_kib = 19 * 1024;
constexpr std::uint32_t least_passes = 2;

bool is_host_and_port(std::string_view text, std::string_view& host) {
  const bool bracketed = text.starts_with('[');
  const auto end = bracketed ? text.find(']') : text.find(':');
  if (end == std::string_view::npos) {
    host = text;
    return !bracketed && !text.empty();
  }
  host = text.substr(0, bracketed ? end + 1 : end);
  std::string_view rest = text.substr(bracketed ? end + 1 : end);
  if (rest.empty()) return host.size() > 2;
  if (!rest.starts_with(':') || host.empty()) return false;
  rest.remove_prefix(1);
  unsigned port = 0;
  const auto [stop, wrong] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
  return wrong == std::errc() && stop == rest.data() + rest.size() && port > 0 && port <= 65535;
}

bool is_country(std::string_view text) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return text.empty() || (text.size() == 2 && std::all_of(text.begin(), text.end(), is_capital));
}

/// What is wrong with an origin: scheme, host and port.
std::optional<std::string> find_origin_flaw(const std::string& key, const std::string& origin) {
  const bool secure = origin.starts_with("https://");
  if (!secure && !origin.starts_with("http://")) return key + " must begin with https://";
  const std::string_view rest = std::string_view(origin).substr(secure ? 8 : 7);
  if (rest.ends_with('/')) return key + " must not end with a slash";
  if (rest.find_first_of("/?#") != std::string_view::npos)
    return key + " must be scheme, host and port only, without a path";
  const bool plain_letters = std::all_of(rest.begin(), rest.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':' || c == '[' || c == ']';
  });
  std::string_view host;
  if (!plain_letters || !is_host_and_port(rest, host)) {
    return key + " must name a host in lower-case letters, digits, dots and hyphens, with a port if it is not the " +
           "usual one";
  }
  return std::nullopt;
}

std::optional<std::string> find_issuer_flaw(const std::string& issuer, bool demo) {
  if (auto flaw = find_origin_flaw("issuer", issuer)) return flaw;
  const bool secure = issuer.starts_with("https://");
  std::string_view host;
  (void)is_host_and_port(std::string_view(issuer).substr(secure ? 8 : 7), host);
  if (!secure && !demo && !base::is_loopback_host(host)) {
    return "issuer must begin with https://; http:// is for a loopback host, or for demo = true";
  }
  return std::nullopt;
}

std::optional<std::string> find_certificate_origin_flaw(const std::string& origin, const std::string& issuer) {
  constexpr const char* key = "login.certificate_origin";
  if (auto flaw = find_origin_flaw(key, origin)) return flaw;
  if (!origin.starts_with("https://")) return std::string(key) + " must begin with https://: TLS asks for certificates";
  if (origin == issuer) {
    return std::string(key) + " must differ from issuer, because nobody else may be asked for a certificate";
  }
  return std::nullopt;
}

using Contradictions = std::vector<std::pair<std::string_view, std::string>>;

void judge_mail(const Config& config, Contradictions& found) {
  const auto& server = config.mail.server;
  const auto& sender = config.mail.sender;
  if (server.host.empty()) return;
  if (!remote::is_mailbox(sender.from))
    found.emplace_back("mail.from",
                       "mail.from must be an address such as \"login@clinic.example\" when mail.host is set");
  if (!sender.reply_to.empty() && !remote::is_mailbox(sender.reply_to))
    found.emplace_back("mail.reply_to", "mail.reply_to must be an address");
  if (!sender.domain.empty() && !remote::is_domain(sender.domain))
    found.emplace_back("mail.domain", "mail.domain must be a domain");
  if (!server.password.empty() && server.user.empty())
    found.emplace_back("mail.password", "mail.password needs mail.login");
  if (server.tls == remote::SmtpTls::none && !config.settings.site.demo && !base::is_loopback_host(server.host)) {
    found.emplace_back("mail.tls", "mail.tls = \"none\" is for a server on this machine, or for demo = true");
  } else if (const auto client = remote::SmtpClient::make(smtp_options(config)); !client) {
    found.emplace_back("mail.host", "mail: " + client.error().reason);
  }
}

void judge_networks(const std::string& key, const std::vector<std::string>& networks, Contradictions& found) {
  remote::HttpOptions options;
  options.allowed_networks = networks;
  if (const auto client = remote::HttpClient::make(options); !client) {
    found.emplace_back(key, key + ": " + client.error().reason);
  }
}

bool is_zone_name(std::string_view name) {
  return !name.empty() &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
             std::string_view::npos;
}

void judge_signing_policies(const Config& config, Contradictions& found) {
  std::set<std::string> names;
  for (const std::string& line : config.signing_policies) {
    const auto policy = parse_signing_policy(line);
    if (!policy) {
      found.emplace_back("signing.policies", policy.error().reason);
    } else if (!names.insert(policy->first).second) {
      found.emplace_back("signing.policies", "signing.policies has \"" + policy->first + "\" twice");
    }
  }
  if (!config.signing.policy.empty() && !names.contains(config.signing.policy)) {
    found.emplace_back("signing.policy", "signing.policy names none of signing.policies: " + config.signing.policy);
  }
}

void judge_timestamps(const flow::TimestampSettings& settings, Contradictions& found) {
  std::vector<std::string> policies = settings.more_policies;
  policies.push_back(settings.policy);
  for (const std::string& policy : policies) {
    const bool is_oid = crypto::der::make_oid(policy).has_value();
    if (!is_oid) found.emplace_back("timestamp.policy", "timestamp: \"" + policy + "\" is not an object identifier");
  }
  for (const std::string& source : settings.sources) {
    const bool is_url = source.starts_with("http://") || source.starts_with("https://");
    if (source != "own" && !is_url) {
      found.emplace_back("timestamp.sources",
                         "timestamp.sources: \"" + source + "\" is neither own nor an address of http or https");
    }
  }
  const auto is_weak = [](crypto::DigestKind kind) { return kind < crypto::DigestKind::sha256; };
  const bool has_weak = std::any_of(settings.digests.begin(), settings.digests.end(), is_weak);
  if (has_weak || settings.digests.empty()) {
    found.emplace_back("timestamp.digests", "timestamp.digests names sha256, sha384 or sha512");
  }
}

}  // namespace

base::Result<http::Listener> make_metrics_listener(const std::string& place) {
  const auto wrong = [&] {
    return base::fail(base::Code::invalid_input,
                      "\"" + place + "\" is no IP address with a port, such as \"127.0.0.1:9464\" or \"[::1]:9464\"");
  };
  const std::size_t colon = place.rfind(':');
  if (colon == std::string::npos) return wrong();
  std::string address = place.substr(0, colon);
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (bracketed) address = address.substr(1, address.size() - 2);
  const bool is_v6 = address.find(':') != std::string::npos;
  if (is_v6 != bracketed || !base::IpAddress::parse(address)) return wrong();
  const char* const end = place.data() + place.size();
  unsigned port = 0;
  const auto [stop, error] = std::from_chars(place.data() + colon + 1, end, port);
  if (error != std::errc() || stop != end || port > 65535) return wrong();
  http::Listener listener;
  listener.name = metrics_listener_name;
  listener.address = std::move(address);
  listener.port = static_cast<std::uint16_t>(port);
  listener.reserved = true;
  return listener;
}

remote::SmtpOptions smtp_options(const Config& config) {
  remote::SmtpOptions options = config.mail.server;
  options.may_be_plain = config.settings.site.demo || base::is_loopback_host(options.host);
  options.connect_time = std::chrono::seconds(10);
  options.total_time = std::chrono::seconds(20);  // shorter than the outbox's lease
  return options;
}

void complete(Config& config, const std::string& folder) {
  for (const std::string& line : config.signing_policies) {
    if (auto policy = parse_signing_policy(line)) config.signing.policies.insert(std::move(*policy));
  }
  constexpr std::string_view sqlite = "sqlite:";
  if (config.master_key_file.empty()) config.master_key_file = config.data_dir + "/master.key";
  if (config.store.url.empty()) config.store.url = std::string(sqlite) + config.data_dir + "/chancery.db";
  if (const std::string file = config.database_file(); !file.empty()) {
    config.store.url = std::string(sqlite) + (std::filesystem::path(folder) / file).lexically_normal().string();
  }
  if (config.server.listeners.empty()) {
    auto& listener = config.server.listeners.emplace_back();
    listener.name = "http";
    listener.address = "127.0.0.1";
    listener.port = 8080;
  }
}

namespace {

/// A name as TLS carries it: lower-case letters, digits, dots and hyphens.
bool is_server_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

std::optional<std::string> find_role_flaw(const http::Listener& listener, const std::string& named) {
  using http::Role;
  const bool asks = listener.role == Role::connector || listener.role == Role::certificate;
  if (asks && !listener.tls) return named + ": a role that asks for certificates needs tls = true";
  if (asks && listener.client_certificate == http::ClientCertificate::required) {
    return named +
           ": client_certificate = \"required\" would refuse those whom a page could tell what is missing; its "
           "role asks and never demands";
  }
  if (listener.role == Role::connector_plain && listener.tls) {
    return named + ": connector_plain is the listener without TLS; the one with TLS is role = \"connector\"";
  }
  if (listener.certificate_hosts.empty()) return std::nullopt;
  if (listener.role == Role::connector) {
    return named + ": the connector asks every connection for a certificate; certificate_hosts is for other listeners";
  }
  if (!listener.tls || (!asks && listener.client_certificate == http::ClientCertificate::none)) {
    return named + ": certificate_hosts needs tls = true and client_certificate";
  }
  for (const std::string& host : listener.certificate_hosts) {
    if (!is_server_name(host)) return named + ": certificate_hosts: \"" + host + "\" is not a host name in lower case";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_flaw(const std::vector<token::Settings>& tokens) {
  const token::Settings& last = tokens.back();
  const bool is_name = !last.name.empty() && last.name.size() <= 40 &&
                       last.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!is_name) return "token.name has 1 to 40 small letters, digits and hyphens";
  const bool is_taken =
      std::any_of(tokens.begin(), tokens.end() - 1, [&](const token::Settings& one) { return one.name == last.name; });
  if (is_taken) return "two tokens have the name " + last.name;
  if (last.module.empty()) return "token.module names the library of the token's maker";
  if (last.serial.empty() && last.label.empty()) return "token.serial or token.label says which token it is";
  return std::nullopt;
}

std::optional<std::string> find_flaw(const http::Listener& listener) {
  const std::string named = "listener \"" + listener.name + "\"";
  if (listener.name.empty()) return "[[listener]] needs a name";
  if (listener.name == "control") return "the listener name \"control\" is taken by the command socket";
  if (listener.name == metrics_listener_name) {
    return "the listener name \"" + listener.name + "\" is taken by metrics.listen";
  }
  if (listener.address.starts_with('/')) return named + ": the address must be an IP address";
  const auto& files = listener.tls_files;
  if (listener.tls && (files.certificate_file.empty() || files.key_file.empty())) {
    return named + ": tls = true needs certificate_file and key_file";
  }
  if (!listener.tls && !(files.certificate_file.empty() && files.key_file.empty())) {
    return named + ": certificate_file and key_file need tls = true";
  }
  if (!listener.tls && listener.client_certificate != http::ClientCertificate::none) {
    return named + ": client_certificate needs tls = true";
  }
  if (auto flaw = find_role_flaw(listener, named)) return flaw;
  return std::nullopt;
}

std::vector<std::pair<std::string_view, std::string>> find_contradictions(const Config& config) {
  std::vector<std::pair<std::string_view, std::string>> found;
  const auto& settings = config.settings;
  if (!settings.site.issuer.empty()) {
    if (auto flaw = find_issuer_flaw(settings.site.issuer, settings.site.demo))
      found.emplace_back("issuer", std::move(*flaw));
  }
  const std::string& certificate_origin = settings.proof.certificate_origin;
  if (!certificate_origin.empty()) {
    if (auto flaw = find_certificate_origin_flaw(certificate_origin, settings.site.issuer))
      found.emplace_back("login.certificate_origin", std::move(*flaw));
  }
  if (!is_zone_name(settings.site.time_zone))
    found.emplace_back("time_zone", "time_zone must be an IANA name such as \"Europe/Warsaw\"");
  if (!is_country(settings.site.country))
    found.emplace_back("country", "country must be two capital letters of ISO 3166, such as \"PL\"");
  if (!settings.site.demo && settings.password_hash.memory_kib < least_memory_kib) {
    found.emplace_back("password.memory_kib", "password.memory_kib is " +
                                                  std::to_string(settings.password_hash.memory_kib) +
                                                  ", but must be at least 19456 unless demo = true");
  }
  if (!settings.site.demo && settings.password_hash.passes < least_passes) {
    found.emplace_back("password.passes", "password.passes must be at least 2 unless demo = true");
  }
  if (!settings.breached.file.empty()) {
    if (const auto checked = flow::check_breached_file(settings.breached.file); !checked)
      found.emplace_back("password.breached_file", "password.breached_file: " + checked.error().reason);
  }
  if (settings.session.idle > settings.session.absolute)
    found.emplace_back("session.idle", "session.idle must not be longer than session.absolute");
  if (settings.session.connector_idle > settings.session.absolute)
    found.emplace_back("session.connector_idle", "session.connector_idle must not be longer than session.absolute");
  if (settings.session.warning >= settings.session.connector_idle)
    found.emplace_back("session.warning", "session.warning must be shorter than session.connector_idle");
  if (settings.session.warning >= settings.session.idle)
    found.emplace_back("session.warning", "session.warning must be shorter than session.idle");
  const bool sqlite = config.is_sqlite();
  if (!sqlite && !config.store.url.starts_with("postgresql://") && !config.store.url.starts_with("postgres://")) {
    found.emplace_back("database.url", "database.url must begin with sqlite: or postgresql://");
  } else if (const auto unverified = store::is_server_unverified(config.store.url); !unverified) {
    found.emplace_back("database.url", "database.url: " + unverified.error().reason);
  } else if (*unverified && !config.accepts_unverified_database) {
    found.emplace_back(
        "database.url",
        "database.url: a database on another host needs sslmode=verify-full and no TLS older than 1.2, so that "
        "nobody between reads or changes what it holds; database.risk_unverified_server = true accepts that risk");
  }
  for (const std::string& allowed : config.loopback_http) {
    std::string_view host;
    if (!is_host_and_port(allowed, host) || host.size() == allowed.size() || !base::is_loopback_host(host)) {
      found.emplace_back(
          "remote.loopback_http",
          "remote.loopback_http: \"" + allowed + "\" is not a loopback host with a port, such as \"127.0.0.1:8090\"");
    }
  }
  if (!config.metrics_listen.empty()) {
    if (const auto listener = make_metrics_listener(config.metrics_listen); !listener)
      found.emplace_back("metrics.listen", "metrics.listen: " + listener.error().reason);
  }
  judge_networks("remote.networks", config.remote_networks, found);
  judge_mail(config, found);
  judge_sms(config, found);
  judge_networks("sms.networks", config.sms_networks, found);
  judge_timestamps(config.timestamp, found);
  judge_signing_policies(config, found);
  std::set<std::string_view> names;
  for (const auto& listener : config.server.listeners) {
    if (!names.insert(listener.name).second)
      found.emplace_back("listener", "two listeners have the name \"" + listener.name + "\"");
    const bool is_hop = config.accepts_plain_hop && !config.server.trusted_proxies.empty();
    // What the connector serves without TLS takes no password and no cookie.
    const bool is_open = listener.role == http::Role::connector_plain;
    if (!listener.tls && !settings.site.demo && !base::is_loopback_host(listener.address) && !is_hop && !is_open) {
      found.emplace_back("listener", "listener \"" + listener.name +
                                         "\": without tls others than this machine would send passwords in clear text, "
                                         "a proxy on another host as well; set tls = true, or accept the risk for a "
                                         "proxy with http.trusted_proxies and http.risk_plain_proxy_hop = true");
    }
  }
  return found;
}

}  // namespace app
