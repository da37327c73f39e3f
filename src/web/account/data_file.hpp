// What is stored about a person as one HTML file that is read without this server: it has no links, no scripts and no
// parts from elsewhere. The JSON file has every column; this one has what people read, in their language.
#pragma once

#include <string>

#include "flow/export/export_data.hpp"
#include "web/page/visit.hpp"

namespace web {

std::string print_data_file(const Visit& visit, const flow::PersonalData& data);

}  // namespace web
