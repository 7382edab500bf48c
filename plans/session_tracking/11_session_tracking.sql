-- Session tracking, for A/B tests and the comparison of models: the columns
ALTER TABLE conversations
  ADD COLUMN IF NOT EXISTS session_id TEXT,
  ADD COLUMN IF NOT EXISTS experiment_name TEXT;

COMMENT ON COLUMN conversations.session_id IS
  'User-defined session identifier: conversations with the same one belong together';
COMMENT ON COLUMN conversations.experiment_name IS
  'Human-readable experiment name: what the session tries out';
