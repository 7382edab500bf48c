-- engine: include supabase
-- engine: role postgres
--
-- The platform before conversations: tenants with their people, assistants and documents, as migrations 001 and 002 left it.
-- All companies, people and texts are invented.

SET ROLE postgres;

CREATE FUNCTION public.update_updated_at_column() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at = now();
  RETURN NEW;
END;
$$;

CREATE TABLE public.tenants (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name       text NOT NULL,
  slug       text NOT NULL UNIQUE,
  plan       text NOT NULL DEFAULT 'trial' CHECK (plan IN ('trial', 'team', 'enterprise')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE public.tenants IS 'The companies that use the platform';

-- id is the id in auth.users; the directory sync brings people in before they first sign in.
CREATE TABLE public.users (
  id         uuid PRIMARY KEY,
  tenant_id  uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
  email      text NOT NULL UNIQUE,
  name       text NOT NULL,
  role       text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin', 'owner')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX users_tenant_id_idx ON public.users (tenant_id);
COMMENT ON TABLE public.users IS 'People, each of one tenant';

CREATE TABLE public.assistants (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id   uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
  created_by  uuid REFERENCES public.users (id) ON DELETE SET NULL,
  name        text NOT NULL,
  model       text NOT NULL,
  temperature numeric(3, 2) NOT NULL DEFAULT 0.70 CHECK (temperature BETWEEN 0 AND 2),
  prompt      text NOT NULL,
  updated_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, name)
);
COMMENT ON TABLE public.assistants IS 'What a tenant has made of a model';

CREATE TABLE public.documents (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  assistant_id uuid NOT NULL REFERENCES public.assistants (id) ON DELETE CASCADE,
  title        text NOT NULL,
  body         text NOT NULL,
  tokens       integer NOT NULL CHECK (tokens > 0),
  added_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX documents_assistant_id_idx ON public.documents (assistant_id);
COMMENT ON TABLE public.documents IS 'What an assistant may quote from';

CREATE TRIGGER update_tenants_updated_at BEFORE UPDATE ON public.tenants
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
CREATE TRIGGER update_users_updated_at BEFORE UPDATE ON public.users
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
CREATE TRIGGER update_assistants_updated_at BEFORE UPDATE ON public.assistants
  FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

ALTER TABLE public.tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.assistants ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.documents ENABLE ROW LEVEL SECURITY;
CREATE POLICY "People see themselves" ON public.users FOR SELECT TO authenticated
  USING (id = (SELECT auth.uid()));
CREATE POLICY "People see their company" ON public.tenants FOR SELECT TO authenticated
  USING (id = (SELECT u.tenant_id FROM public.users u WHERE u.id = (SELECT auth.uid())));
CREATE POLICY "People see their company's assistants" ON public.assistants FOR SELECT TO authenticated
  USING (tenant_id = (SELECT u.tenant_id FROM public.users u WHERE u.id = (SELECT auth.uid())));
CREATE POLICY "People see what their assistants quote" ON public.documents FOR SELECT TO authenticated
  USING (EXISTS (SELECT FROM public.assistants a WHERE a.id = assistant_id));
REVOKE ALL ON public.tenants, public.users, public.assistants, public.documents FROM anon;

-- What support looks at. Only the service reads it.
CREATE VIEW public.tenant_overview WITH (security_barrier = true) AS
  SELECT t.id, t.name, t.plan, count(DISTINCT u.id) AS people, count(DISTINCT a.id) AS assistants
  FROM public.tenants t
  LEFT JOIN public.users u ON u.tenant_id = t.id
  LEFT JOIN public.assistants a ON a.tenant_id = t.id
  GROUP BY t.id;
REVOKE ALL ON public.tenant_overview FROM anon, authenticated;

ALTER PUBLICATION supabase_realtime ADD TABLE public.assistants;

-- What the Supabase command line remembers of migrations.
CREATE SCHEMA supabase_migrations;
CREATE TABLE supabase_migrations.schema_migrations (
  version    text PRIMARY KEY,
  statements text[],
  name       text
);
INSERT INTO supabase_migrations.schema_migrations (version, name)
VALUES ('001', 'create_tenants_and_users'), ('002', 'create_assistants');

-- 64 companies with 3,600 people between them, 200 assistants and 2,400 documents.
INSERT INTO public.tenants (id, name, slug, plan, created_at, updated_at)
SELECT md5('tenant ' || n)::uuid, first_words[1 + n % 8] || ' ' || second_words[1 + n / 8 % 8],
       lower(first_words[1 + n % 8] || '-' || second_words[1 + n / 8 % 8]),
       (ARRAY['team', 'trial', 'team', 'enterprise'])[1 + n % 4],
       timestamptz '2024-09-02 08:00+00' + n * interval '3 days', timestamptz '2024-09-02 08:00+00' + n * interval '3 days'
FROM generate_series(0, 63) AS n,
     (SELECT ARRAY['Amber', 'Boreal', 'Coral', 'Delta', 'Ember', 'Fjord', 'Garnet', 'Harbour'],
             ARRAY['Analytics', 'Bakery', 'Clinic', 'Dental', 'Energy', 'Freight', 'Gardens', 'Hotels']) AS names (first_words, second_words);

INSERT INTO auth.users (id, aud, role, email, raw_user_meta_data, created_at, updated_at)
SELECT md5('person ' || n)::uuid, 'authenticated', 'authenticated',
       lower(first_names[1 + n % 12]) || '.' || lower(last_names[1 + n * 7 % 15]) || n || '@example.com',
       jsonb_build_object('full_name', first_names[1 + n % 12] || ' ' || last_names[1 + n * 7 % 15]),
       timestamptz '2024-09-03 08:00+00' + n * interval '2 hours', timestamptz '2024-09-03 08:00+00' + n * interval '2 hours'
FROM generate_series(1, 3600) AS n,
     (SELECT ARRAY['Ada', 'Bela', 'Carmen', 'Dmitri', 'Esther', 'Femi', 'Greta', 'Haruto', 'Ines', 'Jarek', 'Kofi', 'Leila'],
             ARRAY['Abara', 'Berg', 'Costa', 'Duarte', 'Eklund', 'Fontaine', 'Goldberg', 'Haddad', 'Ivanova', 'Jansen', 'Kimura',
                   'Lopez', 'Moreau', 'Nowak', 'Olsen']) AS names (first_names, last_names);

INSERT INTO public.users (id, tenant_id, email, name, role, created_at, updated_at)
SELECT id, md5('tenant ' || n % 64)::uuid, email, raw_user_meta_data ->> 'full_name',
       CASE WHEN n <= 64 THEN 'owner' WHEN n % 17 = 0 THEN 'admin' ELSE 'user' END, created_at, created_at
FROM generate_series(1, 3600) AS n JOIN auth.users ON id = md5('person ' || n)::uuid;

INSERT INTO public.assistants (id, tenant_id, created_by, name, model, temperature, prompt, updated_at)
SELECT md5('assistant ' || n)::uuid, md5('tenant ' || n % 64)::uuid, md5('person ' || (1 + n % 64 + 64 * (n / 64)))::uuid,
       (ARRAY['Front desk', 'Claims', 'Onboarding', 'Night shift'])[1 + n / 64],
       (ARRAY['small-2', 'large-3'])[1 + n % 2], 0.20 + (n % 9) * 0.10,
       'You answer for the company. Be brief, quote the document, and say "I do not know" where it is silent.',
       timestamptz '2025-01-10 09:00+00' + n * interval '5 hours'
FROM generate_series(0, 199) AS n;

INSERT INTO public.documents (assistant_id, title, body, tokens, added_at)
SELECT md5('assistant ' || n % 200)::uuid, 'Chapter ' || n / 200 + 1,
       repeat('What the house expects of its guests, and what they may expect of it. ', 1 + n % 7), 15 * (1 + n % 7),
       timestamptz '2025-02-01 10:00+00' + n * interval '25 minutes'
FROM generate_series(0, 2399) AS n;

RESET ROLE;
ANALYZE public.tenants, public.users, public.assistants, public.documents;
