-- Base conversations table. public.update_updated_at_column() has to be there: other tables use it as well.

CREATE TABLE public.conversations (
  id          UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id   UUID NOT NULL REFERENCES public.tenants(id) ON DELETE CASCADE,
  user_id     UUID NOT NULL REFERENCES public.users(id) ON DELETE CASCADE,
  title       TEXT NOT NULL DEFAULT 'New Chat',
  is_archived BOOLEAN NOT NULL DEFAULT false,
  created_at  TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at  TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE public.conversations IS 'A chat with the assistant; everybody of the tenant reads it';

-- The list of a tenant's open chats, newest first; and what goes when a tenant goes
CREATE INDEX idx_conversations_tenant_updated ON public.conversations (tenant_id, is_archived, updated_at DESC);
CREATE INDEX idx_conversations_user ON public.conversations (user_id);

-- Archiving is no activity: updated_at stays, or the monthly task would make old conversations look new
CREATE TRIGGER trigger_conversations_updated_at
  BEFORE UPDATE ON public.conversations
  FOR EACH ROW
  WHEN (OLD.is_archived IS NOT DISTINCT FROM NEW.is_archived)
  EXECUTE FUNCTION public.update_updated_at_column();

ALTER TABLE public.conversations ENABLE ROW LEVEL SECURITY;

-- (SELECT …) around auth.uid() and around the tenant: asked once a query, not once a row
CREATE POLICY conversations_select ON public.conversations FOR SELECT TO authenticated
  USING (tenant_id = (SELECT u.tenant_id FROM public.users u WHERE u.id = (SELECT auth.uid())));
CREATE POLICY conversations_insert ON public.conversations FOR INSERT TO authenticated
  WITH CHECK (user_id = (SELECT auth.uid())
              AND tenant_id = (SELECT u.tenant_id FROM public.users u WHERE u.id = (SELECT auth.uid())));
CREATE POLICY conversations_update ON public.conversations FOR UPDATE TO authenticated
  USING (tenant_id = (SELECT u.tenant_id FROM public.users u WHERE u.id = (SELECT auth.uid())))
  WITH CHECK (tenant_id = (SELECT u.tenant_id FROM public.users u WHERE u.id = (SELECT auth.uid())));
CREATE POLICY conversations_delete ON public.conversations FOR DELETE TO authenticated
  USING (tenant_id = (SELECT u.tenant_id FROM public.users u WHERE u.id = (SELECT auth.uid())));

-- Default privileges gave everything to everybody, TRUNCATE included, which row security does not stop
REVOKE ALL ON public.conversations FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.conversations TO authenticated;
GRANT ALL ON public.conversations TO service_role;
