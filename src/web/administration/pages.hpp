// The pages of client systems and of the connector's administration (S1.1, S1.2, S1.3), and of what is trusted.
// `show_` answers a GET, `submit_` a POST.
#pragma once

#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

// start.cpp
http::Response show_connector_start(Visit& visit);

// systems.cpp
http::Response show_systems(Visit& visit);
http::Response submit_connector_settings(Visit& visit);  // names whom it locks out first, and asks
http::Response submit_connector_confirmation(Visit& visit);
http::Response submit_connector_undo(Visit& visit);
http::Response show_authorities(Visit& visit);  // the file of all own authorities
http::Response submit_new_system(Visit& visit);

// system.cpp
http::Response show_system(Visit& visit);
http::Response submit_system_password(Visit& visit);  // shows a made one once

// system_certificates.cpp
http::Response show_new_certificate(Visit& visit);
http::Response submit_new_certificate(Visit& visit);  // the page with the ZIP file, or the import of a certificate
http::Response show_revocation(Visit& visit);
http::Response submit_revocation(Visit& visit);

// trust.cpp
http::Response show_trust(Visit& visit);  // the own authorities and those of others, to look at

}  // namespace web
