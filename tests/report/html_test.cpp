#include "report/html.h"

#include "base/redactor.h"
#include "streams.h"
#include "support/catch.h"

using namespace engine;

namespace {

std::string page_of(const test::Stream& stream) {
  report::HtmlReport report;
  for (const event::Event& event : stream) report(event);
  return report.page();
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

}  // namespace

TEST_CASE("a page tells the verdict first, then what needs a decision, and the rollback") {
  const std::string page = page_of(test::previewed());
  CHECK(page.starts_with(report::html_mark));
  const auto verdict = page.find("BLOCKED: do not run it as it is");
  const auto finding = page.find("<code>index.create-blocking</code>");
  const auto lost = page.find("<li>view public.names is missing</li>");
  REQUIRE(lost != std::string::npos);
  CHECK(verdict < finding);
  CHECK(finding < lost);
  CHECK_THAT(page, ContainsSubstring("accepted: </span>it is only written") ||
                       ContainsSubstring("it is only written"));
  CHECK_THAT(page, ContainsSubstring("opened</span> anon, &quot;Odd role&quot;: SELECT, INSERT on "
                                     "table public.log (every row)"));
}

TEST_CASE("whatever a database says is text: no markup, no direction, no control characters") {
  CHECK(report::html_text("<script>alert('x')</script> & \"y\"") ==
        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;");
  const std::string hostile = "\x1b[2J\xe2\x80\xae<b>\x01</pre></style>";
  const std::string text = report::html_text(hostile);
  CHECK(text.find('<') == std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\xe2\x80\xae") == std::string::npos);

  test::Stream stream = test::hostile_run();
  const std::string bad =
      "</style><script>document.title=1</script><img src=x onerror=alert(1)>'\"";
  stream.push_back({"t", "r",
                    event::Finding{bad, event::Severity::danger, event::Evidence::proved, bad, bad,
                                   1, bad, bad, bad, bad, false, bad}});
  stream.push_back({"t", "r", event::Difference{"schema", bad, "changed", bad, "x" + bad, {bad}}});
  stream.push_back({"t", "r", event::Difference{"schema", bad, "new", "", bad, {bad}}});
  stream.push_back({"t", "r", event::Difference{"schema", bad, "gone", bad, "", {}}});
  stream.push_back({"t", "r", event::Difference{"rows", bad, "changed", bad, bad}});
  stream.push_back({"t", "r", event::Difference{"access", bad, bad, bad, bad, {}, bad, bad}});
  stream.push_back({"t", "r", event::Proof{"rollback", false, {bad}, bad, bad}});
  stream.push_back({"t", "r", event::Timeline{bad, 1, 10, {{bad, bad, 0, 5, {bad}, 3}}}});
  stream.push_back({"t", "r", event::QuestionAnswered{bad, bad, bad, bad, false}});
  stream.push_back({"t", "r", event::NoticeSeen{"", "WARNING", "", bad}});
  const std::string page = page_of(stream);
  CHECK(count(page, "<script") == 0);
  CHECK(count(page, "<img") == 0);
  CHECK(count(page, "</style>") == 1);
  CHECK(count(page, "onclick=\"") == 0);
}

TEST_CASE("a page asks for nothing from anywhere, and a browser is told so") {
  const std::string page = page_of(test::previewed());
  CHECK_THAT(page, ContainsSubstring("default-src 'none'"));
  for (const char* word :
       {"src=", "href=", "url(", "@import", "<script", "<link", "http://", "https://"})
    CHECK(count(page, word) == 0);
}

TEST_CASE("a secret's answer is in no page") {
  redactor::add_secret("hunter22 \"quoted\"");
  CHECK(page_of(test::hostile_run()).find("hunter22") == std::string::npos);
}
