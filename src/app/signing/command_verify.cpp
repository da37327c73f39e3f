// verify, check-policy
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/config/validation_policy_file.hpp"
#include "base/bytes.hpp"
#include "base/terminal.hpp"
#include "base/words.hpp"
#include "flow/validation/content_at_hand.hpp"
#include "flow/validation/report_json.hpp"
#include "flow/validation/report_words.hpp"
#include "flow/validation/verify_document.hpp"

namespace app {
namespace {

constexpr std::size_t largest_document = std::size_t{16} * 1024 * 1024;

struct VerifyOptions {
  std::vector<std::string> files;
  std::string content;
  std::string policy;
  std::string at;
  std::int64_t total = 0;  // of a run over several files
};

std::string_view verdict_word(signature::Indication indication) {
  if (indication == signature::Indication::total_passed) return "valid";
  return indication == signature::Indication::total_failed ? "INVALID" : "undecided";
}

// "2026-11-29" is the end of that day, UTC.
base::Result<std::optional<base::Time>> read_time(const std::string& text) {
  if (text.empty()) return std::optional<base::Time>();
  if (auto time = base::parse_rfc3339(text)) return std::optional(*time);
  const auto day = base::parse_rfc3339(text + "T23:59:59Z");
  if (day) return std::optional(*day);
  return base::fail(base::Code::invalid_input, "--at is a time such as 2026-11-29T12:00:00Z, or a day");
}

/// "sha256:…" words, as run_command computes them over the file of --content.
base::Result<flow::ContentByDigest::Digests> read_digests(const std::string& words) {
  flow::ContentByDigest::Digests digests;
  for (const std::string& word : base::split_words(words)) {
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos) return base::fail(base::Code::invalid_input, "a digest without its name");
    ASSIGN_OR_RETURN(const crypto::DigestKind kind, crypto::parse_digest_kind(std::string_view(word).substr(0, colon)));
    ASSIGN_OR_RETURN(digests[kind], base::parse_hex(std::string_view(word).substr(colon + 1)));
  }
  return digests;
}

std::string line_of(const signature::SignatureReport& one) {
  std::string line = "  " + flow::print_words(one.verdict) + "  " + one.format;
  if (!one.level.empty()) line += "-" + one.level;
  if (!one.claimed_level.empty()) line += " (not " + one.claimed_level + ": " + one.level_flaw.reason + ")";
  if (!one.signer.name.empty()) line += "  " + one.signer.name;
  if (one.best_signature_time) {
    line += "  " + base::to_rfc3339(*one.best_signature_time);
    line += one.is_time_proven ? " (time stamp)" : " (claimed)";
  }
  const std::string why = flow::say_reason(text::Language::en, one.verdict);
  if (!why.empty()) line += "\n    " + why;
  if (!one.verdict.detail.empty()) line += " (" + one.verdict.detail + ")";
  return line + "\n";
}

void print(Console& console, const VerifyOptions& options, const signature::ValidationReport& report) {
  if (console.form.json) {
    console.out += flow::print_report(report, text::Language::en) + "\n";
    return;
  }
  if (options.total > 1) {
    const auto number = options.total - static_cast<std::int64_t>(options.files.size()) + 1;
    console.out += "[" + std::to_string(number) + "/" + std::to_string(options.total) + "] ";
  }
  console.out += options.files.front() + ": " + std::string(verdict_word(report.verdict.indication)) + "\n";
  for (const signature::SignatureReport& one : report.signatures) console.out += line_of(one);
  if (report.signatures.empty()) {
    console.out += "  " + flow::print_words(report.verdict) + "\n    " +
                   flow::say_reason(text::Language::en, report.verdict) + "\n";
  }
}

/// The same command for the files that are left.
std::vector<std::string> rest_of(const VerifyOptions& options, const Form& form) {
  std::vector<std::string> argv{"verify"};
  if (form.json) argv.emplace_back("--json");
  if (!options.policy.empty()) argv.insert(argv.end(), {"--policy", options.policy});
  if (!options.at.empty()) argv.insert(argv.end(), {"--at", options.at});
  argv.insert(argv.end(), {"--total", std::to_string(options.total), "--"});
  argv.insert(argv.end(), options.files.begin() + 1, options.files.end());
  return argv;
}

int verify(const flow::House& house, Console& console, VerifyOptions options) {
  const Operator by = make_command_operator();
  if (options.total == 0) options.total = static_cast<std::int64_t>(options.files.size());
  flow::VerifyWish wish;
  wish.document = console.file;
  wish.name = std::filesystem::path(options.files.front()).filename().string();
  wish.policy = options.policy;
  const auto at = read_time(options.at);
  if (!at) return refuse(console, at.error());
  wish.at = *at;
  const auto digests = read_digests(console.digests);
  if (!digests) return refuse(console, digests.error());
  const flow::ContentByDigest content(std::filesystem::path(options.content).filename().string(), *digests);
  if (!digests->empty()) wish.contents = {&content};
  const auto verified = flow::verify_for_visitor(house, &by.actor, wish, by.facts);
  if (!verified) return refuse(console, verified.error());
  if (options.files.size() > 1) console.next = rest_of(options, console.form);
  if (verified->refusal) {
    const std::string key = "validation.refusal." + std::string(flow::name_of(*verified->refusal));
    return refuse(console,
                  {base::Code::invalid_input, options.files.front() + ": " + text::say(text::Language::en, key)});
  }
  print(console, options, verified->report);
  return verified->report.verdict.is_passed() ? done : refused;
}

int check_policy(const std::string& path) {
  const auto reading = read_validation_policy_file(path);
  if (!reading) {
    base::print("chancery: " + reading.error().reason + "\n", stderr);
    return refused;
  }
  for (const PolicyMistake& one : reading->mistakes) {
    base::print(path + ":" + std::to_string(one.line) + ": " + one.what + "\n", stderr);
  }
  if (!reading->mistakes.empty()) return refused;
  base::print(path + ": the policy " + reading->policy.name + " is right\n", stdout);
  return done;
}

void add_check_policy(CLI::App& root, Command& chosen) {
  CLI::App* const checking = root.add_subcommand(
      "check-policy", "say everything that is wrong with a policy for the verification of signatures");
  auto path = std::make_shared<std::string>();
  auto prints = std::make_shared<bool>(false);
  checking->add_option("FILE", *path, "policy file (TOML)");
  checking->add_flag("--print-default", *prints, "print the policy that is built in instead");
  give_examples(*checking, {"check-policy /etc/chancery/policies/strict.toml", "check-policy --print-default"});
  checking->callback([&chosen, path, prints] {
    chosen.needs_config = false;
    if (!*prints && path->empty()) throw CLI::RequiredError("FILE");
    chosen.alone = [path, prints](const std::string&) {
      if (!*prints) return check_policy(*path);
      const std::string_view text = print_default_policy();
      base::print(text, stdout);
      return static_cast<int>(done);
    };
  });
}

}  // namespace

void add_verify_commands(CLI::App& root, Command& chosen) {
  add_check_policy(root, chosen);
  auto& verifying = add_house_command(root, "verify", "verify the signatures of files", chosen);
  auto options = std::make_shared<VerifyOptions>();
  verifying.add_option("FILE", options->files, "signed documents, or separate signatures")->required();
  verifying.add_option("--content", options->content, "file that belongs to a separate signature; of any size")
      ->type_name("FILE");
  verifying.add_option("--policy", options->policy,
                       "name of a policy; otherwise that of the setting validation.policy");
  verifying.add_option("--at", options->at, "time in the past, or day, at which the document is known to have existed");
  verifying.add_option("--total", options->total, "of how many files these are the rest")->group("");
  give_examples(verifying, {"verify contract.xml", "verify letter.pdf.p7s --content letter.pdf",
                            "verify --json --policy strict inbox/*.xml"});
  verifying.callback([&chosen, options] {
    if (options->files.size() > 1 && !options->content.empty()) {
      throw CLI::ValidationError("--content", "belongs to one signature; verify the files one by one");
    }
    chosen.file = options->files.front();
    chosen.most_file = largest_document;
    chosen.digests_of = options->content;
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return verify(house, console, *options);
    };
  });
}

}  // namespace app
