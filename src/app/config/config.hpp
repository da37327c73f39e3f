// The configuration: one TOML file, environment variables above it, every key a row of config_table.cpp.
// Invariant: all mistakes are found in one reading; a Config with mistakes is never used.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/sms_config.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/message/deliver_message.hpp"
#include "flow/message/sms_route.hpp"
#include "flow/setup/settings.hpp"
#include "flow/signature/signing_settings.hpp"
#include "flow/timestamp/timestamp_settings.hpp"
#include "flow/validation/validation_settings.hpp"
#include "http/server.hpp"
#include "store/engine/store.hpp"
#include "token/token.hpp"

namespace app {

/// The server that accepts our mails; host "" = mails wait in the outbox until they are given up.
struct MailConfig {
  remote::SmtpOptions server;
  flow::MailSender sender;
};

struct Config {
  flow::Settings settings;
  std::string data_dir;
  std::string master_key_file;
  base::Secret master_key;  // from CHANCERY_MASTER_KEY; empty = the file counts
  store::Options store;
  bool accepts_unverified_database = false;  // database.risk_unverified_server
  bool accepts_plain_hop = false;            // http.risk_plain_proxy_hop
  http::ServerOptions server;
  std::string metrics_listen;                // IP address and port; "" = nowhere
  std::uint16_t connector_port = 0;          // at which clients reach its TLS; 0 = that of the listener
  std::vector<std::string> loopback_http;    // "host:port" that may be called without TLS
  std::vector<std::string> remote_networks;  // inner networks in which applications may be
  std::string remote_ca_file;                // authorities of applications and of the SMS gateway; "" = the system's
  MailConfig mail;
  courier::SmsGateway sms;                // of [sms]; url "" = none
  std::vector<GatewayEntry> gateways;     // the [[gateway]] tables
  flow::SmsSettings sms_route;            // without its gateways: list_gateways()
  std::vector<std::string> sms_networks;  // inner networks in which the gateway may be
  std::vector<token::Settings> tokens;    // the [[token]] tables
  flow::TimestampSettings timestamp;
  flow::SigningSettings signing;              // with the folder as it is configured
  std::vector<std::string> signing_policies;  // as they stand in the configuration
  flow::ValidationSettings validation;        // without the policies of the folder
  std::string validation_policies;            // folder; "" = only the policy that is built in
  base::Level log_level = base::Level::info;
  std::string log_file;  // "" = standard error
  /// Not a setting. Tests pass keys that were generated before, because generation is slow.
  flow::KeyMaker make_key = crypto::SigningKey::generate;

  [[nodiscard]] bool is_in_memory() const { return store.url == "sqlite::memory:"; }
  [[nodiscard]] bool is_sqlite() const { return store.url.starts_with("sqlite:"); }
  /// The file of an embedded database, or "".
  [[nodiscard]] std::string database_file() const;
  /// Where commands reach the running server.
  [[nodiscard]] std::string control_socket() const { return data_dir + "/control.sock"; }
};

/// Variables whose names begin with CHANCERY_.
using Environment = std::map<std::string, std::string>;
Environment process_environment();

struct Mistake {
  std::string where;  // "chancery.toml:12", "CHANCERY_ISSUER"
  std::string what;   // a sentence
  [[nodiscard]] std::string to_text() const { return where + ": " + what; }
};

struct ConfigReading {
  Config config;  // only usable without mistakes
  std::vector<Mistake> mistakes;
  std::vector<Mistake> warnings;
};

/// Reads a file. Relative paths in it are resolved from the folder of the file.
ConfigReading read_config(const std::string& path, const Environment& environment);
/// Reads a text. `name` is the name of the file in mistakes; relative paths are resolved from `folder`.
ConfigReading parse_config(std::string_view text, const std::string& name, const std::string& folder,
                           const Environment& environment);
/// The defaults of the table; for tests that set the rest themselves.
Config default_config();

}  // namespace app
