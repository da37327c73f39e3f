// What the pages of client systems show alike: times, links, the row of a certificate.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "flow/system/administer_systems.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

inline constexpr std::string_view systems_path = "/admin/systems";

std::string say_time(const Visit& visit, base::Time at);
/// "/admin/systems/system?id=Z1"
std::string system_link(std::string_view id);
/// "AB:CD:…" as programs and other pages show a fingerprint.
std::string print_fingerprint(std::string_view sha256);
/// The sentence about what was done, by the address; "" = nothing.
std::string say_done(const Visit& visit);
/// The values of a row of the templates `_certificate_row`.
void add_certificate(View& item, const Visit& visit, const flow::SystemCertificate& one);

}  // namespace web
