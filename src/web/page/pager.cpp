#include "web/page/pager.hpp"

#include "base/bytes.hpp"
#include "flow/session/kept_search.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

/// What a narrow screen shows; the words stay for those who listen.
std::string_view sign_of(std::string_view label) {
  if (label == "list.first") return "«";
  if (label == "list.previous") return "‹";
  return label == "list.last" ? "»" : "›";
}

std::string count_words(const Visit& visit, const flow::PageEnds& ends) {
  if (ends.count > flow::counted_exactly) return visit.say("list.count_more", {{"n", flow::counted_exactly}});
  return visit.say(ends.is_count_least ? "list.count_least" : "list.count", {{"n", ends.count}});
}

constexpr std::string_view kept = "kept";

/// The list with these fields; those without a value are left out.
std::string address_of(const Visit& visit, const ListFilters& filters,
                       const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string asked;
  for (const auto& [name, value] : fields) {
    if (value.empty()) continue;
    asked.append(asked.empty() ? "" : "&").append(name).append("=").append(base::percent_encode(value));
  }
  if (asked.empty()) return filters.path;
  if (!filters.name_somebody) return filters.path + "?" + asked;
  return filters.path + "?" + std::string(kept) + "=" +
         flow::seal_search(visit.house, visit.visitor.session()->id, asked);
}

}  // namespace

void add_page_link(View& view, const Visit& visit, const ListFilters& filters, std::string_view label,
                   const std::pair<std::string, std::string>& page) {
  View& item = view.add("pages");
  item.text("page_label", visit.say(label)).text("page_sign", std::string(sign_of(label)));
  auto fields = filters.fields;
  fields.push_back(page);
  item.text("link", address_of(visit, filters, fields));
}

http::Response lead_to_address(Visit& visit, const ListFilters& filters) {
  return redirect(visit, address_of(visit, filters, filters.fields));
}

bool is_sealed(const Visit& visit) {
  return visit.query.has(kept);
}

const http::Form& read_asked(Visit& visit) {
  if (visit.request.method == http::Method::post) return visit.form;
  if (!is_sealed(visit)) return visit.query;
  visit.form = {};
  const auto opened = flow::open_search(visit.house, visit.visitor.session()->id, visit.query.get(kept));
  if (!opened) return visit.form;
  if (auto form = http::Form::parse(*opened)) visit.form = *std::move(form);
  return visit.form;
}

base::Result<flow::PageWish> read_page_wish(const http::Form& asked) {
  flow::PageWish wish;
  const std::string next = asked.get("next");
  const std::string previous = asked.get("previous");
  const std::string page = asked.get("page");
  const int told =
      static_cast<int>(!next.empty()) + static_cast<int>(!previous.empty()) + static_cast<int>(!page.empty());
  if (told > 1 || (!page.empty() && page != "last")) return base::fail(base::Code::invalid_input, "no such page");
  if (!next.empty()) wish = {flow::Turn::next, next};
  if (!previous.empty()) wish = {flow::Turn::previous, previous};
  if (!page.empty()) wish.turn = flow::Turn::last;
  return wish;
}

void add_pages(View& view, const Visit& visit, const ListFilters& filters, const flow::PageEnds& ends) {
  view.text("count_words", count_words(visit, ends)).flag("incomplete", ends.is_incomplete);
  if (!ends.previous && !ends.next) return;
  if (ends.previous) {
    add_page_link(view, visit, filters, "list.first", {});
    add_page_link(view, visit, filters, "list.previous", {"previous", *ends.previous});
  }
  if (ends.next) {
    add_page_link(view, visit, filters, "list.next", {"next", *ends.next});
    add_page_link(view, visit, filters, "list.last", {"page", "last"});
  }
}

}  // namespace web
