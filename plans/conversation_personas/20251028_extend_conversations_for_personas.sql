-- Conversations with personas, and of guests: columns that may be null, with constant defaults, so that no row is rewritten
ALTER TABLE conversations
  ADD COLUMN IF NOT EXISTS session_id TEXT,
  ADD COLUMN IF NOT EXISTS persona_id UUID,
  ADD COLUMN IF NOT EXISTS is_guest_session BOOLEAN DEFAULT false,
  ADD COLUMN IF NOT EXISTS guest_message_count INTEGER DEFAULT 0;

COMMENT ON COLUMN conversations.session_id IS
  'Session of the browser: tells the conversations of one guest, or of one signed-in user, from others';
COMMENT ON COLUMN conversations.persona_id IS
  'The persona that the user talks to; null: none';
COMMENT ON COLUMN conversations.is_guest_session IS
  'Held by a guest who has not signed in';
COMMENT ON COLUMN conversations.guest_message_count IS
  'Messages that the guest has sent: 10 at most';
