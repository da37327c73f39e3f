#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <regex>

#include "text/text.hpp"
#include "web/page/assets.hpp"
#include "web/page/brand.hpp"
#include "web/page/embedded.hpp"
#include "web/page/templates.hpp"

namespace {

constexpr std::array languages{text::Language::en, text::Language::de, text::Language::pl};

}  // namespace

TEST_CASE("every page can be shown in every language, even without data") {
  for (const std::string_view page : web::page_names()) {
    for (const text::Language language : languages) {
      const std::string html = web::render(page, language, {});
      CHECK_MESSAGE(html.starts_with("<!DOCTYPE html>"), page);
      CHECK(html.find("<html lang=\"" + std::string(text::code_of(language)) + "\">") != std::string::npos);
      CHECK(html.find("{{") == std::string::npos);
    }
  }
}

TEST_CASE("every page has one first heading, one main part, a skip link and a title") {
  for (const std::string_view page : web::page_names()) {
    const std::string html = web::render(page, text::Language::en, {});
    const auto count = [&](const std::string& what) {
      const std::regex pattern(what);
      return std::distance(std::sregex_iterator(html.begin(), html.end(), pattern), std::sregex_iterator());
    };
    CHECK_MESSAGE(count("<h1[ >]") == 1, page);
    CHECK_MESSAGE(count("<main[ >]") == 1, page);
    CHECK_MESSAGE(count("<title>") == 1, page);
    CHECK_MESSAGE(count("class=\"skip\" href=\"#main\"") == 1, page);
    CHECK_MESSAGE(count("<div") == count("</div>"), page);
    CHECK_MESSAGE(count("<form") == count("</form>"), page);
  }
}

TEST_CASE("pages keep to the content security policy: nothing inline, nothing from elsewhere") {
  for (const base::EmbeddedFile& file : web::embedded_templates()) {
    const std::string source(file.content);
    for (const char* forbidden : {"<style", " style=", "javascript:", "<iframe", "http://", "https://", "src=\"//"}) {
      CHECK_MESSAGE(source.find(forbidden) == std::string::npos, file.name << " has " << forbidden);
    }
    CHECK_MESSAGE(!std::regex_search(source, std::regex("<script(?![^>]*src=)")), file.name);
    CHECK_MESSAGE(!std::regex_search(source, std::regex("\\son[a-z]+\\s*=")), file.name);
    CHECK_MESSAGE(!std::regex_search(source, std::regex("\\s[a-z-]+=\\{\\{")),
                  file.name << " has an attribute without quotes");
  }
  for (const base::EmbeddedFile& file : web::embedded_assets()) {
    if (!file.name.ends_with(".css")) continue;
    // A stylesheet names files beside it only.
    const std::string source(file.content);
    const std::regex beside(R"(url\("[a-z0-9.-]+"\))");
    CHECK_MESSAGE(std::regex_replace(source, beside, "").find("url(") == std::string::npos, file.name);
    CHECK_MESSAGE(source.find("@import") == std::string::npos, file.name);
  }
}

TEST_CASE("the script puts texts into pages and no markup, runs no text, keeps nothing and takes no messages") {
  int scripts = 0;
  for (const base::EmbeddedFile& file : web::embedded_assets()) {
    if (!file.name.ends_with(".js")) continue;
    ++scripts;
    for (const char* forbidden : {"innerHTML",
                                  "outerHTML",
                                  "insertAdjacentHTML",
                                  "document.write",
                                  "setHTML",
                                  "DOMParser",
                                  "createContextualFragment",
                                  "eval(",
                                  "Function(",
                                  "setTimeout('",
                                  "postMessage",
                                  "'message'",
                                  "onmessage",
                                  "localStorage",
                                  "sessionStorage",
                                  "indexedDB",
                                  "document.cookie",
                                  "caches.",
                                  "__proto__",
                                  "Object.assign",
                                  "RegExp(",
                                  "window.open",
                                  "javascript:",
                                  "import("}) {
      CHECK_MESSAGE(file.content.find(forbidden) == std::string_view::npos, file.name << " has " << forbidden);
    }
  }
  CHECK(scripts == 3);
}

TEST_CASE("a password field hides what is typed, and password managers may fill it in and paste into it") {
  int fields = 0;
  for (const base::EmbeddedFile& file : web::embedded_templates()) {
    const std::string source(file.content);
    const std::regex input("<input[^>]*name=\"[a-z_]*password[a-z_]*\"[^>]*>");
    for (std::sregex_iterator i(source.begin(), source.end(), input), end; i != end; ++i) {
      const std::string field = i->str();
      ++fields;
      CHECK_MESSAGE(field.find("type=\"password\"") != std::string::npos, file.name << ": " << field);
      CHECK_MESSAGE(std::regex_search(field, std::regex("autocomplete=\"(current|new)-password\"")),
                    file.name << ": " << field);
    }
  }
  CHECK(fields >= 5);
  for (const base::EmbeddedFile& file : web::embedded_assets()) {
    CHECK_MESSAGE(file.content.find("paste") == std::string_view::npos, file.name);
  }
}

TEST_CASE("every page behind the login has a button that logs out") {
  int inside = 0;
  for (const std::string_view page : web::page_names()) {
    const std::string html = web::render(page, text::Language::en, {});
    if (html.find("<body class=\"inside\">") == std::string::npos) continue;
    ++inside;
    CHECK_MESSAGE(html.find("method=\"post\" action=\"/logout\"") != std::string::npos, page);
  }
  CHECK(inside > 10);
}

TEST_CASE("every form that changes something carries a token") {
  for (const base::EmbeddedFile& file : web::embedded_templates()) {
    const std::string source(file.content);
    for (std::size_t at = source.find("method=\"post\""); at != std::string::npos;
         at = source.find("method=\"post\"", at + 1)) {
      const std::string form = source.substr(at, source.find("</form>", at) - at);
      // A reset is confirmed with the secret of its link, which no other site knows and which therefore protects the
      // form.
      const bool is_behind_link = file.name == "reset_confirm.html" || file.name == "reset_own.html";
      // The answer to an application goes to its own address, and is worth nothing here.
      const bool goes_elsewhere = file.name == "form_post.html";
      // A verification changes nothing, and people without a session have none that a token could be bound to.
      const bool changes_nothing = file.name == "_verify_form.html";
      const bool has_token =
          form.find("name=\"csrf\"") != std::string::npos || is_behind_link || goes_elsewhere || changes_nothing;
      CHECK_MESSAGE(has_token, file.name);
    }
  }
}

TEST_CASE("static files carry a fingerprint of their content") {
  CHECK(std::regex_match(web::asset_address("chancery.css"), std::regex("/assets/chancery\\.[0-9a-f]{12}\\.css")));
  CHECK(web::asset_address("../secret").empty());
}

TEST_CASE("a tenant's colours are taken only if they are colours, and stay readable") {
  flow::Brand brand;
  brand.accent = "#000;}body{background:url(//evil)";
  CHECK(web::theme_address(brand).empty());
  CHECK(web::make_theme(brand).empty());
  brand.accent = "#ffe14d";  // too light for text on a light page
  brand.version = 7;
  CHECK(web::theme_address(brand) == "/theme/7.css");
  const std::string css = web::make_theme(brand);
  CHECK(css.find("--accent:#ffe14d") == css.rfind("--accent:#ffe14d"));  // unchanged in the dark scheme only
  CHECK(css.find("evil") == std::string::npos);
}

namespace {

double luminance(std::string_view colour) {  // "#rrggbb", WCAG 2.2
  double sum = 0;
  const double weights[] = {0.2126, 0.7152, 0.0722};
  for (std::size_t i = 0; i < 3; ++i) {
    const double c = std::stoi(std::string(colour.substr(1 + 2 * i, 2)), nullptr, 16) / 255.0;
    sum += weights[i] * (c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
  }
  return sum;
}

double contrast(std::string_view a, std::string_view b) {
  const double low = std::min(luminance(a), luminance(b));
  const double high = std::max(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

/// Value of a variable in the first or second block of a theme.
std::string value_of(const std::string& css, const std::string& name, bool dark) {
  const std::size_t at = css.find(name + ":", dark ? css.find("@media") : 0);
  return css.substr(at + name.size() + 1, 7);
}

}  // namespace

TEST_CASE("whatever colour a tenant chooses, words in it and on it can be read, on every surface, light and dark") {
  for (int step = 0; step < 216; ++step) {
    char colour[8];
    std::snprintf(colour, sizeof colour, "#%02x%02x%02x", 51 * (step / 36), 51 * (step / 6 % 6), 51 * (step % 6));
    flow::Brand brand;
    brand.accent = colour;
    INFO(colour);
    const std::string css = web::make_theme(brand);
    for (const bool dark : {false, true}) {
      const std::string accent = value_of(css, "--accent", dark);
      for (const char* surface :
           {dark ? "#101715" : "#f6f8f7", dark ? "#1a2321" : "#ffffff", dark ? "#222d2a" : "#eaf0ee"}) {
        CHECK(contrast(accent, surface) >= 4.5);
        CHECK(contrast(value_of(css, "--accent-strong", dark), surface) >= 4.5);
      }
      CHECK(contrast(value_of(css, "--on-accent", dark), accent) >= 4.5);
      CHECK(contrast(value_of(css, "--on-accent", dark), value_of(css, "--accent-strong", dark)) >= 4.5);
      CHECK(contrast(value_of(css, "--panel", dark), "#ffffff") >= 4.5);
      CHECK(contrast(value_of(css, "--panel-deep", dark), "#ffffff") >= 4.5);
    }
    const web::ShownAccents shown = web::shown_accents(brand);
    CHECK(shown.light == value_of(css, "--accent", false));
    CHECK(shown.dark == value_of(css, "--accent", true));
  }
}
