// The name of an acting context in a language of the interface.
#pragma once

#include <string>

#include "rights/context.hpp"
#include "text/language.hpp"

namespace flow {

/// The contexts that every installation has are named by the key of a sentence. Others have a name, and perhaps one in
/// German and one in Polish.
std::string name_of_context(const rights::ActingContext& context, text::Language language);

}  // namespace flow
