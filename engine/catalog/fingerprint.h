// What makes a relation that relation, as comparable lines: the proof of a restore.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/relation.h"

namespace engine::catalog {

struct FingerprintOptions {
  /// Where sequences stand. They move with every insert and never move back, so they are left out
  /// unless wanted.
  bool sequence_values = false;
};

struct Fingerprint {
  std::vector<std::string> lines;  // sorted
  std::string hash;                // SHA-256 of the lines
};

/// OIDs, attribute numbers, row estimates, sizes and what only this server knows are left out; the
/// order of the live columns is in.
Fingerprint fingerprint(const Relation& relation, const FingerprintOptions& options = {});

/// The same by object (the relation itself, "column a", "policy p") and by property ("type").
std::map<std::string, std::map<std::string, std::string>> properties(
    const Relation& relation, const FingerprintOptions& options = {});

/// Sentences, one a difference: `policy "x" is missing`, `column session_name was added`,
/// `column a: type is bigint, was integer`. Empty exactly where the fingerprints are equal.
std::vector<std::string> differences(const Relation& before, const Relation& after,
                                     const FingerprintOptions& options = {});

}  // namespace engine::catalog
