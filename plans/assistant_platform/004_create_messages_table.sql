-- Messages table (depends on conversations)

CREATE TABLE public.messages (
  id              UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  conversation_id UUID NOT NULL REFERENCES public.conversations(id) ON DELETE CASCADE,
  role            TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'system')),
  content         TEXT NOT NULL,
  created_at      TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE public.messages IS 'What was said in a conversation, by whom';

CREATE INDEX idx_messages_conversation_created ON public.messages (conversation_id, created_at);

-- A new message makes its conversation the newest
CREATE FUNCTION public.update_conversation_timestamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  UPDATE public.conversations SET updated_at = now() WHERE id = NEW.conversation_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER trigger_messages_update_conversation
  AFTER INSERT ON public.messages
  FOR EACH ROW EXECUTE FUNCTION public.update_conversation_timestamp();

ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;

-- A message belongs to the tenant of its conversation: whoever reaches the one reaches the other
CREATE POLICY messages_select ON public.messages FOR SELECT TO authenticated
  USING (EXISTS (SELECT FROM public.conversations c WHERE c.id = conversation_id));
CREATE POLICY messages_insert ON public.messages FOR INSERT TO authenticated
  WITH CHECK (EXISTS (SELECT FROM public.conversations c WHERE c.id = conversation_id));
CREATE POLICY messages_update ON public.messages FOR UPDATE TO authenticated
  USING (EXISTS (SELECT FROM public.conversations c WHERE c.id = conversation_id))
  WITH CHECK (EXISTS (SELECT FROM public.conversations c WHERE c.id = conversation_id));
CREATE POLICY messages_delete ON public.messages FOR DELETE TO authenticated
  USING (EXISTS (SELECT FROM public.conversations c WHERE c.id = conversation_id));

REVOKE ALL ON public.messages FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.messages TO authenticated;
GRANT ALL ON public.messages TO service_role;
