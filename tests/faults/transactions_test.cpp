// Every mode of transaction, struck at any message.
#include "faults/fault_sweep.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("steps of one transaction are done once, or not at all") {
  sweep("one transaction", {Subject::small("one")}, 32);
}

TEST_CASE("an atomic phase and an atomic plan are done once, or not at all") {
  sweep("atomic", {Subject::small("atomic"), Subject::small("whole")}, 16);
}

TEST_CASE("steps outside a transaction are resumed by what stands") {
  sweep("outside", {Subject::small("outside")}, 32);
}

TEST_CASE("no index is left INVALID, however its statement is written") {
  sweep("spellings", {Subject::small("spellings")}, 32);
}
