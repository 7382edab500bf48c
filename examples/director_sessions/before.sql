-- engine: include supabase
-- engine: role postgres
--
-- The database before phase 1 of the guide: Director's broken sessions table, with neither user_id nor presentation_url, and
-- what has grown around it: a log of events that refers to it, a view, a policy and a function. All people and texts are
-- invented.

-- As on hosted Supabase, the tables belong to postgres, which is no superuser there.
SET ROLE postgres;

CREATE TABLE public.sessions (
  id text PRIMARY KEY,
  current_state text NOT NULL DEFAULT 'PROVIDE_GREETING',
  conversation_history jsonb DEFAULT '[]'::jsonb,
  user_initial_request text,
  clarifying_answers jsonb,
  confirmation_plan jsonb,
  presentation_strawman jsonb,
  refinement_feedback text,
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now()
);
CREATE INDEX idx_sessions_updated_at ON public.sessions (updated_at DESC);
CREATE INDEX idx_sessions_state ON public.sessions (current_state);
COMMENT ON TABLE public.sessions IS 'Director: one row a conversation about a presentation';

ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Enable all access for sessions" ON public.sessions
  FOR ALL TO anon, authenticated USING (true) WITH CHECK (true);

-- What Director did in a session; it goes with the session.
CREATE TABLE public.session_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session_id text NOT NULL REFERENCES public.sessions (id) ON DELETE CASCADE,
  event text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'::jsonb,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX session_events_session_id_idx ON public.session_events (session_id, at);
ALTER TABLE public.session_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Events of sessions that can be seen" ON public.session_events
  FOR SELECT TO anon, authenticated
  USING (EXISTS (SELECT FROM public.sessions s WHERE s.id = session_id));

-- The team's overview. Only the service reads it.
CREATE VIEW public.session_overview WITH (security_barrier = true) AS
  SELECT s.id, s.current_state, s.user_initial_request, count(e.id) AS events, max(e.at) AS last_event, s.created_at
  FROM public.sessions s
  LEFT JOIN public.session_events e ON e.session_id = s.id
  GROUP BY s.id;
COMMENT ON VIEW public.session_overview IS 'How far every conversation went';
REVOKE ALL ON public.session_overview FROM anon, authenticated;

-- Its body is a text: it looks for "sessions" when it is called, and finds none once the table is renamed.
CREATE FUNCTION public.state_of_session(wanted text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT current_state FROM public.sessions WHERE id = wanted
$$;

-- 41 sessions, all of July 2025, when Director was tried out.
INSERT INTO public.sessions (id, current_state, conversation_history, user_initial_request, clarifying_answers,
                             confirmation_plan, presentation_strawman, refinement_feedback, created_at, updated_at)
SELECT md5('session ' || n)::uuid::text,
       states[1 + n % 6],
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'role', CASE WHEN turn % 2 = 1 THEN 'director' ELSE 'user' END,
                 'content', CASE WHEN turn % 2 = 1 THEN questions[1 + (turn / 2) % 5] ELSE answers[1 + (n + turn * 3) % 6] END)
               ORDER BY turn), '[]'::jsonb)
        FROM generate_series(1, 1 + n % 9) AS turn),
       CASE WHEN n % 6 > 0 THEN topics[1 + n % 7] END,
       CASE WHEN n % 6 > 1 THEN jsonb_build_object('audience', answers[1 + n % 6], 'minutes', 5 + n % 4 * 5) END,
       CASE WHEN n % 6 > 2 THEN jsonb_build_object('slides', 6 + n % 9, 'tone', (ARRAY['calm', 'bright', 'formal'])[1 + n % 3]) END,
       CASE WHEN n % 6 > 3 THEN (SELECT jsonb_agg(jsonb_build_object('slide', slide, 'title', topics[1 + (n + slide) % 7]))
                                 FROM generate_series(1, 6 + n % 9) AS slide) END,
       CASE WHEN n % 6 > 4 THEN 'Shorter, and one "real" number on slide ' || 1 + n % 6 || '.' END,
       timestamptz '2025-07-01 08:30+00' + n * interval '17 hours 40 minutes',
       timestamptz '2025-07-01 08:30+00' + n * interval '17 hours 40 minutes' + (n % 9) * interval '3 minutes'
FROM generate_series(1, 41) AS n,
     (SELECT ARRAY['PROVIDE_GREETING', 'ASK_CLARIFYING_QUESTIONS', 'CREATE_CONFIRMATION_PLAN', 'GENERATE_STRAWMAN',
                   'REFINE_STRAWMAN', 'PRESENTATION_READY'],
             ARRAY['Hello! What shall the presentation be about?', 'Who will listen?', 'How long may it take?',
                   'Does this plan look right?', 'Here is a first outline. What should change?'],
             ARRAY['The board; they know the numbers.', 'Eleven-year-olds, on a Friday.', 'Ten minutes at most.',
                   'Les bénévoles de l''association.', 'Yes, but begin with the question.', E'Two things:\n- a map\n- a date'],
             ARRAY['Why the harbour freezes later every year', 'Budget 2026, first reading', 'Comment lire une carte marine',
                   'Bees on the roof: a report', 'Onboarding for the night shift', 'The bridge that was moved', 'What we learned in spring'])
       AS texts (states, questions, answers, topics);

-- 3,895 events: 95 in every session.
INSERT INTO public.session_events (session_id, event, detail, at)
SELECT md5('session ' || n)::uuid::text,
       (ARRAY['message', 'state_changed', 'tool_called', 'tool_answered', 'message'])[1 + e % 5],
       jsonb_build_object('step', e, 'ms', 40 + (n * 7 + e * 13) % 900),
       timestamptz '2025-07-01 08:30+00' + n * interval '17 hours 40 minutes' + e * interval '9 seconds'
FROM generate_series(1, 41) AS n, generate_series(1, 95) AS e;

RESET ROLE;
ANALYZE public.sessions, public.session_events;
