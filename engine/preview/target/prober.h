// Asks the target whether its rows would let the plan through.
#pragma once

#include <vector>

#include "preview/picture/picture.h"
#include "preview/shadow/reader.h"
#include "preview/target/probe.h"
#include "preview/trace/trace.h"

namespace engine::preview {

/// What the plan asks of rows that were there before it, by the catalog before and after: NOT NULL,
/// uniqueness, exclusions, foreign keys, checks, domains, bounds of partitions, other types.
/// Nothing is asked yet.
std::vector<Probe> questions(const Picture& before, const Picture& after,
                             const std::vector<StatementTrace>& statements);

/// Asks them in the reader's transaction, which cannot write; each has a few seconds and counts to
/// a thousand. Only primary keys are read. What is refused is not_probed, with the reason.
void ask(Reader& target, std::vector<Probe>& probes);

}  // namespace engine::preview
