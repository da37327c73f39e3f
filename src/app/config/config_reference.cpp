#include <array>

#include "app/config/config_table.hpp"

namespace app {
namespace {

struct Heading {
  std::string_view section;  // first part of the key
  std::string_view title;
};
constexpr std::array headings{Heading{"", "The installation"},
                              Heading{"database", "Database"},
                              Heading{"listener", "Listeners"},
                              Heading{"connector", "The connector"},
                              Heading{"http", "HTTP"},
                              Heading{"metrics", "Figures"},
                              Heading{"password", "Passwords"},
                              Heading{"lockout", "Lockout"},
                              Heading{"login", "Login"},
                              Heading{"reset", "Forgotten passwords"},
                              Heading{"session", "Sessions"},
                              Heading{"oidc", "OpenID Connect"},
                              Heading{"remote", "Calls to others"},
                              Heading{"mail", "Mail"},
                              Heading{"sms", "Short messages"},
                              Heading{"gateway", "SMS gateways"},
                              Heading{"token", "Tokens"},
                              Heading{"timestamp", "Time stamps"},
                              Heading{"validation", "Verification of signatures"},
                              Heading{"audit", "Audit log"},
                              Heading{"log", "Log"}};

std::string_view section_of(std::string_view key) {
  const auto dot = key.find('.');
  return dot == std::string_view::npos ? "" : key.substr(0, dot);
}

std::string standard_text(const Row& row) {
  if (row.standard.empty()) {
    if (row.required) return "required";
    return row.type == ValueType::list ? "`[]`" : "empty";
  }
  const bool quoted = row.type != ValueType::integer && row.type != ValueType::boolean;
  return "`" + std::string(quoted ? "\"" : "") + std::string(row.standard) + (quoted ? "\"`" : "`");
}

std::string limits_text(const Row& row) {
  switch (row.type) {
    case ValueType::integer: return "integer from " + std::to_string(row.least) + " to " + std::to_string(row.most);
    case ValueType::duration: return "duration from " + duration_text(row.least) + " to " + duration_text(row.most);
    case ValueType::size: return "size from " + size_text(row.least) + " to " + size_text(row.most);
    case ValueType::choice: {
      std::string text = "`\"";
      for (const char c : row.choices) {
        if (c == '|') {
          text += "\"`, `\"";
        } else {
          text.push_back(c);
        }
      }
      return text + "\"`";
    }
    default: return std::string(name_of(row.type));
  }
}

void print_row(const Row& row, std::string& page) {
  page.append("### `").append(row.key).append("`\n\n").append(row.sentence).append("\n\n");
  page.append(limits_text(row)).append("; ");
  page.append(row.required && row.standard.empty() ? "required" : "default " + standard_text(row));
  if (row.secret) page.append("; never printed");
  if (row.reloads) page.append("; the file is read or opened again at SIGHUP");
  if (!is_repeated(row)) page.append("; environment: `").append(environment_name(row.key)).append("`");
  page.append("\n\n");
}

}  // namespace

std::string print_reference() {
  std::string page =
      "# Configuration\n\n"
      "<!-- Printed from src/app/config/config_table.cpp by `chancery check-config --print-reference`; a test compares "
      "them. "
      "-->\n\n"
      "One file in TOML, `/etc/chancery/chancery.toml` unless `--config` or the variable `CHANCERY_CONFIG` names "
      "another. "
      "`chancery check-config FILE` says everything that is wrong with it at once, with line numbers; the server does "
      "not start on a file with a mistake. Unknown keys are mistakes.\n\n"
      "An environment variable counts before the file: `CHANCERY_HTTP_WORKERS=8` for `http.workers`; in a list, commas "
      "stand between the items. Listeners are set in the file only. Durations are written `\"500ms\"`, `\"90s\"`, "
      "`\"15m\"`, `\"12h\"`, `\"7d\"` or `\"1h30m\"`, sizes `\"16KiB\"` or a number of octets. Relative paths count "
      "from the folder of the "
      "file. Changes count after a restart, except where SIGHUP is named.\n\n"
      "```toml\n"
      "issuer = \"https://login.example.org\"\n\n"
      "[[listener]]\n"
      "name = \"https\"\n"
      "address = \"::\"\n"
      "port = 443\n"
      "tls = true\n"
      "certificate_file = \"/etc/chancery/tls/chain.pem\"\n"
      "key_file = \"/etc/chancery/tls/key.pem\"\n"
      "```\n\n";
  for (const Heading& heading : headings) {
    page.append("## ").append(heading.title).append("\n\n");
    if (heading.section == "listener") {
      page.append(
          "Each `[[listener]]` opens one port. Without any, there is one for plain HTTP on 127.0.0.1:8080.\n\n");
    }
    if (heading.section == "gateway") {
      page.append(
          "Each `[[gateway]]` is one gateway; see `sms.md`. Listeners, gateways and tokens are set in the file "
          "only.\n\n");
    }
    if (heading.section == "token") {
      page.append(
          "Each `[[token]]` is one smart card or HSM whose keys sign documents; see `signing.md`. Without any, keys "
          "are kept "
          "in the database, sealed under the master key.\n\n");
    }
    for (const Row& row : config_table()) {
      if (section_of(row.key) == heading.section) print_row(row, page);
    }
  }
  page.pop_back();
  return page;
}

}  // namespace app
