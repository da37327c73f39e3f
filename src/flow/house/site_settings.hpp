// Name, time zone and kind of the installation.
#pragma once

#include <string>

#include "text/language.hpp"

namespace flow {

struct SiteSettings {
  std::string issuer;                            // no trailing slash; "http://localhost:8080"
  std::string time_zone = "Europe/Warsaw";       // of times on pages and in messages
  std::string country;                           // ISO 3166-1 alpha-2; "" = that of the time zone
  text::Language language = text::Language::en;  // of messages that no browser of the person caused
  std::string administrator;  // the contact that pages name: "helpdesk@clinic.example, +48 22 123 45 67"; "" = none
  std::string certificate_address;  // of lists and OCSP, as certificates name it: "http://host"; "" = from the issuer
  bool demo = false;
};

}  // namespace flow
