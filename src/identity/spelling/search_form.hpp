// The form in which texts are searched: what is stored and what is typed are compared in it, octet by octet from the
// beginning (docs/decisions/0026). A beginning of a text has a beginning of its form.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace identity {

/// The comparison form with the ASCII letter of each Latin one: "Małgorzata" gives "malgorzata", "Ørsted" "orsted",
/// "Weiß" "weiss". Letters of other scripts stay. Of text that is not UTF-8: "".
std::string search_form(std::string_view text);

/// All forms under which a text is found: search_form, and of a text with "ä", "ö" or "ü" the spelling with "ae", "oe"
/// or "ue", which German keyboards abroad force on people.
std::vector<std::string> search_forms(std::string_view text);

/// Pieces between white space of any kind.
std::vector<std::string> split_at_space(std::string_view text);

}  // namespace identity
