// Rows, and the target's rows as probes found them: what trips each rule, and the safer way.
#include "scenario.h"
#include "support/catch.h"

namespace test {

using engine::preview::Probe;

std::vector<Scenario> row_scenarios() {
  return {
      {"rows.every-row",
       {step("UPDATE customers SET old = 'y'")},
       {step("UPDATE customers SET old = 'y' WHERE id = 1")}},
      {"rows.under-lock",
       {step("ALTER TABLE customers ADD COLUMN extra text; UPDATE customers SET extra = 'y' WHERE "
             "id = 1")},
       {step("ALTER TABLE customers ADD COLUMN extra text"),
        step("UPDATE customers SET extra = 'y' WHERE id = 1")}},
      {"rows.keys-changed",
       {step("UPDATE prices SET id = id + 1000")},
       {step("UPDATE prices SET price = 2")}},
      {"sequence.behind",
       {step("INSERT INTO tickets (id, what) VALUES (70, 'c')")},
       {step("INSERT INTO tickets (id, what) VALUES (70, 'c'); SELECT setval('tickets_id_seq', "
             "(SELECT max(id) FROM tickets))")}},
      {"sequence.advanced",
       {step("INSERT INTO tickets (what) VALUES ('c')")},
       {step("UPDATE tickets SET what = 'd' WHERE id = 1")}},
  };
}

std::vector<Scenario> data_scenarios() {
  const auto finds = [](const std::string& of, const std::string& result = "found") {
    return [of, result](auto&, std::vector<Probe>& probes) {
      Probe probe;
      probe.of = of;
      probe.relation = "public.customers";
      probe.object = "email";
      probe.result = result;
      probe.rows = 3;
      probe.examples = {"7", "8"};
      probe.reason = "no time";
      probes.push_back(probe);
    };
  };
  std::vector<Scenario> scenarios;
  for (const char* of :
       {"nulls", "duplicates", "orphans", "violations", "conflicts", "strays", "misfits"})
    scenarios.push_back(
        {std::string{"data."} + of, {step("SELECT 1")}, {step("SELECT 1")}, "", finds(of)});
  scenarios.push_back({"data.not-probed",
                       {step("SELECT 1")},
                       {step("SELECT 1")},
                       "",
                       finds("nulls", "not_probed")});
  return scenarios;
}

}  // namespace test

TEST_CASE("each hazard of rows is found, and not in the safer way") {
  test::try_out(test::row_scenarios());
}

TEST_CASE("what the target's rows would not let through is a finding") {
  test::try_out(test::data_scenarios());
}
