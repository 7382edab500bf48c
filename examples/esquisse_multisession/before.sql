-- engine: include supabase
-- engine: role postgres
--
-- The database as the guide finds it: one esquisse session per user, and around the table what real databases have: a view
-- on it and a second table that refers to it. All people and texts are invented.

-- As on hosted Supabase, the tables belong to postgres, which is no superuser there.
SET ROLE postgres;

CREATE FUNCTION public.update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at = now();
  RETURN NEW;
END;
$$;

CREATE TABLE public.esquisse_sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  approach text NOT NULL CHECK (approach IN ('forward', 'backward')),
  messages jsonb NOT NULL DEFAULT '[]'::jsonb,
  current_step integer NOT NULL DEFAULT 0,
  completed boolean NOT NULL DEFAULT false,
  updated_at timestamptz DEFAULT now(),
  created_at timestamptz DEFAULT now(),
  CONSTRAINT esquisse_sessions_user_id_key UNIQUE (user_id)
);
COMMENT ON TABLE public.esquisse_sessions IS 'The esquisse conversation of a user';
COMMENT ON COLUMN public.esquisse_sessions.approach IS 'forward: from the idea to the form; backward: from the form to the idea';

ALTER TABLE public.esquisse_sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users can view their esquisse session" ON public.esquisse_sessions
  FOR SELECT USING (auth.uid() = user_id);
CREATE POLICY "Users can insert their esquisse session" ON public.esquisse_sessions
  FOR INSERT WITH CHECK (auth.uid() = user_id);
CREATE POLICY "Users can update their esquisse session" ON public.esquisse_sessions
  FOR UPDATE USING (auth.uid() = user_id) WITH CHECK (auth.uid() = user_id);
CREATE POLICY "Users can delete their esquisse session" ON public.esquisse_sessions
  FOR DELETE USING (auth.uid() = user_id);

CREATE TRIGGER update_esquisse_sessions_updated_at
  BEFORE UPDATE ON public.esquisse_sessions
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

GRANT ALL ON public.esquisse_sessions TO service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.esquisse_sessions TO authenticated;

-- The product team's overview. Only the service reads it.
CREATE VIEW public.esquisse_overview WITH (security_barrier = true) AS
  SELECT s.id, u.email, s.approach, s.current_step, s.completed, jsonb_array_length(s.messages) AS message_count, s.updated_at
  FROM public.esquisse_sessions s
  JOIN auth.users u ON u.id = s.user_id;
COMMENT ON VIEW public.esquisse_overview IS 'Who is how far';
REVOKE ALL ON public.esquisse_overview FROM anon, authenticated;

-- What users took out of their sessions; it goes with the session.
CREATE TABLE public.esquisse_exports (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES public.esquisse_sessions (id) ON DELETE CASCADE,
  format text NOT NULL CHECK (format IN ('pdf', 'docx', 'form')),
  exported_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX esquisse_exports_session_id_idx ON public.esquisse_exports (session_id);
ALTER TABLE public.esquisse_exports ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users see the exports of their session" ON public.esquisse_exports
  FOR SELECT USING (EXISTS (
    SELECT FROM public.esquisse_sessions s WHERE s.id = session_id AND s.user_id = auth.uid()));

-- 6,000 users; 5,200 of them have their one session.
INSERT INTO auth.users (id, aud, role, email, raw_user_meta_data, created_at, updated_at)
SELECT md5('user ' || n)::uuid, 'authenticated', 'authenticated',
       translate(lower(first_names[1 + n % 12]), 'éëè', 'eee') || '.' || lower(last_names[1 + n * 7 % 15]) || n || '@example.com',
       jsonb_build_object('full_name', first_names[1 + n % 12] || ' ' || last_names[1 + n * 7 % 15]),
       timestamptz '2025-01-06 08:00+00' + n * interval '53 minutes',
       timestamptz '2025-01-06 08:00+00' + n * interval '53 minutes'
FROM generate_series(1, 6000) AS n,
     (SELECT ARRAY['Amélie', 'Bruno', 'Chloé', 'Dario', 'Élise', 'Farid', 'Gaëlle', 'Hugo', 'Inès', 'Jonas', 'Karima', 'Léo'],
             ARRAY['Marchand', 'Okafor', 'Petit', 'Quint', 'Rossi', 'Santos', 'Tremblay', 'Ueda', 'Vidal', 'Weber', 'Xu', 'Yilmaz',
                   'Zeller', 'Andersen', 'Boulanger']) AS names (first_names, last_names);

INSERT INTO public.esquisse_sessions (id, user_id, approach, messages, current_step, completed, updated_at, created_at)
SELECT md5('session ' || n)::uuid, md5('user ' || n)::uuid,
       CASE WHEN n % 3 = 0 THEN 'backward' ELSE 'forward' END,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'role', CASE WHEN turn % 2 = 1 THEN 'assistant' ELSE 'user' END,
                 'content', CASE WHEN turn % 2 = 1 THEN questions[1 + (turn / 2) % 6] ELSE answers[1 + (n + turn * 5) % 8] END,
                 'at', timestamptz '2025-02-03 09:00+00' + n * interval '47 minutes' + turn * interval '2 minutes')
               ORDER BY turn), '[]'::jsonb)
        FROM generate_series(1, n % 11) AS turn),
       (n % 11) / 2, n % 11 = 10,
       timestamptz '2025-02-03 09:00+00' + n * interval '47 minutes' + (n % 11) * interval '2 minutes',
       timestamptz '2025-02-03 09:00+00' + n * interval '47 minutes'
FROM generate_series(1, 5200) AS n,
     (SELECT ARRAY['What would you like to sketch today?', 'Who is it for?', 'What should a reader remember?',
                   'Which part is still open?', 'Shall we put the ending first?', 'Ready to fill in the form?'],
             ARRAY['A one-page letter to the neighbours about the courtyard.', 'C''est pour ma mère, elle lit "entre les lignes".',
                   'Une exposition sur les ponts de la ville: trois salles, pas plus.', 'Not sure yet; maybe start from the budget?',
                   E'Two things:\n- the date\n- the place', 'Let''s go backward from the closing line.',
                   'Yes. Keep the second version.', 'Plus court, s''il te plaît.']) AS texts (questions, answers);

INSERT INTO public.esquisse_exports (session_id, format, exported_at)
SELECT md5('session ' || n)::uuid, (ARRAY['pdf', 'docx', 'form'])[1 + n % 3],
       timestamptz '2025-02-10 12:00+00' + n * interval '31 minutes'
FROM generate_series(1, 5200) AS n
WHERE n % 11 >= 9;

RESET ROLE;
ANALYZE auth.users, public.esquisse_sessions, public.esquisse_exports;
