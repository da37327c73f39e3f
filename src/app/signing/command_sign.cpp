// sign: signs files with a credential of the installation
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "base/bytes.hpp"
#include "base/terminal.hpp"
#include "base/words.hpp"
#include "flow/signature/signing_job.hpp"
#include "flow/timestamp/issue_timestamp.hpp"
#include "text/text.hpp"

namespace app {
namespace {

namespace json = boost::json;

constexpr std::size_t largest_document = std::size_t{16} * 1024 * 1024;

struct SignOptions {
  std::vector<std::string> files;
  std::string credential;
  std::string format = "cades";
  std::string packaging;  // "" = detached for CAdES, enveloped for XAdES
  std::string level = "B";
  std::string algorithm;
  std::string element;
  std::string role;
  std::string policy;
  std::string out;
  bool has_pin = false;
  std::int64_t total = 0;  // of a run over several files

  [[nodiscard]] std::string packaging_or_usual() const {
    if (!packaging.empty()) return packaging;
    return format == "xades" ? "enveloped" : "detached";
  }
  /// Whether the document itself has to be read, and not only its digest.
  [[nodiscard]] bool needs_document() const { return packaging_or_usual() != "detached" || !element.empty(); }
};

base::Result<flow::JobWish> read_wish(const SignOptions& options) {
  flow::JobWish wish;
  const auto id = base::Id::parse(options.credential);
  if (!id) return base::fail(base::Code::not_found, "there is no credential " + options.credential);
  wish.credential_id = *id;
  ASSIGN_OR_RETURN(wish.format, signature::parse_format(options.format));
  ASSIGN_OR_RETURN(wish.level, signature::parse_level(options.level));
  ASSIGN_OR_RETURN(wish.packaging, signature::parse_packaging(options.packaging_or_usual()));
  if (!options.algorithm.empty()) {
    ASSIGN_OR_RETURN(wish.algorithm, crypto::parse_signature_algorithm(options.algorithm));
  }
  wish.element = options.element;
  wish.role = options.role;
  wish.policy = options.policy;
  return wish;
}

/// The digest that the key signs with, of those that run_command has computed over the file.
base::Result<void> take_digest(const std::string& words, crypto::DigestKind kind, flow::DocumentSent& document) {
  const std::string name = std::string(crypto::name_of(kind)) + ":";
  for (const std::string& word : base::split_words(words)) {
    if (!word.starts_with(name)) continue;
    document.digest_kind = kind;
    ASSIGN_OR_RETURN(document.digest, base::parse_hex(std::string_view(word).substr(name.size())));
  }
  if (!document.digest.empty()) return {};
  return base::fail(base::Code::invalid_input, "the file has no digest by " + std::string(crypto::name_of(kind)));
}

base::Result<void> add_document(const flow::House& house, const Operator& by, const Console& console,
                                const SignOptions& options, flow::JobWish& wish) {
  flow::DocumentSent document;
  document.name = std::filesystem::path(options.files.front()).filename().string();
  if (options.needs_document()) {
    document.octets = console.file;
  } else {
    const flow::KeyUser user = &by.actor;
    ASSIGN_OR_RETURN(const flow::UsableCredential key,
                     flow::find_usable_credential(house, user, *wish.credential_id, by.facts.now));
    const auto algorithm = wish.algorithm ? *wish.algorithm : key.algorithms.front();
    RETURN_IF_ERROR(take_digest(console.digests, algorithm.digest, document));
  }
  wish.documents.push_back(std::move(document));
  return {};
}

/// The same command for the files that are left.
std::vector<std::string> rest_of(const SignOptions& options, const Form& form) {
  std::vector<std::string> argv{"sign", "--credential", options.credential, "--format", options.format};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) argv.insert(argv.end(), {name, value});
  };
  add("--packaging", options.packaging);
  add("--level", options.level);
  add("--algorithm", options.algorithm);
  add("--element", options.element);
  add("--role", options.role);
  add("--policy", options.policy);
  add("--out", options.out);
  if (options.has_pin) argv.emplace_back("--pin-stdin");
  if (form.json) argv.emplace_back("--json");
  argv.insert(argv.end(), {"--total", std::to_string(options.total), "--"});
  argv.insert(argv.end(), options.files.begin() + 1, options.files.end());
  return argv;
}

std::string say(flow::SignRefusal refusal) {
  const std::string key = "signing.refusal." + std::string(flow::name_of(refusal));
  return text::say(text::Language::en, key, {{"n", static_cast<std::int64_t>(flow::most_orders)}, {"size", "16 MiB"}});
}

/// Why nothing was signed, or the name of the result, which goes into the console.
base::Result<std::string> sign_one(const flow::House& house, const Operator& by, Console& console,
                                   const SignOptions& options) {
  ASSIGN_OR_RETURN(flow::JobWish wish, read_wish(options));
  RETURN_IF_ERROR(add_document(house, by, console, options, wish));
  const flow::KeyUser user = &by.actor;
  flow::JobOrder order;
  order.pin = console.secret;
  order.clocks = flow::read_clocks;
  ASSIGN_OR_RETURN(const flow::JobAnswer answer, flow::sign_documents(house, user, wish, order, by.facts));
  if (answer.refusal) {
    if (answer.job) RETURN_IF_ERROR(flow::forget_job(house, user, answer.job->id, by.facts.now));
    return say(*answer.refusal);
  }
  const flow::Job& job = *answer.job;
  const flow::JobItem& item = job.items.front();
  std::string why;
  if (item.state == "done") {
    ASSIGN_OR_RETURN(flow::JobResult result, flow::find_result(house, user, job.id, 0, by.facts.now));
    console.save_as = std::move(result.name);
    console.saved = std::move(result.octets);
  } else {
    why = "it cannot be signed this way: " + item.reason;
  }
  RETURN_IF_ERROR(flow::forget_job(house, user, job.id, by.facts.now));
  return why;
}

int sign(const flow::House& house, Console& console, SignOptions options) {
  const Operator by = make_command_operator();
  if (options.total == 0) options.total = static_cast<std::int64_t>(options.files.size());
  const std::string& file = options.files.front();
  const auto why = sign_one(house, by, console, options);
  if (!why) return refuse(console, why.error());
  // What is wrong with the order is wrong with the rest as well; what is wrong with one document is not.
  const bool is_document = why->empty() || why->starts_with("it cannot be signed");
  if (options.files.size() > 1 && is_document) console.next = rest_of(options, console.form);
  if (!why->empty()) return refuse(console, {base::Code::invalid_input, file + ": " + *why});
  if (console.form.json) {
    console.out +=
        json::serialize(json::object{{"file", file}, {"outcome", "signed"}, {"result", console.save_as}}) + "\n";
    return done;
  }
  const auto number = options.total - static_cast<std::int64_t>(options.files.size()) + 1;
  if (options.total > 1) console.out += "[" + std::to_string(number) + "/" + std::to_string(options.total) + "] ";
  console.out += base::escape_hidden(file) + " is signed: " + base::escape_hidden(console.save_as) + "\n";
  return done;
}

}  // namespace

void add_sign_commands(CLI::App& root, Command& chosen) {
  auto& signing = add_house_command(root, "sign", "sign files with a seal of an organisation", chosen);
  auto options = std::make_shared<SignOptions>();
  signing.add_option("FILE", options->files, "documents")->required();
  signing.add_option("--credential", options->credential, "id of a seal, as `credential list` shows it")->required();
  signing.add_option("--format", options->format, "cades or xades")->capture_default_str();
  signing.add_option("--packaging", options->packaging,
                     "enveloped, enveloping or detached; usually detached for CAdES and enveloped for XAdES");
  signing.add_option("--level", options->level, "B, or T with a time stamp")->capture_default_str();
  signing.add_option("--algorithm", options->algorithm, "such as rsa-pss-sha256; usually the standard one of the key");
  signing.add_option("--element", options->element, "XPath of the one element that takes the signature");
  signing.add_option("--role", options->role, "claimed role of the signer");
  signing.add_option("--policy", options->policy, "name of one of signing.policies, which the signature then names");
  signing.add_option("--out", options->out, "folder for the results; usually that of each file")->type_name("FOLDER");
  signing.add_flag("--pin-stdin", options->has_pin, "read the PIN from the first line of standard input");
  signing.add_option("--total", options->total, "of how many files these are the rest")->group("");
  give_examples(signing, {"sign contract.pdf --credential 019ac8d2-7c1e-7b4a-9f53-3d1c2a7e5b60",
                          "sign order.xml --credential 019ac8d2-7c1e-7b4a-9f53-3d1c2a7e5b60 --format xades --level T",
                          "sign outbox/*.txt --credential 019ac8d2-7c1e-7b4a-9f53-3d1c2a7e5b60 --out signed "
                          "--pin-stdin"});
  signing.callback([&chosen, options] {
    const std::string& file = options->files.front();
    if (options->needs_document()) {
      chosen.file = file;
      chosen.most_file = largest_document;
    } else {
      chosen.digests_of = file;
    }
    chosen.save_into = options->out.empty() ? std::filesystem::path(file).parent_path().string() : options->out;
    chosen.secret = options->has_pin ? SecretFrom::input : SecretFrom::nothing;
    chosen.in_house = [options](const flow::House& house, Console& console) { return sign(house, console, *options); };
  });
}

}  // namespace app
