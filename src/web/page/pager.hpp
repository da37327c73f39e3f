// The pages of a list: first, previous, next, last, and how many there are. One mechanism for every list: here, in
// flow/house/page_of_list.hpp, and in the template page/_pages.html.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "flow/house/page_of_list.hpp"
#include "http/message.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// What a list was asked for besides its page.
struct ListFilters {
  std::string path;
  std::vector<std::pair<std::string, std::string>> fields;  // names are literals; empty values are left out
  bool name_somebody = false;                               // then pages are posted (ASVS 5.0 14.2.1)
};

/// A link to one more page, or a form if the filters name somebody: the values of page/_page_links.html. `page`: a
/// field of the list's own; an empty value leads to the first page.
void add_page_link(View& view, const Visit& visit, const ListFilters& filters, std::string_view label,
                   const std::pair<std::string, std::string>& page);

/// The answer to a search that was posted: if its filters name nobody, it leads to their address, which can be kept and
/// sent to others. nullopt: the search is shown at once.
std::optional<http::Response> lead_to_address(Visit& visit, const ListFilters& filters);

/// Of "next=ROW", "previous=ROW" or "page=last". Errors: invalid_input (several, or another page).
base::Result<flow::PageWish> read_page_wish(const http::Form& asked);

/// The values of page/_pages.html.
void add_pages(View& view, const Visit& visit, const ListFilters& filters, const flow::PageEnds& ends);

}  // namespace web
