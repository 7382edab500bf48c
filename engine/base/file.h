// Whole files, read once and written atomically.
#pragma once

#include <string>
#include <string_view>

namespace engine::file {

bool exists(const std::string& path);
/// Throws Error{file} where it cannot be read, is no regular file, or is larger than `limit` bytes.
std::string read(const std::string& path, std::size_t limit = 64u << 20);
/// Temporary file, fsync, rename, fsync of the folder: afterwards the old or the new content is
/// there, never half of one.
void write(const std::string& path, std::string_view content, unsigned mode = 0644);
/// Makes the folder and what is above it.
void make_folder(const std::string& path, unsigned mode = 0755);

/// The absolute path without . and .. and links.
std::string canonical(const std::string& path);
std::string folder_of(const std::string& path);
/// `relative` seen from `folder`; an absolute path stays.
std::string resolve(const std::string& folder, const std::string& relative);
/// Is the path `root` itself or below it, links followed? What does not exist yet is judged by its
/// folder.
bool is_below(const std::string& path, const std::string& root);

}  // namespace engine::file
