// The page of a preview in headless Chromium, as wide as a phone and as wide as a desk.
#include <filesystem>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "report/html.h"
#include "streams.h"
#include "support/catch.h"
#include "support/folder.h"

using namespace engine;

namespace {

// In a copy of the page, without its policy: what the browser made of it, as text.
constexpr const char* look = R"html(<script>
addEventListener("load", () => {
  const seen = document.createElement("pre");
  seen.id = "seen";
  const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  seen.textContent = ["inner", innerWidth, "scroll", document.documentElement.scrollWidth, "wide", wide.length,
    "resources", performance.getEntriesByType("resource").length, "end"].join(" ");
  document.documentElement.appendChild(seen);
});
</script></body>)html";

test::Stream hostile_preview() {
  test::Stream stream = test::previewed();
  const std::string word(300, 'x');
  const std::string bad =
      "<script>throw 1</script><img src=http://192.0.2.1/x onerror=throw'1'>" + word;
  const auto add = [&](event::EventBody body) { stream.push_back({"t", "r", std::move(body)}); };
  add(event::Finding{"rows.every-row", event::Severity::warning, event::Evidence::proved, bad, bad,
                     7, bad, bad, bad, bad, false, ""});
  add(event::Difference{"schema", "function public." + word, "changed", "before " + bad,
                        "after " + bad});
  add(event::Difference{"schema", "table public." + word, "new", "", bad, {bad}});
  add(event::Difference{"access", "table public." + word, "opened", "", word, {}, word, word});
  add(event::Timeline{
      "Back up", 1, 100, {{"public." + word, "ACCESS EXCLUSIVE", 10, 90, {"reads"}, 3}}});
  add(event::Proof{"rollback", false, {bad}, word, ""});
  add(event::QuestionAnswered{"name", bad, word, "default", false});
  return stream;
}

struct Seen {
  std::string dom, errors;
  long number(const std::string& name) const {
    const auto at = dom.find("id=\"seen\"");
    const auto value = at == std::string::npos ? at : dom.find(" " + name + " ", at);
    const auto first = at == std::string::npos ? at : dom.find(name + " ", at);
    const auto from = value == std::string::npos ? first : value + 1;
    return from == std::string::npos ? -1 : std::stol(dom.substr(from + name.size() + 1));
  }
};

process::Finished browse(const test::Folder& folder, const std::string& name,
                         const std::vector<std::string>& how) {
  std::vector<std::string> command{CHROMIUM,
                                   "--no-sandbox",
                                   "--disable-gpu",
                                   "--disable-dev-shm-usage",
                                   "--enable-logging=stderr",
                                   "--user-data-dir=" + folder.path() + "/profile"};
  command.insert(command.end(), how.begin(), how.end());
  command.push_back("file://" + folder.path() + "/" + name);
  process::Finished finished = process::run(
      command, {{}, "", "", {"HOME=" + folder.path()}, std::chrono::seconds{120}, false});
  INFO(finished.errors);
  REQUIRE(finished.status == 0);
  return finished;
}

Seen open_page(const test::Folder& folder, const std::string& name, int width) {
  const process::Finished finished =
      browse(folder, name,
             {"--hide-scrollbars", "--window-size=" + std::to_string(width) + ",900",
              "--virtual-time-budget=2000", "--dump-dom"});
  return {finished.output, finished.errors};
}

long sheets(const test::Stream& stream) {
  report::HtmlReport report;
  for (const event::Event& event : stream) report(event);
  test::Folder folder;
  folder.write("page.html", report.page());
  browse(folder, "page.html",
         {"--no-pdf-header-footer", "--print-to-pdf=" + folder.path() + "/p.pdf"});
  const std::string pdf = file::read(folder.path() + "/p.pdf");
  long count = 0;
  for (auto at = pdf.find("/Type /Page\n"); at != std::string::npos;
       at = pdf.find("/Type /Page\n", at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("a browser shows the whole page at both widths, without a request and without an error") {
  report::HtmlReport report;
  for (const event::Event& event : hostile_preview()) report(event);
  const std::string page = report.page();
  test::Folder folder;
  folder.write("page.html", page);
  std::string copy = page;
  const auto policy = copy.find("<meta http-equiv");
  copy.erase(policy, copy.find('\n', policy) - policy);
  copy.replace(copy.rfind("</body>"), 7, look);
  folder.write("copy.html", copy);

  const Seen itself = open_page(folder, "page.html", 390);
  // A policy that was broken, a script that failed and a request that was refused are all told
  // there.
  INFO(itself.errors);
  CHECK(itself.errors.find("CONSOLE") == std::string::npos);
  CHECK_THAT(itself.dom, ContainsSubstring("index.create-blocking"));
  CHECK_THAT(itself.dom, ContainsSubstring("view public.names is missing"));
  CHECK_THAT(itself.dom, ContainsSubstring("&lt;script&gt;throw 1&lt;/script&gt;"));

  for (const int width : {390, 1280}) {
    const Seen seen = open_page(folder, "copy.html", width);
    INFO(seen.errors);
    CHECK(seen.number("inner") == width);
    CHECK(seen.number("scroll") <= width);
    CHECK(seen.number("wide") == 0);
    CHECK(seen.number("resources") == 0);
    CHECK(seen.errors.find("CONSOLE") == std::string::npos);
  }
}

TEST_CASE("on paper the steps are not folded") {
  test::Stream stream = test::previewed();
  const long before = sheets(stream);
  event::StatementTraced trace;
  trace.step = "Create";
  trace.line = 7;
  trace.sql = "CREATE TABLE t (a int)";
  for (int i = 0; i < 200; ++i) stream.push_back({"t", "r", trace});
  REQUIRE(before > 0);
  CHECK(sheets(stream) > before + 3);
}
