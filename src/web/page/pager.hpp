// The pages of a list: first, previous, next, last, and how many there are. One mechanism for every list: here, in
// flow/house/page_of_list.hpp, and in the template page/_pages.html.
#pragma once

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
  bool name_somebody = false;                               // then addresses hold them sealed (kept_search)
};

/// A link to one more page: the values of page/_page_links.html. `page`: a
/// field of the list's own; an empty value leads to the first page.
void add_page_link(View& view, const Visit& visit, const ListFilters& filters, std::string_view label,
                   const std::pair<std::string, std::string>& page);

/// The answer to a search that was posted: it leads to the address of its filters. If they name nobody, the address can
/// be sent to others; otherwise it is of use in this session alone.
http::Response lead_to_address(Visit& visit, const ListFilters& filters);
/// What the list is asked for: what the address says or, for a form or an address with sealed filters, the visit's
/// form, which is filled from them. Sealed filters of another session are none.
const http::Form& read_asked(Visit& visit);
/// Whether the address has sealed filters.
bool is_sealed(const Visit& visit);

/// Of "next=ROW", "previous=ROW" or "page=last". Errors: invalid_input (several, or another page).
base::Result<flow::PageWish> read_page_wish(const http::Form& asked);

/// The values of page/_pages.html.
void add_pages(View& view, const Visit& visit, const ListFilters& filters, const flow::PageEnds& ends);

}  // namespace web
