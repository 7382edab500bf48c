// New clusters: initdb once a version, copies afterwards.
#pragma once

#include <string>

#include "cluster/account.h"
#include "cluster/installation.h"

namespace engine::cluster {

/// The superuser of clusters made here. Not `postgres`: fixtures make that role, as hosted
/// databases have it, without superuser rights. And not the journal's schema: "$user" stands in
/// search_path, and a plan's tables would be made there.
inline constexpr const char* superuser = "engine_superuser";

/// Makes `data`, which does not exist: all of it or nothing. Copied from a template in the user's
/// cache where one is there, which is made on the way where it is not. One process at a time for
/// the same `data`.
void make_cluster(const Installation& installation, const Account& account,
                  const std::string& data);

/// What a process that was killed on the way left beside `data`.
void remove_unfinished(const std::string& data);

}  // namespace engine::cluster
