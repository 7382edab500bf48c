#include "base/redactor.h"

#include <nlohmann/json.hpp>

#include "base/secrets.h"
#include "base/text.h"
#include "support/catch.h"

namespace redactor = engine::redactor;
using redactor::redact;

TEST_CASE("a secret and its URL-encoded form are replaced") {
  redactor::add_secret("p@ss/w0rd");
  CHECK(redact("password=p@ss/w0rd, uri p%40ss%2Fw0rd!") == "password=***, uri ***!");
  // A person encodes only what must be, and in either case.
  CHECK(redact("p%40ss/w0rd p@ss%2fw0rd") == "*** ***");
}

TEST_CASE("a secret within a longer secret leaves no rest, nor do two that overlap") {
  redactor::add_secret("horse-battery");
  redactor::add_secret("horse-battery-staple");
  redactor::add_secret("staple-gun");
  CHECK(redact("horse-battery-staple") == "***");
  CHECK(redact("horse-battery-staple-gun!") == "***!");
  CHECK(redact("horse-batteryhorse-battery") == "******");
}

TEST_CASE("the empty text is no secret, and white space alone is replaced as a whole value only") {
  redactor::add_secret("");
  redactor::add_secret("     ");
  CHECK(redact("a b  c") == "a b  c");
  CHECK(redact("VALUES ('     ')") == "VALUES ('***')");
  CHECK(redactor::is_short("     "));
  CHECK_FALSE(redactor::is_short(""));
}

TEST_CASE("a short secret is replaced as a value, and destroys no other text") {
  redactor::add_secret("q7");
  CHECK(redactor::is_short("q7"));
  CHECK(redact("q7") == "***");
  CHECK(redact("the q7 and abcq7") == "the q7 and abcq7");
  CHECK(redact("INSERT INTO q7t VALUES ('q7', \"q7\")") ==
        "INSERT INTO q7t VALUES ('***', \"***\")");
  CHECK(redact("Key (a, b)=(1, q7) already exists.") == "Key (a, b)=(1, ***) already exists.");
  CHECK(redact("Failing row contains (q7, null, q7).") == "Failing row contains (***, null, ***).");
  CHECK(redact("row (1,q7,q7,0)") == "row (1,***,***,0)");
  CHECK(redact("COPY t, line 1: \"1\tq7\"") == "COPY t, line 1: \"1\t***\"");
  CHECK_FALSE(redactor::holds_secret("q7"));
}

TEST_CASE("a secret is found in every form that a sink or a server gives it") {
  const std::string secret = "it's \"q\" \\ <b>&\té€\xf0\x9f\x98\x80\nline two";
  redactor::add_secret(secret);
  const auto json = [&](bool ascii) {
    const std::string quoted = nlohmann::json(secret).dump(-1, ' ', ascii);
    return quoted.substr(1, quoted.size() - 2);
  };
  const std::vector<std::string> forms{
      secret,
      "it''s \"q\" \\ <b>&\té€\xf0\x9f\x98\x80\nline two",           // a literal
      "it''s \"q\" \\\\ <b>&\té€\xf0\x9f\x98\x80\nline two",         // E'…', quote_literal()
      "it\\'s \\\"q\\\" \\\\ <b>&\\té€\xf0\x9f\x98\x80\\nline two",  // E'…' by hand
      "it's \"\"q\"\" \\ <b>&\té€\xf0\x9f\x98\x80\nline two",        // a name, a field of CSV
      "it's \"q\" \\\\ <b>&\\té€\xf0\x9f\x98\x80\\nline two",        // COPY
      "it's \"q\" \\ <b>& é€\xf0\x9f\x98\x80 line two",              // on one line
      "it's \"q\"\n            \\ <b>&\té€\xf0\x9f\x98\x80\n   line two",  // wrapped
      "it's \"q\" \\ <b>&\té€\xf0\x9f\x98\x80\nli\n      ne two",          // cut through by a wrap
      "it&#39;s &quot;q&quot; \\ &lt;b&gt;&amp;\té€\xf0\x9f\x98\x80\nline two",
      "it&apos;s &#x22;q&#x22; \\ &lt;b&gt;&amp;\t&#233;&#x20ac;&#128512;\nline two",
      "it%27s+%22q%22+%5C+%3Cb%3E%26%09%C3%A9%E2%82%AC%F0%9F%98%80%0Aline+two",
      "it%27s%20%22q%22%20%5c%20%3cb%3e%26%09%c3%a9%e2%82%ac%f0%9f%98%80%0aline%20two",
      "it''s \"q\" \\\\ <b>&\\x09\\xc3\\xa9\\xe2\\x82\\xac\\xf0\\x9f\\x98\\x80\\x0aline two",
      "it's \"q\" \\134 <b>&\\011\\303\\251\\342\\202\\254\\360\\237\\230\\200\\012line two",
      json(true),
      json(false),
      nlohmann::json(json(true)).dump().substr(1, nlohmann::json(json(true)).dump().size() - 2),
      engine::text::printable(secret),
      "697427732022712220"
      "5c203c623e2609c3a9e282acf09f98800a6c696e652074776f",  // bytea
      "aXQncyAicSIgXCA8Yj4mCcOp4oKs8J+YgApsaW5lIHR3b",       // base64, of more
  };
  for (const std::string& form : forms) {
    INFO(form);
    CHECK(redact("<" + form + ">") == "<***>");
    CHECK(redactor::holds_secret("<" + form + ">"));
  }
}

TEST_CASE("base64 of a secret that stands within something else is found") {
  redactor::add_secret("correct horse battery");
  // "u:correct horse battery" and "me:correct horse battery!"
  for (const std::string whole :
       {"dTpjb3JyZWN0IGhvcnNlIGJhdHRlcnk=", "bWU6Y29ycmVjdCBob3JzZSBiYXR0ZXJ5IQ=="}) {
    INFO(redact(whole));
    CHECK(redact(whole).find("vcnJlY3QgaG9yc2") == std::string::npos);
    CHECK(redact(whole).find("***") != std::string::npos);
  }
}

TEST_CASE("what a cut leaves of a secret is replaced, up to the mark of the cut") {
  const std::string secret =
      "zebra-" + std::string(120, 'k') + "-quagga-" + std::string(90, 'v') + "-end";
  redactor::add_secret(secret);
  for (const std::string mark : {"...", "…"}) {
    for (const std::size_t left : {4u, 8u, 63u, 64u, 199u}) {
      INFO(mark << " after " << left);
      CHECK(redact("contains (1, " + secret.substr(0, left) + mark + ").") ==
            "contains (1, ***" + mark + ").");
      CHECK(redact("x " + mark + secret.substr(secret.size() - left) + " y") ==
            "x " + mark + "*** y");
    }
    CHECK(redact(mark + secret.substr(40, 150) + mark) == mark + "***" + mark);
  }
  CHECK(redact("... zebras and quaggas ...") == "... zebras and quaggas ...");
  // In a form that the server gave it, and of one that goes on with a dot.
  redactor::add_secret("o'clock.secret");
  CHECK(redact("'o''clock...") == "'***...");
  CHECK(redact("o'clock....") == "***...");
}

TEST_CASE("a cut without a mark: a name of 63 bytes, and a text that ends too early") {
  const std::string secret = "okapi_" + std::string(100, 'j');
  redactor::add_secret(secret);
  CHECK(redact("relation \"" + secret.substr(0, 63) + "\" exists") == "relation \"***\" exists");
  CHECK(redact("role \"app_" + secret.substr(0, 59) + "\" exists") == "role \"app_***\" exists");
  CHECK(redact("SELECT '" + secret.substr(0, 40)) == "SELECT '***");
  CHECK(redact("an \"okapi_\" is shy") == "an \"okapi_\" is shy");
  CHECK(redact("the okapi_") == "the okapi_");
}

TEST_CASE("each line of a secret that has several is one, but for the lines that keys share") {
  redactor::add_secret("-----BEGIN KEY-----\nMIIEowIBAAKCAQEA7\nq1w2\n-----END KEY-----\n");
  CHECK(redact("line 2: MIIEowIBAAKCAQEA7") == "line 2: ***");
  CHECK(redact("-----BEGIN KEY----- of another") == "-----BEGIN KEY----- of another");
}

TEST_CASE("text is redacted before it is shortened") {
  const std::string secret = "heron" + std::string(300, 'w');
  redactor::add_secret(secret);
  CHECK(engine::text::shortened("value " + secret + " end", 200) == "value *** end");
  CHECK(engine::text::shortened("value " + secret + " end", 8) == "value *…");
}

TEST_CASE("redacting twice changes nothing more, and takes no time that grows out of hand") {
  redactor::add_secret(std::string(300, '\\') + "x");
  redactor::add_secret(std::string(200, ' ') + "y" + std::string(200, '\n'));
  const std::string text = std::string(20'000, '\\') + ".";
  CHECK(redact(text).size() == text.size());
  const std::string once = redact("p@ss/w0rd 'q7'");
  CHECK(redact(once) == once);
}
