#include "api/account_password.hpp"

#include "api/problem.hpp"
#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "crypto/token/strict_json.hpp"
#include "flow/password/change_password.hpp"
#include "identity/identifier/login_name.hpp"
#include "text/text.hpp"

namespace api {
namespace {

constexpr std::size_t longest_field = 512;

struct Wish {
  std::string login;
  flow::ChangeWish change;
};

/// Reads exactly the three members. Any other member is refused, because a program that sends it expects an effect. A
/// duplicate member is refused, because the program's log and this server could take different values. Gives what is
/// wrong, or "".
std::string read(const http::Request& request, Wish& wish) {
  const std::string* type = request.find_header("Content-Type");
  if (type == nullptr || !type->starts_with("application/json")) return "the body must be application/json";
  const auto object = crypto::outline_object(request.body);
  if (!object) return "the body must be one JSON object in UTF-8, with each member once";
  if (object->members.size() != 3) return "the members are login, old_password and new_password";
  const auto take = [&object](std::string_view name) -> std::optional<std::string> {
    const std::string* text = object->find_text(name);
    if (text == nullptr || text->size() > longest_field) return std::nullopt;
    return *text;
  };
  auto login = take("login");
  auto old_password = take("old_password");
  auto new_password = take("new_password");
  if (!login || !old_password || !new_password) {
    return "login, old_password and new_password are texts of at most 512 octets";
  }
  wish.login = std::move(*login);
  wish.change = {base::Secret(std::move(*old_password)), base::Secret(*new_password), base::Secret(*new_password)};
  return {};
}

/// [{"code":"too_short","needed":8,"actual":3,"message":"…"}]
std::string print_flaws(const std::vector<identity::PasswordFlaw>& flaws, text::Language language) {
  base::JsonArray out;
  for (const identity::PasswordFlaw& flaw : flaws) {
    const identity::Sentence sentence = identity::describe(flaw);
    base::JsonObject object;
    object.text("code", identity::name_of(flaw.kind)).number("needed", flaw.needed).number("actual", flaw.actual);
    object.text("message", text::say(language, sentence.key, sentence.arguments));
    out.raw(object.finish());
  }
  return out.finish();
}

}  // namespace

std::string account_to_change(const http::Request& request) {
  Wish wish;
  if (!read(request, wish).empty()) return {};
  // What is no login may be the id of a client system.
  return identity::canonical_login(wish.login).value_or(wish.login);
}

http::Response change_account_password(const flow::House& house, const http::Request& request) {
  Wish wish;
  if (const std::string wrong = read(request, wish); !wrong.empty()) {
    Problem problem = malformed;
    problem.detail = wrong;
    return print(problem, request, {}, wrong);
  }
  const flow::RequestFacts facts = browser::facts_of(request);
  const auto whom = request.role == http::Role::connector ? flow::ProgramLogin::system_only : flow::ProgramLogin::any;
  const auto judged = flow::change_by_program(house, wish.login, wish.change, facts, whom);
  if (!judged) return print(judged.error(), request);
  if (!judged->flaws.empty()) {
    return print(password_refused, request, {{"flaws", print_flaws(judged->flaws, facts.language)}});
  }
  if (judged->not_before) {
    return print(too_early, request, {{"not_before", "\"" + base::to_rfc3339(*judged->not_before) + "\""}});
  }
  http::Response done;
  done.status = 204;
  return done;
}

}  // namespace api
