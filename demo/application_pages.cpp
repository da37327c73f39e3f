#include "demo/application_pages.hpp"

#include "demo/page.hpp"
#include "demo/words.hpp"

namespace demo {

namespace {

constexpr const char* time_zone = "Europe/Warsaw";

constexpr std::string_view welcome = R"html(<section class="hero">
<h1>{{title}}</h1>
<p class="lead">{{lead}}</p>
<p><a class="button" href="/login">[[log_in]]</a></p>
</section>
)html";

constexpr std::string_view log_in_tool = R"html(<a class="button small" href="/login">[[log_in]]</a>)html";
constexpr std::string_view log_out_tool =
    R"html(<form method="post" action="/logout"><input type="hidden" name="csrf" value="{{csrf}}"><button class="button small quiet" type="submit">[[log_out]]</button></form>)html";

constexpr std::string_view inside = R"html(<h1>[[hello]]{{{named}}}</h1>
<section class="card" aria-labelledby="you">
<h2 id="you">[[you_are]]</h2>
<dl>
<div><dt>[[name]]</dt><dd id="name">{{name}}</dd></div>
<div><dt>[[login]]</dt><dd id="login">{{login}}</dd></div>
<div><dt>[[context]]</dt><dd id="context">{{context}}</dd></div>
<div><dt>[[level]]</dt><dd id="level">{{level}}</dd></div>
<div><dt>[[since]]</dt><dd>{{since}}</dd></div>
</dl>
<p class="ways"><a class="button quiet" id="other" href="{{other_url}}">{{other}}</a>{{{account}}}</p>
</section>
)html";

constexpr std::string_view to_account =
    R"html( <a class="button quiet" id="account" href="{{url}}">[[to_account]]</a>)html";

constexpr std::string_view appointments = R"html(<section class="card" aria-labelledby="appointments">
<h2 id="appointments">[[appointments]]</h2>
<ul class="rows">
<li><span>[[appointment_1]]</span><span class="when">[[appointment_1_when]]</span></li>
<li><span>[[appointment_2]]</span><span class="when">[[appointment_2_when]]</span></li>
</ul>
</section>
)html";

constexpr std::string_view results = R"html(<section class="card" aria-labelledby="results">
<h2 id="results">[[results]]</h2>
<table>
<thead><tr><th scope="col">[[examination]]</th><th scope="col">[[value]]</th><th scope="col">[[range]]</th></tr></thead>
<tbody>
<tr><th scope="row">[[haemoglobin]]</th><td>[[haemoglobin_value]]</td><td>12–16</td></tr>
<tr><th scope="row">[[glucose]]</th><td>88 mg/dl</td><td>70–99</td></tr>
<tr><th scope="row">[[tsh]]</th><td>[[tsh_value]]</td><td>[[tsh_range]]</td></tr>
</tbody>
</table>
</section>
)html";

constexpr std::string_view steps = R"html(<details class="card wide" id="steps">
<summary>[[steps]]</summary>
<ol class="steps">{{{steps}}}</ol>
</details>
)html";
constexpr std::string_view step = R"html(<li><h3>{{title}}</h3><pre class="code"><code>{{text}}</code></pre></li>
)html";

constexpr std::string_view failure = R"html(<section class="hero">
<h1>{{title}}</h1>
<p class="lead">{{sentence}}</p>
<p><a class="button" href="/">[[to_start]]</a></p>
</section>
)html";

constexpr std::string_view message = R"html(<li class="card">
<p class="meta"><span class="tag">{{channel}}</span> {{{from}}}<span>[[to]] {{to}}</span> <time datetime="{{machine_time}}">{{time}}</time></p>
{{{heading}}}<pre>{{{text}}}</pre>
</li>
)html";

Frame make_frame(const Application& application) {
  Frame frame;
  frame.application = application.name;
  frame.portal = application.portal;
  frame.laboratory = application.laboratory;
  frame.current = application.name;
  return frame;
}

std::string name_context(text::Language language, const Person& person) {
  const std::string key = "context_" + person.context;
  const std::string_view found = find_word(language, key);
  return found == key ? person.context_name : std::string(found);
}

/// "urn:chancery:acr:1" in words.
std::string name_level(text::Language language, const std::string& level) {
  const std::string key = "level_" + level.substr(level.rfind(':') + 1);
  const std::string_view found = find_word(language, key);
  return found == key ? level : std::string(found);
}

std::string make_steps(text::Language language, const std::vector<LoginStep>& of_login) {
  std::string rows;
  for (const LoginStep& one : of_login)
    rows += fill(language, step, {{"title", std::string(find_word(language, one.title))}, {"text", one.text}});
  return fill(language, steps, {{"steps", rows}});
}

/// "Hello, Anna Kowalska". In Polish a name would have to be inflected.
std::string say_name(text::Language language, const Person& person) {
  return language == text::Language::pl ? std::string() : ", " + escape_html(person.name);
}

bool is_portal(const Application& application) {
  return application.name == "portal";
}

}  // namespace

text::Language language_of(const http::Request& request) {
  const std::string* const wish = request.find_header("accept-language");
  return text::choose_language("", "", wish == nullptr ? "" : *wish);
}

std::string make_start_page(text::Language language, const Application& application, const LocalSession* session) {
  Frame frame = make_frame(application);
  const auto word = [&](const std::string& key) { return std::string(find_word(language, key)); };
  if (session == nullptr) {
    frame.tools = fill(language, log_in_tool);
    return make_page(
        language, frame,
        fill(language, welcome,
             {{"title", word(application.name + "_welcome")}, {"lead", word(application.name + "_lead")}}));
  }
  const Person& person = session->person;
  frame.tools = fill(language, log_out_tool, {{"csrf", session->csrf}});
  const std::string main =
      fill(language, inside,
           {{"named", say_name(language, person)},
            {"account", is_portal(application) ? fill(language, to_account, {{"url", application.account}}) : ""},
            {"name", person.name},
            {"login", person.login},
            {"context", name_context(language, person)},
            {"level", name_level(language, person.level)},
            {"since", text::format_time(language, person.logged_in_at, time_zone)},
            {"other", word(is_portal(application) ? "to_laboratory" : "to_portal")},
            {"other_url", (is_portal(application) ? application.laboratory : application.portal) + "/login"}});
  return make_page(
      language, frame,
      main + fill(language, is_portal(application) ? appointments : results) + make_steps(language, session->steps));
}

std::string make_failure_page(text::Language language, const Application& application, std::string_view title,
                              std::string_view sentence) {
  Frame frame = make_frame(application);
  frame.current = "";
  frame.title = find_word(language, title);
  return make_page(
      language, frame,
      fill(language, failure, {{"title", frame.title}, {"sentence", std::string(find_word(language, sentence))}}));
}

std::string make_inbox_page(text::Language language, const Application& application,
                            const std::vector<Message>& messages) {
  Frame frame = make_frame(application);
  frame.current = "inbox";
  frame.title = find_word(language, "inbox_title");
  std::string main = fill(language, "<h1>[[inbox_title]]</h1><p class=\"lead\">[[inbox_lead]]</p>");
  if (messages.empty())
    return make_page(language, frame, main + fill(language, R"(<p class="card empty">[[inbox_empty]]</p>)"));
  main += "<ul class=\"messages\">";
  for (const auto& one : messages) {
    const std::string heading =
        one.subject.empty() ? "" : fill(language, "<h2>{{subject}}</h2>", {{"subject", one.subject}});
    const std::string from =
        one.from.empty() ? "" : fill(language, "<span>[[from]] {{from}}</span> ", {{"from", one.from}});
    std::string channel(find_word(language, one.channel));
    if (one.kind == "flash" || one.kind == "binary" || one.kind == "service")
      channel += ", " + std::string(find_word(language, one.kind));
    if (one.parts > 1) channel += ", " + std::string(find_word(language, "parts")) + " " + std::to_string(one.parts);
    main += fill(language, message,
                 {{"channel", channel},
                  {"from", from},
                  {"to", one.to},
                  {"time", text::format_time(language, one.at, time_zone)},
                  {"machine_time", base::to_rfc3339(one.at)},
                  {"heading", heading},
                  {"text", link_addresses(one.text)}});
  }
  return make_page(language, frame, main + "</ul>");
}

}  // namespace demo
