-- Feedback table (depends on messages)

CREATE TABLE public.feedback (
  id         UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  message_id UUID NOT NULL REFERENCES public.messages(id) ON DELETE CASCADE,
  user_id    UUID NOT NULL REFERENCES public.users(id) ON DELETE CASCADE,
  rating     SMALLINT NOT NULL CHECK (rating IN (-1, 1)),
  comment    TEXT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  CONSTRAINT feedback_message_user_unique UNIQUE (message_id, user_id)
);
COMMENT ON TABLE public.feedback IS 'What a user thinks of a message: 1 or -1';

CREATE INDEX idx_feedback_user ON public.feedback (user_id);
CREATE INDEX idx_feedback_created ON public.feedback (created_at);

ALTER TABLE public.feedback ENABLE ROW LEVEL SECURITY;

-- Read by the tenant, written by its author, on messages that the author reaches
CREATE POLICY feedback_select ON public.feedback FOR SELECT TO authenticated
  USING (EXISTS (SELECT FROM public.messages m WHERE m.id = message_id));
CREATE POLICY feedback_insert ON public.feedback FOR INSERT TO authenticated
  WITH CHECK (user_id = (SELECT auth.uid()) AND EXISTS (SELECT FROM public.messages m WHERE m.id = message_id));
CREATE POLICY feedback_update ON public.feedback FOR UPDATE TO authenticated
  USING (user_id = (SELECT auth.uid()))
  WITH CHECK (user_id = (SELECT auth.uid()) AND EXISTS (SELECT FROM public.messages m WHERE m.id = message_id));
CREATE POLICY feedback_delete ON public.feedback FOR DELETE TO authenticated
  USING (user_id = (SELECT auth.uid()));

REVOKE ALL ON public.feedback FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.feedback TO authenticated;
GRANT ALL ON public.feedback TO service_role;

CREATE MATERIALIZED VIEW public.message_feedback_summary AS
SELECT message_id,
       count(*) FILTER (WHERE rating = 1)  AS positive,
       count(*) FILTER (WHERE rating = -1) AS negative,
       max(created_at)                     AS last_feedback_at
FROM public.feedback
GROUP BY message_id;

-- REFRESH … CONCURRENTLY needs a unique index
CREATE UNIQUE INDEX idx_message_feedback_summary_message ON public.message_feedback_summary (message_id);

-- A materialized view knows no row security: it holds all tenants at once, so only the service reads it
REVOKE ALL ON public.message_feedback_summary FROM anon, authenticated;
GRANT SELECT ON public.message_feedback_summary TO service_role;
