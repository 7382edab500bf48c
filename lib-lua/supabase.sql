-- What a plain PostgreSQL lacks of a Supabase database: `-- engine: include supabase` in a fixture loads this first.
--
-- Loaded as superuser into an empty database, PostgreSQL 14 to 18. Roles belong to the whole server: they are made where
-- missing, and one that exists is never changed. Left out: pg_cron, pg_net, vault, realtime's own schema.

DO $$
DECLARE
  wanted text[][] := ARRAY[
    -- the roles of the API: the key of a request decides which one it runs as
    ['anon',                   'NOLOGIN NOINHERIT'],
    ['authenticated',          'NOLOGIN NOINHERIT'],
    ['service_role',           'NOLOGIN NOINHERIT BYPASSRLS'],
    -- owners: on hosted Supabase postgres is no superuser and owns neither auth.users nor storage.objects
    ['postgres',               'LOGIN CREATEDB CREATEROLE BYPASSRLS'],
    ['supabase_admin',         'NOLOGIN'],
    ['supabase_auth_admin',    'NOLOGIN NOINHERIT'],
    ['supabase_storage_admin', 'NOLOGIN NOINHERIT'],
    ['dashboard_user',         'NOLOGIN'],
    -- what PostgREST connects as, before it becomes one of the first three
    ['authenticator',          'LOGIN NOINHERIT']];
  place int;
BEGIN
  FOR place IN 1 .. array_length(wanted, 1) LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted[place][1]) THEN
        EXECUTE format('CREATE ROLE %I %s', wanted[place][1], wanted[place][2]);
        IF wanted[place][1] IN ('postgres', 'authenticator') THEN
          EXECUTE format('GRANT anon, authenticated, service_role TO %I', wanted[place][1]);
        END IF;
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;  -- another database of this server is loading the same at this moment
    END;
  END LOOP;
  EXECUTE format('GRANT ALL ON DATABASE %I TO postgres', current_database());
  EXECUTE format('ALTER DATABASE %I SET search_path TO "$user", public, extensions', current_database());
  PERFORM set_config('search_path', '"$user", public, extensions', false);
END
$$;

-- public: open to the API's roles. What is made there is theirs at once, which is why a table without row security
-- stands open to everyone who has the anon key.

GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
GRANT ALL ON SCHEMA public TO postgres;

ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON SEQUENCES TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON FUNCTIONS TO postgres, anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;

-- extensions: a schema of their own; those that this server has.

CREATE SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO anon, authenticated, service_role, postgres;

DO $$
DECLARE
  extension text;
BEGIN
  FOR extension IN
    SELECT name FROM pg_catalog.pg_available_extensions WHERE name IN ('pgcrypto', 'uuid-ossp') ORDER BY name
  LOOP
    EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA extensions', extension);
  END LOOP;
END
$$;

-- auth: who the users are, and who is asking.

CREATE SCHEMA auth AUTHORIZATION supabase_auth_admin;
GRANT USAGE ON SCHEMA auth TO anon, authenticated, service_role, postgres, dashboard_user;

CREATE TABLE auth.users (
  instance_id                 uuid,
  id                          uuid NOT NULL PRIMARY KEY,
  aud                         varchar(255),
  role                        varchar(255),
  email                       varchar(255),
  encrypted_password          varchar(255),
  email_confirmed_at          timestamptz,
  invited_at                  timestamptz,
  confirmation_token          varchar(255),
  confirmation_sent_at        timestamptz,
  recovery_token              varchar(255),
  recovery_sent_at            timestamptz,
  email_change_token_new      varchar(255),
  email_change                varchar(255),
  email_change_sent_at        timestamptz,
  last_sign_in_at             timestamptz,
  raw_app_meta_data           jsonb,
  raw_user_meta_data          jsonb,
  is_super_admin              boolean,
  created_at                  timestamptz,
  updated_at                  timestamptz,
  phone                       text DEFAULT NULL UNIQUE,
  phone_confirmed_at          timestamptz,
  phone_change                text DEFAULT '',
  phone_change_token          varchar(255) DEFAULT '',
  phone_change_sent_at        timestamptz,
  confirmed_at                timestamptz GENERATED ALWAYS AS (LEAST(email_confirmed_at, phone_confirmed_at)) STORED,
  email_change_token_current  varchar(255) DEFAULT '',
  email_change_confirm_status smallint DEFAULT 0 CHECK (email_change_confirm_status BETWEEN 0 AND 2),
  banned_until                timestamptz,
  reauthentication_token      varchar(255) DEFAULT '',
  reauthentication_sent_at    timestamptz,
  is_sso_user                 boolean NOT NULL DEFAULT false,
  deleted_at                  timestamptz,
  is_anonymous                boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX users_email_partial_key ON auth.users (email) WHERE NOT is_sso_user;
ALTER TABLE auth.users OWNER TO supabase_auth_admin;
ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
GRANT ALL ON auth.users TO postgres, dashboard_user;
COMMENT ON TABLE auth.users IS 'The users that Supabase Auth knows';

-- PostgREST hands over the claims of a request's token as settings of its transaction: all of them as JSON in
-- request.jwt.claims and, before its version 9, one setting a claim. The older ones go first, as on hosted Supabase.
-- A setting that was once set locally reads as '' afterwards, not as NULL.

CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT COALESCE(NULLIF(current_setting('request.jwt.claim', true), ''),
                  NULLIF(current_setting('request.jwt.claims', true), ''))::jsonb
$$;

CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT COALESCE(NULLIF(current_setting('request.jwt.claim.sub', true), ''),
                  NULLIF(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;

CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE(NULLIF(current_setting('request.jwt.claim.role', true), ''),
                  NULLIF(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')
$$;

CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE(NULLIF(current_setting('request.jwt.claim.email', true), ''),
                  NULLIF(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
$$;

COMMENT ON FUNCTION auth.jwt() IS 'The claims of the request';
COMMENT ON FUNCTION auth.uid() IS 'The user of the request; NULL for none';
COMMENT ON FUNCTION auth.role() IS 'The role of the request';
COMMENT ON FUNCTION auth.email() IS 'The address of the user of the request';

ALTER FUNCTION auth.jwt() OWNER TO supabase_auth_admin;
ALTER FUNCTION auth.uid() OWNER TO supabase_auth_admin;
ALTER FUNCTION auth.role() OWNER TO supabase_auth_admin;
ALTER FUNCTION auth.email() OWNER TO supabase_auth_admin;

-- storage: buckets, objects, and the functions that policies on them use.

CREATE SCHEMA storage AUTHORIZATION supabase_storage_admin;
GRANT USAGE ON SCHEMA storage TO anon, authenticated, service_role, postgres, dashboard_user;

CREATE TABLE storage.buckets (
  id                 text NOT NULL PRIMARY KEY,
  name               text NOT NULL UNIQUE,
  owner              uuid,
  created_at         timestamptz DEFAULT now(),
  updated_at         timestamptz DEFAULT now(),
  public             boolean DEFAULT false,
  avif_autodetection boolean DEFAULT false,
  file_size_limit    bigint,
  allowed_mime_types text[],
  owner_id           text
);

CREATE TABLE storage.objects (
  id               uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
  bucket_id        text REFERENCES storage.buckets (id),
  name             text,
  owner            uuid,
  created_at       timestamptz DEFAULT now(),
  updated_at       timestamptz DEFAULT now(),
  last_accessed_at timestamptz DEFAULT now(),
  metadata         jsonb,
  path_tokens      text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED,
  version          text,
  owner_id         text,
  user_metadata    jsonb,
  UNIQUE (bucket_id, name)
);

CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT (string_to_array(name, '/'))[1 : cardinality(string_to_array(name, '/')) - 1]
$$;

CREATE FUNCTION storage.filename(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT (string_to_array(name, '/'))[cardinality(string_to_array(name, '/'))]
$$;

CREATE FUNCTION storage.extension(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT substring(storage.filename(name) FROM '[^.]*$')
$$;

ALTER TABLE storage.buckets OWNER TO supabase_storage_admin;
ALTER TABLE storage.objects OWNER TO supabase_storage_admin;
ALTER FUNCTION storage.foldername(text) OWNER TO supabase_storage_admin;
ALTER FUNCTION storage.filename(text) OWNER TO supabase_storage_admin;
ALTER FUNCTION storage.extension(text) OWNER TO supabase_storage_admin;
ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY;
ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;
GRANT ALL ON storage.buckets, storage.objects TO anon, authenticated, service_role, postgres;

-- Realtime listens to the tables of this publication. Without wal_level = logical the server warns, and nobody listens here.

DO $$
DECLARE
  before text := current_setting('client_min_messages');
BEGIN
  PERFORM set_config('client_min_messages', 'error', false);
  CREATE PUBLICATION supabase_realtime;
  ALTER PUBLICATION supabase_realtime OWNER TO postgres;
  PERFORM set_config('client_min_messages', before, false);
END
$$;
