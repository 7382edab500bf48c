-- Usage tracking (independent of 003 to 005; needs tenants and users)

CREATE TABLE public.usage_metrics (
  id             UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id      UUID NOT NULL REFERENCES public.tenants(id) ON DELETE CASCADE,
  user_id        UUID NOT NULL REFERENCES public.users(id) ON DELETE CASCADE,
  date           DATE NOT NULL DEFAULT CURRENT_DATE,
  message_count  INTEGER NOT NULL DEFAULT 0,
  total_tokens   BIGINT NOT NULL DEFAULT 0,
  estimated_cost NUMERIC(12, 6) NOT NULL DEFAULT 0,
  CONSTRAINT usage_metrics_tenant_user_date_unique UNIQUE (tenant_id, user_id, date)
);
COMMENT ON TABLE public.usage_metrics IS 'Messages, tokens and cost of a user, one row a day';

CREATE INDEX idx_usage_metrics_date ON public.usage_metrics (date);
CREATE INDEX idx_usage_metrics_user ON public.usage_metrics (user_id);

ALTER TABLE public.usage_metrics ENABLE ROW LEVEL SECURITY;

-- Read by the tenant, counted by the user whose usage it is
CREATE POLICY usage_metrics_select ON public.usage_metrics FOR SELECT TO authenticated
  USING (tenant_id = (SELECT u.tenant_id FROM public.users u WHERE u.id = (SELECT auth.uid())));
CREATE POLICY usage_metrics_insert ON public.usage_metrics FOR INSERT TO authenticated
  WITH CHECK (user_id = (SELECT auth.uid())
              AND tenant_id = (SELECT u.tenant_id FROM public.users u WHERE u.id = (SELECT auth.uid())));
CREATE POLICY usage_metrics_update ON public.usage_metrics FOR UPDATE TO authenticated
  USING (user_id = (SELECT auth.uid()))
  WITH CHECK (user_id = (SELECT auth.uid())
              AND tenant_id = (SELECT u.tenant_id FROM public.users u WHERE u.id = (SELECT auth.uid())));
CREATE POLICY usage_metrics_delete ON public.usage_metrics FOR DELETE TO authenticated
  USING (user_id = (SELECT auth.uid()));

REVOKE ALL ON public.usage_metrics FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.usage_metrics TO authenticated;
GRANT ALL ON public.usage_metrics TO service_role;

-- Adds to the day's row, or begins it. As the caller, under the caller's row security.
CREATE FUNCTION public.increment_usage_metrics(
  p_tenant_id UUID, p_user_id UUID, p_date DATE, p_messages INTEGER, p_tokens INTEGER, p_cost DECIMAL
) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
  INSERT INTO public.usage_metrics AS day (tenant_id, user_id, date, message_count, total_tokens, estimated_cost)
  VALUES (p_tenant_id, p_user_id, p_date, p_messages, p_tokens, p_cost)
  ON CONFLICT (tenant_id, user_id, date) DO UPDATE
  SET message_count  = day.message_count  + excluded.message_count,
      total_tokens   = day.total_tokens   + excluded.total_tokens,
      estimated_cost = day.estimated_cost + excluded.estimated_cost;
$$;

REVOKE ALL ON FUNCTION public.increment_usage_metrics(UUID, UUID, DATE, INTEGER, INTEGER, DECIMAL) FROM PUBLIC, anon;
GRANT EXECUTE ON FUNCTION public.increment_usage_metrics(UUID, UUID, DATE, INTEGER, INTEGER, DECIMAL) TO authenticated, service_role;

CREATE MATERIALIZED VIEW public.monthly_usage_summary AS
SELECT tenant_id,
       date_trunc('month', date)::date AS month,
       sum(message_count)              AS message_count,
       sum(total_tokens)               AS total_tokens,
       sum(estimated_cost)             AS estimated_cost
FROM public.usage_metrics
GROUP BY tenant_id, date_trunc('month', date);

CREATE UNIQUE INDEX idx_monthly_usage_summary_tenant_month ON public.monthly_usage_summary (tenant_id, month);

REVOKE ALL ON public.monthly_usage_summary FROM anon, authenticated;
GRANT SELECT ON public.monthly_usage_summary TO service_role;

-- security_invoker: the reader's row security applies, not the owner's
CREATE VIEW public.current_day_usage WITH (security_invoker = true) AS
SELECT tenant_id, user_id, message_count, total_tokens, estimated_cost
FROM public.usage_metrics
WHERE date = CURRENT_DATE;

REVOKE ALL ON public.current_day_usage FROM anon, authenticated;
GRANT SELECT ON public.current_day_usage TO authenticated, service_role;
