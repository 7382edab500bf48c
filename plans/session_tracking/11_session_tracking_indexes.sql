-- Session tracking, for A/B tests and the comparison of models: the indexes, while the application goes on writing
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_session_id
  ON conversations(session_id) WHERE session_id IS NOT NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_experiment_name
  ON conversations(experiment_name) WHERE experiment_name IS NOT NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversations_user_session
  ON conversations(user_id, session_id) WHERE session_id IS NOT NULL;
