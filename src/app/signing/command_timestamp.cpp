// timestamp authority create|list, timestamp status|make|show
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "base/bytes.hpp"
#include "crypto/cms/timestamp_token.hpp"
#include "flow/house/house.hpp"
#include "flow/timestamp/get_timestamp.hpp"
#include "flow/timestamp/issue_timestamp.hpp"
#include "flow/timestamp/timestamp_authority.hpp"
#include "flow/timestamp/timestamp_desk.hpp"

namespace app {
namespace {

namespace json = boost::json;

json::object json_of(const store::TimestampAuthority& row) {
  return {{"id", row.id.to_string()},
          {"state", row.state},
          {"subject", row.subject},
          {"algorithm", row.algorithm},
          {"sha256", row.sha256},
          {"not_before", base::to_rfc3339(row.not_before)},
          {"not_after", base::to_rfc3339(row.not_after)},
          {"created_at", base::to_rfc3339(row.created_at)}};
}

json::object json_of(const crypto::TimestampInfo& info) {
  return {{"at", base::to_rfc3339(info.at)},
          {"serial", base::to_hex(info.serial)},
          {"policy", info.policy},
          {"algorithm", crypto::name_of(info.digest_kind)},
          {"digest", base::to_hex(info.imprint)},
          {"accuracy_ms", info.accuracy.seconds * 1000 + info.accuracy.milliseconds}};
}

struct CreateOptions {
  std::string name;
  std::string key = "ec-p256";
};

int create(const flow::House& house, Console& console, const CreateOptions& options) {
  const Operator by = make_command_operator();
  const auto key = crypto::parse_soft_key_kind(options.key);
  if (!key) return refuse(console, key.error());
  const auto made = flow::make_timestamp_authority(house, by.actor, {options.name, *key}, by.facts);
  if (!made) return refuse(console, made.error());
  return report_change(console, "time stamps come from " + made->subject + " from now on", json_of(*made));
}

int list(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto look = flow::look_at_timestamps(house, by.actor);
  if (!look) return refuse(console, look.error());
  ListPrinter printer(console, {"id", "state", "algorithm", "not_after", "subject"});
  for (const store::TimestampAuthority& row : look->authorities) printer.add(json_of(row));
  return printer.finish();
}

int show_status(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto look = flow::look_at_timestamps(house, by.actor);
  if (!look) return refuse(console, look.error());
  const bool is_active = !look->authorities.empty() && look->authorities.front().state == "active";
  json::object shown{{"authority", is_active ? json::value(look->authorities.front().subject) : json::value(nullptr)},
                     {"numbers_reserved", look->reserved},
                     {"last_at", look->last_at ? json::value(base::to_rfc3339(*look->last_at)) : json::value(nullptr)}};
  if (house.timestamps != nullptr) {
    const auto& figures = house.timestamps->figures();
    shown["policy"] = house.timestamps->settings().policy;
    shown["issued_here"] = figures.issued.load();
    shown["rejected_here"] = figures.rejected.load();
    shown["refused_here"] = figures.refused.load();
    shown["clock_mistrusted_here"] = figures.mistrusted.load();
  }
  return print_object(console, shown);
}

struct StampOptions {
  std::string file;
  std::string digest = "sha256";
  std::string url;
};

int make(const flow::House& house, Console& console, const StampOptions& options) {
  const Operator by = make_command_operator();
  const auto kind = crypto::parse_digest_kind(options.digest);
  if (!kind) return refuse(console, kind.error());
  crypto::TimestampRequest request;
  request.digest_kind = *kind;
  request.imprint = crypto::digest(*kind, console.file);
  request.nonce = crypto::make_nonce();
  request.wants_certificates = true;
  const auto token = options.url.empty()
                         ? flow::get_timestamp(house, console.file, *kind, flow::read_clocks(), by.facts)
                         : flow::get_timestamp_from(house, options.url, request);
  if (!token) return refuse(console, token.error());
  if (console.form.json) {
    const auto info = crypto::read_timestamp_info(*token);
    json::object shown = info ? json_of(*info) : json::object();
    shown["token"] = base::to_base64(*token);
    return print_object(console, shown);
  }
  console.out += base::to_base64(*token) + "\n";
  return done;
}

struct ShowOptions {
  std::string file;
  std::string digest;
};

// As `timestamp make` prints it, or DER.
base::Bytes read_token(const std::string& file) {
  std::string text;
  for (const char c : file) {
    if (c != '\n' && c != '\r' && c != ' ') text.push_back(c);
  }
  auto decoded = base::parse_base64(text);
  return decoded && !file.starts_with('\x30') ? std::move(*decoded) : file;
}

int show(const flow::House&, Console& console, const ShowOptions& options) {
  const crypto::TimestampFacts facts = crypto::read_timestamp_token(read_token(console.file));
  if (facts.flaw != crypto::TimestampFlaw::none) {
    return refuse(console, {base::Code::invalid_input, "no time stamp that proves anything: " + facts.reason});
  }
  if (!options.digest.empty() && base::parse_hex(options.digest) != facts.info.imprint) {
    return refuse(console, {base::Code::conflict, "a time stamp of something else"});
  }
  json::object shown = json_of(facts.info);
  shown["signature"] = facts.algorithm_name;
  return print_object(console, shown);
}

void add_authority(CLI::App& group, Command& chosen) {
  CLI::App& authority = add_command_group(group, "authority", "the own time-stamp authority");
  auto& creating = add_house_command(authority, "create",
                                     "make a key and a certificate for time stamps; those before it end", chosen);
  auto options = std::make_shared<CreateOptions>();
  creating.add_option("--name", options->name, "common name; without it it has the name of the first organisation");
  creating.add_option("--key", options->key, "ec-p256, ec-p384, rsa-3072 or rsa-4096")->capture_default_str();
  give_examples(creating, {"timestamp authority create", "timestamp authority create --name \"Clinic TSA\""});
  creating.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return create(house, console, *options);
    };
  });
  give_examples(add_list_command(authority, "list its certificates, the newest first", chosen, list),
                {"timestamp authority list"});
}

}  // namespace

void add_timestamp_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "timestamp", "time stamps (RFC 3161)");
  add_authority(group, chosen);
  auto& status = add_house_command(group, "status", "show what is stamped with, and figures of this server", chosen);
  give_examples(status, {"timestamp status"});
  status.callback([&chosen] { chosen.in_house = show_status; });
  auto& making = add_house_command(group, "make", "stamp a file: prints the token, base64 of the DER", chosen);
  auto wanted = std::make_shared<StampOptions>();
  making.add_option("FILE,--file", wanted->file, "the file")->required();
  making.add_option("--digest", wanted->digest, "sha256, sha384 or sha512")->capture_default_str();
  making.add_option("--url", wanted->url, "address of another authority; without it those of the configuration");
  give_examples(making, {"timestamp make letter.pdf", "timestamp make letter.pdf --url http://tsa.example/tsr"});
  making.callback([&chosen, wanted] {
    chosen.file = wanted->file;
    chosen.in_house = [wanted](const flow::House& house, Console& console) { return make(house, console, *wanted); };
  });
  auto& showing = add_house_command(
      group, "show", "verify a token by its octets and show what it says; its authority is not judged", chosen);
  auto shown = std::make_shared<ShowOptions>();
  showing.add_option("FILE,--file", shown->file, "file with a token, DER or base64")->required();
  showing.add_option("--digest", shown->digest, "digest that it must have stamped, hexadecimal");
  give_examples(showing, {"timestamp show letter.token"});
  showing.callback([&chosen, shown] {
    chosen.file = shown->file;
    chosen.in_house = [shown](const flow::House& house, Console& console) { return show(house, console, *shown); };
  });
}

}  // namespace app
