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
/// "AB:CD:…" as programs and other pages show a fingerprint, in lines of eight octets: the items "fingerprint" with the
/// text "part".
void add_fingerprint(View& item, std::string_view sha256);
/// The parts of a distinguished name ("CN=Z1", "O=Clinic"; RFC 2253), so that a line breaks between them: the items
/// `list` with the text "part".
void add_name_parts(View& item, std::string_view list, std::string_view name);
/// The sentence about what was done, by the address; "" = nothing.
std::string say_done(const Visit& visit);
/// The values of a row of the templates `_certificate_row`.
void add_certificate(View& item, const Visit& visit, const flow::SystemCertificate& one);

}  // namespace web
