-- engine: include supabase
-- engine: role postgres
--
-- A chat application that has personas and conversations, and nothing between them: conversations of users and of visitors,
-- messages, the users' favourite personas, and what reads them. All people and texts are invented.

-- As on hosted Supabase, the tables belong to postgres, which is no superuser there.
SET ROLE postgres;

CREATE TABLE public.personas (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE,
  greeting text NOT NULL,
  is_public boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE public.personas ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Everyone sees the public personas" ON public.personas FOR SELECT USING (is_public);

CREATE TABLE public.persona_favourites (
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  persona_id uuid NOT NULL REFERENCES public.personas (id) ON DELETE CASCADE,
  PRIMARY KEY (user_id, persona_id)
);
ALTER TABLE public.persona_favourites ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users reach their own favourites" ON public.persona_favourites
  USING (auth.uid() = user_id) WITH CHECK (auth.uid() = user_id);

-- A visitor's conversation has no user_id.
CREATE TABLE public.conversations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid REFERENCES auth.users (id) ON DELETE CASCADE,
  title text NOT NULL DEFAULT 'New conversation',
  llm_model_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_conversations_user_id ON public.conversations (user_id, updated_at DESC);
COMMENT ON TABLE public.conversations IS 'What somebody and a model said to each other';
ALTER TABLE public.conversations ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users reach their own conversations" ON public.conversations
  USING (auth.uid() = user_id) WITH CHECK (auth.uid() = user_id);

CREATE TABLE public.messages (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  conversation_id uuid NOT NULL REFERENCES public.conversations (id) ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('user', 'assistant')),
  content text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_messages_conversation_id ON public.messages (conversation_id, created_at);
ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users reach the messages of their conversations" ON public.messages
  USING (EXISTS (SELECT FROM public.conversations c WHERE c.id = conversation_id AND c.user_id = auth.uid()));

CREATE VIEW public.latest_conversations WITH (security_barrier = true) AS
  SELECT DISTINCT ON (c.user_id) c.user_id, c.id, c.title, c.updated_at
  FROM public.conversations c
  WHERE c.user_id IS NOT NULL
  ORDER BY c.user_id, c.updated_at DESC;
REVOKE ALL ON public.latest_conversations FROM anon, authenticated;

-- Its body is a text: only the words say what it reads.
CREATE FUNCTION public.rename_conversation(conversation uuid, new_title text) RETURNS void
LANGUAGE sql AS $$
  UPDATE public.conversations SET title = new_title, updated_at = now() WHERE id = conversation
$$;

-- 36 personas, 800 users, 5,000 conversations (every eighth a visitor's), 12,500 messages.
INSERT INTO public.personas (id, name, greeting, is_public, created_at)
SELECT md5('persona ' || n)::uuid, names[1 + n % 12] || ' the ' || trades[1 + n / 12], greetings[1 + n % 5], n % 9 > 0,
       timestamptz '2025-06-02 10:00+00' + n * interval '7 hours'
FROM generate_series(0, 35) AS n,
     (SELECT ARRAY['Ada', 'Bela', 'Cosima', 'Darius', 'Edda', 'Fela', 'Gustave', 'Hedy', 'Imre', 'Juno', 'Kasimir', 'Lova'],
             ARRAY['gardener', 'lighthouse keeper', 'librarian'],
             ARRAY['Good morning. What grows at your place?', 'Come in, mind the stairs.', 'Bonsoir!', 'You were saying "perhaps"?',
                   'Sit down; tell me from the beginning.']) AS texts (names, trades, greetings);

INSERT INTO auth.users (id, aud, role, email, created_at, updated_at)
SELECT md5('user ' || n)::uuid, 'authenticated', 'authenticated',
       (ARRAY['marie', 'noor', 'otto', 'paula', 'quentin', 'rosa', 'samir', 'tilda'])[1 + n % 8] || n || '@example.com',
       timestamptz '2025-05-05 06:00+00' + n * interval '113 minutes', timestamptz '2025-05-05 06:00+00' + n * interval '113 minutes'
FROM generate_series(1, 800) AS n;

INSERT INTO public.persona_favourites (user_id, persona_id)
SELECT md5('user ' || n)::uuid, md5('persona ' || n * 5 % 36)::uuid FROM generate_series(1, 800) AS n WHERE n % 3 = 0;

INSERT INTO public.conversations (id, user_id, title, llm_model_id, created_at, updated_at)
SELECT md5('conversation ' || n)::uuid, CASE WHEN n % 8 > 0 THEN md5('user ' || 1 + n * 7 % 800)::uuid END,
       titles[1 + n % 7], CASE WHEN n % 3 > 0 THEN 'small-2' ELSE 'large-1' END,
       timestamptz '2025-06-10 08:00+00' + n * interval '37 minutes',
       timestamptz '2025-06-10 08:00+00' + n * interval '37 minutes' + (n % 4) * interval '2 minutes'
FROM generate_series(1, 5000) AS n,
     (SELECT ARRAY['New conversation', 'What to plant in October', 'Une lettre à ma tante', 'The third act', 'Names for a cat',
                   'Is this "fair use"?', 'Packing for the north']) AS texts (titles);

INSERT INTO public.messages (conversation_id, role, content, created_at)
SELECT md5('conversation ' || n)::uuid, CASE WHEN turn % 2 = 1 THEN 'user' ELSE 'assistant' END,
       CASE WHEN turn % 2 = 1 THEN asked[1 + (n + turn) % 5] ELSE said[1 + (n * 3 + turn) % 4] END,
       timestamptz '2025-06-10 08:00+00' + n * interval '37 minutes' + turn * interval '25 seconds'
FROM generate_series(1, 5000) AS n
CROSS JOIN LATERAL generate_series(1, 1 + n % 4) AS turn,
     (SELECT ARRAY['Where do I begin?', 'Plus simple, s''il te plaît.', E'Two of them:\n- the grey one\n- the other', 'And if it rains?', 'Thank you!'],
             ARRAY['With the roots.', 'Alors: une phrase, pas plus.', 'Then we read "indoors" instead.', 'The grey one, clearly.'])
       AS texts (asked, said);

RESET ROLE;
ANALYZE auth.users, public.personas, public.persona_favourites, public.conversations, public.messages;
