// What the pages of settings share: the organisation that a page works in, the question before an act, the version that
// a form was filled in for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

constexpr int status_of_flaw = 422;
constexpr int status_of_conflict = 409;

/// Whether the actor reaches more than one organisation, so that pages say which one they show.
bool reaches_several(const Visit& visit);
/// The list `path` of the organisation with the key.
std::string list_of_tenant(const Visit& visit, std::string_view path, std::string_view key);

/// An act that is one button, on the page `page`: asked once, with its consequence.
struct Act {
  std::string_view name;  // of the query: "?confirm=delete"
  bool asks_reason = true;
  std::string fields{};  // of the query besides it: "&account=…"
};
/// The proof or the question that come first; nullopt: both are there, and the reason is in visit.facts.
std::optional<http::Response> ask_first(Visit& visit, const std::string& page, const Act& act);

/// Takes the proof of a form that has a field for it. The key of the sentence that says what is wrong with it; "" = it
/// is fresh.
std::string_view find_proof_flaw(Visit& visit);

/// "17", or "More than 10,000 entries".
std::string say_count(const Visit& visit, std::int64_t count);

/// What a change would do, which was sent and not yet made. The form that confirms it keeps all that was sent.
struct Preview {
  std::string text;
  std::vector<std::string> effects;
  std::string path;  // where the form is sent
  std::string page;  // where "Cancel" leads
  bool may_confirm = true;
};
/// Sets what the template _preview shows.
void add_preview(View& view, const Visit& visit, Preview preview);

using PrintedFields = std::vector<std::pair<std::string_view, std::string>>;
/// The hidden fields with the values for which a form is filled in: "was_name".
void add_was(View& view, const PrintedFields& fields);
/// The fields that are not as they were when the form was shown; the label of one is the sentence `labels` + its name.
void add_meanwhile(View& view, const Visit& visit, std::string_view labels, const PrintedFields& fields);

/// The form's field "version"; -1 if it has none, which no stored version is.
std::int64_t read_version(const Visit& visit);

}  // namespace web
