// timestamp authority create|list, timestamp status|make|show|verify
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
#include "flow/validation/report_words.hpp"
#include "flow/validation/verify_timestamp.hpp"

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
  std::string content;
  std::string policy;
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

/// The digest that it must have stamped, in the algorithm of the token; nullopt: none was said. Errors: invalid_input.
base::Result<std::optional<base::Bytes>> read_digest(const Console& console, const ShowOptions& options,
                                                     base::BytesView token) {
  if (!options.digest.empty()) {
    ASSIGN_OR_RETURN(base::Bytes digest, base::parse_hex(options.digest));
    return std::optional(std::move(digest));
  }
  if (options.content.empty()) return std::optional<base::Bytes>();
  // "sha256:9f86… sha384:… sha512:…"
  const std::string name(crypto::name_of(crypto::read_timestamp_token(token).info.digest_kind));
  const std::string all = " " + console.digests + " ";
  const std::size_t begin = all.find(" " + name + ":");
  if (begin == std::string::npos) {
    return base::fail(base::Code::invalid_input, "a digest by " + name + " does not count");
  }
  const std::size_t first = begin + name.size() + 2;
  ASSIGN_OR_RETURN(base::Bytes digest,
                   base::parse_hex(std::string_view(all).substr(first, all.find(' ', first) - first)));
  return std::optional(std::move(digest));
}

base::Result<flow::JudgedTimestamp> judge(const flow::House& house, const Console& console,
                                          const ShowOptions& options) {
  const base::Bytes token = read_token(console.file);
  flow::TimestampQuestion question;
  question.token = token;
  question.policy = options.policy;
  ASSIGN_OR_RETURN(question.digest, read_digest(console, options, token));
  return flow::verify_timestamp(house, question, base::now());
}

json::object json_of(const flow::JudgedTimestamp& judged) {
  json::object shown = json_of(judged.facts.info);
  shown["signature"] = judged.facts.algorithm_name;
  shown["authority"] = judged.authority;
  shown["judged_by"] = judged.policy;
  shown["indication"] = signature::name_of(judged.verdict.indication);
  shown["sub_indication"] = signature::name_of(judged.verdict.sub_indication);
  shown["reason"] = flow::say_reason(text::Language::en, judged.verdict);
  return shown;
}

bool is_readable(const flow::JudgedTimestamp& judged) {
  return judged.facts.flaw != crypto::TimestampFlaw::malformed;
}

int show(const flow::House& house, Console& console, const ShowOptions& options) {
  const auto judged = judge(house, console, options);
  if (!judged) return refuse(console, judged.error());
  if (!is_readable(*judged)) {
    return refuse(console, {base::Code::invalid_input, "no time stamp that can be read: " + judged->facts.reason});
  }
  const base::Bytes& stamped = judged->facts.info.imprint;
  if (!options.digest.empty() && base::parse_hex(options.digest) != stamped) {
    return refuse(console, {base::Code::conflict, "it has stamped another digest: " + base::to_hex(stamped)});
  }
  return print_object(console, json_of(*judged));
}

// Like `verify`: the status is 0 only if it counts.
int verify(const flow::House& house, Console& console, const ShowOptions& options) {
  const auto judged = judge(house, console, options);
  if (!judged) return refuse(console, judged.error());
  if (!is_readable(*judged)) {
    return refuse(console, {base::Code::invalid_input, "no time stamp that can be read: " + judged->facts.reason});
  }
  const signature::Verdict& verdict = judged->verdict;
  const int status = verdict.is_passed() ? done : refused;
  if (console.form.json) {
    const int printed = print_object(console, json_of(*judged));
    return printed == done ? status : printed;
  }
  console.out += options.file + ": " + flow::print_words(verdict) + "\n  " + base::to_rfc3339(judged->facts.info.at) +
                 "  " + judged->authority + "\n";
  const std::string why = flow::say_reason(text::Language::en, verdict);
  if (!why.empty()) console.out += "  " + why + "\n";
  return status;
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

void add_judging(CLI::App& group, Command& chosen) {
  const char* const token_help = "file with a token, DER or base64";
  const char* const policy_help = "name of a policy; otherwise that of the setting validation.policy";
  auto& showing = add_house_command(group, "show", "show what a token says, and whether it counts", chosen);
  auto shown = std::make_shared<ShowOptions>();
  showing.add_option("FILE,--file", shown->file, token_help)->required();
  showing.add_option("--digest", shown->digest, "digest that it must have stamped, hexadecimal");
  showing.add_option("--policy", shown->policy, policy_help);
  give_examples(showing, {"timestamp show letter.token"});
  showing.callback([&chosen, shown] {
    chosen.file = shown->file;
    chosen.in_house = [shown](const flow::House& house, Console& console) { return show(house, console, *shown); };
  });
  auto& verifying = add_house_command(group, "verify",
                                      "verify a token with the authorities that are trusted for time stamps", chosen);
  auto judged = std::make_shared<ShowOptions>();
  verifying.add_option("FILE,--file", judged->file, token_help)->required();
  verifying.add_option("--content", judged->content, "file that it must have stamped; of any size")->type_name("FILE");
  verifying.add_option("--digest", judged->digest, "the same by its digest, hexadecimal");
  verifying.add_option("--policy", judged->policy, policy_help);
  give_examples(verifying, {"timestamp verify letter.token --content letter.pdf"});
  verifying.callback([&chosen, judged] {
    if (!judged->content.empty() && !judged->digest.empty()) {
      throw CLI::ValidationError("--digest", "is not given beside --content");
    }
    chosen.file = judged->file;
    chosen.digests_of = judged->content;
    chosen.in_house = [judged](const flow::House& house, Console& console) { return verify(house, console, *judged); };
  });
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
  add_judging(group, chosen);
}

}  // namespace app
