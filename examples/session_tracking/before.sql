-- engine: include supabase
-- engine: role postgres
--
-- A chat application before session tracking: conversations with their messages, and what reads them: two views, functions,
-- policies. All people and texts are invented.

-- As on hosted Supabase, the tables belong to postgres, which is no superuser there.
SET ROLE postgres;

CREATE TABLE public.llm_models (
  id text PRIMARY KEY,
  label text NOT NULL
);
INSERT INTO public.llm_models VALUES
  ('small-2', 'Small, second version'), ('large-1', 'Large'), ('tuned-0925', 'Tuned in September');
ALTER TABLE public.llm_models ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Everyone may choose a model" ON public.llm_models FOR SELECT USING (true);

CREATE TABLE public.conversations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  title text,
  llm_model_id text REFERENCES public.llm_models (id),
  is_archived boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_conversations_user_id ON public.conversations (user_id, updated_at DESC);
COMMENT ON TABLE public.conversations IS 'What a user and a model said to each other';
ALTER TABLE public.conversations ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users reach their own conversations" ON public.conversations
  USING (auth.uid() = user_id) WITH CHECK (auth.uid() = user_id);

CREATE TABLE public.messages (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  conversation_id uuid NOT NULL REFERENCES public.conversations (id) ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('user', 'assistant')),
  content text NOT NULL,
  tokens integer,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_messages_conversation_id ON public.messages (conversation_id, created_at);
ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users reach the messages of their conversations" ON public.messages
  USING (EXISTS (SELECT FROM public.conversations c WHERE c.id = conversation_id AND c.user_id = auth.uid()));

-- Written as SELECT *: the server keeps the columns of that day.
CREATE VIEW public.open_conversations WITH (security_barrier = true) AS
  SELECT * FROM public.conversations WHERE NOT is_archived;
REVOKE ALL ON public.open_conversations FROM anon, authenticated;

CREATE VIEW public.model_usage WITH (security_barrier = true) AS
  SELECT c.llm_model_id, date_trunc('week', c.created_at) AS week, count(DISTINCT c.id) AS conversations, count(m.id) AS messages,
         sum(m.tokens) AS tokens
  FROM public.conversations c
  LEFT JOIN public.messages m ON m.conversation_id = c.id
  GROUP BY 1, 2;
REVOKE ALL ON public.model_usage FROM anon, authenticated;

-- Bodies that are text: only their words say what they read.
CREATE FUNCTION public.start_conversation(title text, model text) RETURNS uuid
LANGUAGE sql AS $$
  INSERT INTO public.conversations (user_id, title, llm_model_id) VALUES (auth.uid(), title, model) RETURNING id
$$;
CREATE FUNCTION public.touch_conversation() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.conversations SET updated_at = NEW.created_at WHERE id = NEW.conversation_id AND updated_at < NEW.created_at;
  RETURN NEW;
END;
$$;
CREATE TRIGGER touch_conversation AFTER INSERT ON public.messages
  FOR EACH ROW EXECUTE FUNCTION public.touch_conversation();

-- 900 users, 4,000 conversations, 14,000 messages.
INSERT INTO auth.users (id, aud, role, email, created_at, updated_at)
SELECT md5('user ' || n)::uuid, 'authenticated', 'authenticated',
       (ARRAY['amelie', 'bruno', 'chloe', 'dario', 'elise', 'farid', 'gaelle', 'hugo', 'ines', 'jonas'])[1 + n % 10]
         || n || '@example.com',
       timestamptz '2025-03-01 08:00+00' + n * interval '97 minutes', timestamptz '2025-03-01 08:00+00' + n * interval '97 minutes'
FROM generate_series(1, 900) AS n;

INSERT INTO public.conversations (id, user_id, title, llm_model_id, is_archived, created_at, updated_at)
SELECT md5('conversation ' || n)::uuid, md5('user ' || 1 + n * 7 % 900)::uuid,
       CASE WHEN n % 9 > 0 THEN titles[1 + n % 8] || CASE WHEN n % 4 = 0 THEN ' (2)' ELSE '' END END,
       CASE WHEN n % 13 > 0 THEN (ARRAY['small-2', 'large-1', 'tuned-0925'])[1 + n % 3] END,
       n % 6 = 0,
       timestamptz '2025-04-02 07:00+00' + n * interval '61 minutes',
       timestamptz '2025-04-02 07:00+00' + n * interval '61 minutes' + (n % 7) * interval '4 minutes'
FROM generate_series(1, 4000) AS n,
     (SELECT ARRAY['Recipe for twelve', 'Why does the build fail?', 'Lettre au propriétaire', 'A name for the boat', 'Quelle assurance?',
                   'Plan for the garden', 'Explain this "clause"', 'Translate: Liegewagen']) AS texts (titles);

INSERT INTO public.messages (conversation_id, role, content, tokens, created_at)
SELECT md5('conversation ' || n)::uuid, CASE WHEN turn % 2 = 1 THEN 'user' ELSE 'assistant' END,
       CASE WHEN turn % 2 = 1 THEN asked[1 + (n + turn) % 5] ELSE said[1 + (n * 3 + turn) % 5] END,
       20 + (n * 11 + turn * 31) % 400,
       timestamptz '2025-04-02 07:00+00' + n * interval '61 minutes' + turn * interval '30 seconds'
FROM generate_series(1, 4000) AS n
CROSS JOIN LATERAL generate_series(1, 1 + n % 6) AS turn,
     (SELECT ARRAY['Can you make it shorter?', 'It says "syntax error" and nothing else.', 'Et en français?', E'Two cases:\n- rain\n- no rain',
                   'Thanks. And for the cellar?'],
             ARRAY['Gladly: here is a version half as long.', 'The comma in line 14 is the reason.', 'Bien sûr.', 'Start with the lowest shelf.',
                   'That depends on the lease; what does it say?']) AS texts (asked, said);

RESET ROLE;
ANALYZE auth.users, public.conversations, public.messages;
