// What the pages of organisations share: languages, flaws, and the look as a picture.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/tenant/change_tenant.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// "Polski"; for "" the words for that of the installation.
std::string say_locale(const Visit& visit, std::string_view locale);
/// The list "locales" of a select.
void add_locales(View& view, const Visit& visit, std::string_view chosen);
/// "yes", "no"; "" = not chosen.
std::string code_of_told(const std::optional<bool>& told);
/// The words for it.
std::string say_told(const Visit& visit, const std::string& told);
/// The list "tolds" of a select.
void add_told(View& view, const Visit& visit, std::string_view chosen);
/// `flaws`: names of fields; the values of page/_flaw_list.html.
void add_tenant_flaws(View& view, const Visit& visit, const std::vector<std::string>& flaws);
/// The list "looks": the colours of the brand as pages show them, for the light and the dark scheme, and a sentence for
/// each colour that is moved so that text in it can be read. `logo`: address of the picture, "" = none of its own.
void add_looks(View& view, const Visit& visit, const flow::Brand& brand, const std::string& logo);

}  // namespace web
