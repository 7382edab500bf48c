-- What a plain PostgreSQL lacks of a Supabase database: `-- engine: include supabase` in a fixture loads this first.
--
-- Loaded as superuser into an empty database, PostgreSQL 14 to 18. Roles belong to the whole server: they are made where
-- missing, and one that exists is never changed. Jobs are scheduled and never run, requests are queued and never sent, secrets
-- are not encrypted, messages are kept and reach nobody. Left out: the functions and operators of extensions that this server
-- lacks.

-- An operator of somebody else in public would otherwise take part where its types fit better.
SET search_path = pg_catalog, pg_temp;

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
    ['supabase_functions_admin', 'NOLOGIN NOINHERIT'],
    ['supabase_realtime_admin', 'NOLOGIN NOINHERIT'],
    ['pgsodium_keyiduser',     'NOLOGIN'],
    ['pgsodium_keyholder',     'NOLOGIN'],
    ['pgsodium_keymaker',      'NOLOGIN'],
    ['dashboard_user',         'NOLOGIN CREATEDB CREATEROLE'],
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
        IF wanted[place][1] = 'postgres' THEN
          GRANT pg_monitor, pg_read_all_data, pg_signal_backend TO postgres;
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

-- extensions: a schema of their own; two that hosted Supabase starts with, where this server has them.

CREATE SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO anon, authenticated, service_role;
GRANT ALL ON SCHEMA extensions TO postgres, dashboard_user;

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

-- Those that this server lacks count as installed, so that CREATE EXTENSION IF NOT EXISTS passes them by; their types take
-- any text and any modifier: vector(1536), geography(Point, 4326). Of such an extension there is a row in the catalog, no more.

DO $$
DECLARE
  absent text;
  made text;
BEGIN
  PERFORM set_config('allow_system_table_mods', 'on', true);
  FOR absent, made IN
    SELECT lacking.extension, lacking.type
    FROM (VALUES ('vector', 'vector'), ('postgis', 'geometry'), ('postgis', 'geography'), ('citext', 'citext'),
                 ('pg_cron', NULL), ('pg_net', NULL), ('supabase_vault', NULL), ('pgsodium', NULL),
                 ('pg_graphql', NULL), ('pgjwt', NULL), ('http', NULL), ('wrappers', NULL)) AS lacking (extension, type)
    WHERE lacking.extension NOT IN (SELECT name FROM pg_catalog.pg_available_extensions)
  LOOP
    INSERT INTO pg_catalog.pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    -- What has an OID below 16384 came with the server, and pg_dump leaves it out: it could not be made elsewhere.
    SELECT 16300 + count(*), absent, 'postgres'::regrole, 'extensions'::regnamespace, false, 'stub'
    FROM pg_catalog.pg_extension
    HAVING absent <> ALL (array_agg(extname));
    CONTINUE WHEN made IS NULL;
    EXECUTE format('CREATE TYPE extensions.%I', made);
    EXECUTE format('CREATE FUNCTION extensions.%I(cstring) RETURNS extensions.%I'
                   ' LANGUAGE internal IMMUTABLE STRICT AS %L', made || '_in', made, 'textin');
    EXECUTE format('CREATE FUNCTION extensions.%I(extensions.%I) RETURNS cstring'
                   ' LANGUAGE internal IMMUTABLE STRICT AS %L', made || '_out', made, 'textout');
    -- Any list of modifiers will do: how many dimensions the array of them has.
    EXECUTE format('CREATE FUNCTION extensions.%I(cstring[]) RETURNS integer'
                   ' LANGUAGE internal IMMUTABLE STRICT AS %L', made || '_typmod_in', 'array_ndims');
    EXECUTE format('CREATE TYPE extensions.%1$I (INPUT = extensions.%2$I, OUTPUT = extensions.%3$I,'
                   ' TYPMOD_IN = extensions.%4$I, LIKE = pg_catalog.text)',
                   made, made || '_in', made || '_out', made || '_typmod_in');
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

CREATE TABLE auth.instances (
  id              uuid NOT NULL PRIMARY KEY,
  uuid            uuid,
  raw_base_config text,
  created_at      timestamptz,
  updated_at      timestamptz
);

-- How a user signs in: with a password (provider email), or by somebody else's word.
CREATE TABLE auth.identities (
  provider_id     text NOT NULL,
  user_id         uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  identity_data   jsonb NOT NULL,
  provider        text NOT NULL,
  last_sign_in_at timestamptz,
  created_at      timestamptz,
  updated_at      timestamptz,
  email           text GENERATED ALWAYS AS (lower(identity_data ->> 'email')) STORED,
  id              uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
  UNIQUE (provider_id, provider)
);
CREATE INDEX identities_user_id_idx ON auth.identities (user_id);

CREATE TABLE auth.sessions (
  id           uuid NOT NULL PRIMARY KEY,
  user_id      uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  created_at   timestamptz,
  updated_at   timestamptz,
  factor_id    uuid,
  aal          text,
  not_after    timestamptz,
  refreshed_at timestamp,
  user_agent   text,
  ip           inet,
  tag          text
);
CREATE INDEX sessions_user_id_idx ON auth.sessions (user_id);

ALTER TABLE auth.instances OWNER TO supabase_auth_admin;
ALTER TABLE auth.identities OWNER TO supabase_auth_admin;
ALTER TABLE auth.sessions OWNER TO supabase_auth_admin;
ALTER TABLE auth.instances ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth.identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth.sessions ENABLE ROW LEVEL SECURITY;
GRANT ALL ON auth.instances, auth.identities, auth.sessions TO postgres, dashboard_user;

-- PostgREST hands over the claims of a request's token as settings of its transaction: all of them as JSON in
-- request.jwt.claims and, before its version 9, one setting a claim. The older ones go first, as on hosted Supabase.
-- A setting that was once set locally reads as '' afterwards, not as NULL.

CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT COALESCE(NULLIF(current_setting('request.jwt.claim', true), ''),
                  NULLIF(current_setting('request.jwt.claims', true), ''))::jsonb
$$;

CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT COALESCE(NULLIF(current_setting('request.jwt.claim.sub', true), ''),
                  NULLIF(current_setting('request.jwt.claims', true), '')::jsonb OPERATOR(pg_catalog.->>) 'sub')::uuid
$$;

CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE(NULLIF(current_setting('request.jwt.claim.role', true), ''),
                  NULLIF(current_setting('request.jwt.claims', true), '')::jsonb OPERATOR(pg_catalog.->>) 'role')
$$;

CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE(NULLIF(current_setting('request.jwt.claim.email', true), ''),
                  NULLIF(current_setting('request.jwt.claims', true), '')::jsonb OPERATOR(pg_catalog.->>) 'email')
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

-- cron: jobs are listed and never run.

CREATE SCHEMA cron AUTHORIZATION supabase_admin;
GRANT USAGE ON SCHEMA cron TO postgres;

CREATE TABLE cron.job (
  jobid    bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  schedule text NOT NULL,
  command  text NOT NULL,
  nodename text NOT NULL DEFAULT 'localhost',
  nodeport integer NOT NULL DEFAULT 5432,
  database text NOT NULL DEFAULT current_database(),
  username text NOT NULL DEFAULT CURRENT_USER,
  active   boolean NOT NULL DEFAULT true,
  jobname  text,
  UNIQUE (jobname, username)
);

CREATE TABLE cron.job_run_details (
  jobid          bigint,
  runid          bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  job_pid        integer,
  database       text,
  username       text,
  command        text,
  status         text,
  return_message text,
  start_time     timestamptz,
  end_time       timestamptz
);

-- The functions work on the table as its owner; the job is the caller's.
CREATE FUNCTION cron.caller() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE current_setting('role') WHEN 'none' THEN session_user::text ELSE current_setting('role') END
$$;

CREATE FUNCTION cron.checked(schedule text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF schedule !~ '^\s*(@\w+|[1-5]?\d seconds?|([-\d*/,$]+\s+){3}[-\w*/,$]+\s+[-\w*/,$]+)\s*$' THEN
    RAISE EXCEPTION 'invalid schedule: %', schedule USING ERRCODE = 'invalid_parameter_value';
  END IF;
  RETURN schedule;
END
$$;

CREATE FUNCTION cron.schedule(job_name text, schedule text, command text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  INSERT INTO cron.job (jobname, schedule, command, username)
  VALUES ($1, cron.checked($2), $3, cron.caller())
  ON CONFLICT (jobname, username) DO UPDATE SET schedule = excluded.schedule, command = excluded.command
  RETURNING jobid
$$;

CREATE FUNCTION cron.schedule(schedule text, command text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  SELECT cron.schedule(NULL, $1, $2)
$$;

CREATE FUNCTION cron.unschedule(job_id bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  DELETE FROM cron.job WHERE jobid = job_id AND username = cron.caller();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'could not find valid entry for job ''%''', job_id USING ERRCODE = 'internal_error';
  END IF;
  RETURN true;
END
$$;

CREATE FUNCTION cron.unschedule(job_name text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  DELETE FROM cron.job WHERE jobname = job_name AND username = cron.caller();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'could not find valid entry for job ''%''', job_name USING ERRCODE = 'internal_error';
  END IF;
  RETURN true;
END
$$;

CREATE FUNCTION cron.alter_job(job_id bigint, schedule text DEFAULT NULL, command text DEFAULT NULL,
                               database text DEFAULT NULL, username text DEFAULT NULL, active boolean DEFAULT NULL)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  UPDATE cron.job j
  SET schedule = coalesce(cron.checked($2), j.schedule), command = coalesce($3, j.command),
      database = coalesce($4, j.database), username = coalesce($5, j.username), active = coalesce($6, j.active)
  WHERE j.jobid = $1 AND j.username = cron.caller()
$$;

ALTER TABLE cron.job ENABLE ROW LEVEL SECURITY;
CREATE POLICY cron_job_policy ON cron.job USING (username = CURRENT_USER);
ALTER TABLE cron.job_run_details ENABLE ROW LEVEL SECURITY;
CREATE POLICY cron_job_run_details_policy ON cron.job_run_details USING (username = CURRENT_USER);
GRANT SELECT ON cron.job TO postgres;
GRANT SELECT, DELETE ON cron.job_run_details TO postgres;

-- net: requests are queued and never sent.

CREATE SCHEMA net AUTHORIZATION supabase_admin;
GRANT USAGE ON SCHEMA net TO anon, authenticated, service_role, postgres, supabase_functions_admin;

CREATE TABLE net.http_request_queue (
  id                   bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  method               text NOT NULL,
  url                  text NOT NULL,
  headers              jsonb NOT NULL,
  body                 bytea,
  timeout_milliseconds integer NOT NULL
);

CREATE TABLE net._http_response (
  id           bigint,
  status_code  integer,
  content_type text,
  headers      jsonb,
  content      text,
  timed_out    boolean,
  error_msg    text,
  created      timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION net.queued(method text, url text, params jsonb, headers jsonb, body bytea, timeout_milliseconds integer)
RETURNS bigint LANGUAGE sql AS $$
  INSERT INTO net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  VALUES ($1, $2 || coalesce((SELECT '?' || string_agg(key || '=' || value, '&' ORDER BY key) FROM jsonb_each_text($3)), ''),
          $4, $5, $6)
  RETURNING id
$$;

CREATE FUNCTION net.http_get(url text, params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}',
                             timeout_milliseconds integer DEFAULT 5000)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  SELECT net.queued('GET', $1, $2, $3, NULL, $4)
$$;

CREATE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}',
                              headers jsonb DEFAULT '{"Content-Type": "application/json"}',
                              timeout_milliseconds integer DEFAULT 5000)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  SELECT net.queued('POST', $1, $3, $4, convert_to($2::text, 'UTF8'), $5)
$$;

CREATE FUNCTION net.http_delete(url text, params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}',
                                timeout_milliseconds integer DEFAULT 5000)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  SELECT net.queued('DELETE', $1, $2, $3, NULL, $4)
$$;

GRANT SELECT, DELETE ON net.http_request_queue, net._http_response TO postgres;

-- vault: secrets, encrypted by hosted Supabase and merely encoded here.

CREATE SCHEMA vault AUTHORIZATION supabase_admin;
GRANT USAGE ON SCHEMA vault TO postgres, service_role;

CREATE TABLE vault.secrets (
  id          uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
  name        text,
  description text NOT NULL DEFAULT '',
  secret      text NOT NULL,
  key_id      uuid,
  nonce       bytea,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX secrets_name_idx ON vault.secrets (name) WHERE name IS NOT NULL;

CREATE VIEW vault.decrypted_secrets AS
SELECT id, name, description, secret, convert_from(decode(secret, 'base64'), 'UTF8') AS decrypted_secret,
       key_id, nonce, created_at, updated_at
FROM vault.secrets;

CREATE FUNCTION vault.create_secret(new_secret text, new_name text DEFAULT NULL, new_description text DEFAULT '',
                                    new_key_id uuid DEFAULT NULL)
RETURNS uuid LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  INSERT INTO vault.secrets (secret, name, description, key_id)
  VALUES (encode(convert_to($1, 'UTF8'), 'base64'), $2, $3, $4)
  RETURNING id
$$;

CREATE FUNCTION vault.update_secret(secret_id uuid, new_secret text DEFAULT NULL, new_name text DEFAULT NULL,
                                    new_description text DEFAULT NULL, new_key_id uuid DEFAULT NULL)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  UPDATE vault.secrets s
  SET secret = coalesce(encode(convert_to($2, 'UTF8'), 'base64'), s.secret), name = coalesce($3, s.name),
      description = coalesce($4, s.description), key_id = coalesce($5, s.key_id), updated_at = now()
  WHERE s.id = $1
$$;

REVOKE ALL ON FUNCTION vault.create_secret(text, text, text, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION vault.update_secret(uuid, text, text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault.create_secret(text, text, text, uuid) TO postgres, service_role;
GRANT EXECUTE ON FUNCTION vault.update_secret(uuid, text, text, text, uuid) TO postgres, service_role;
GRANT SELECT, DELETE ON vault.secrets, vault.decrypted_secrets TO postgres, service_role;

-- pgsodium: keys without key material; what is encrypted with one is merely encoded, with the associated data beside it, so that
-- decrypting with other data fails as it does there.

CREATE SCHEMA pgsodium AUTHORIZATION supabase_admin;
GRANT USAGE ON SCHEMA pgsodium TO pgsodium_keyiduser, pgsodium_keyholder, pgsodium_keymaker, postgres, service_role;

CREATE TABLE pgsodium.key (
  id              uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
  status          text DEFAULT 'valid' CHECK (status IN ('default', 'valid', 'invalid', 'expired')),
  created         timestamptz NOT NULL DEFAULT now(),
  expires         timestamptz,
  key_type        text DEFAULT 'aead-det',
  key_id          bigint GENERATED BY DEFAULT AS IDENTITY,
  key_context     bytea DEFAULT '\x7067736f6469756d',
  name            text UNIQUE,
  associated_data text DEFAULT 'associated',
  comment         text
);

CREATE VIEW pgsodium.valid_key AS
SELECT id, name, status, key_type, key_id, key_context, created, expires, associated_data
FROM pgsodium.key WHERE status IN ('valid', 'default') AND (expires IS NULL OR expires > now());

CREATE FUNCTION pgsodium.create_key(key_type text DEFAULT 'aead-det', name text DEFAULT NULL) RETURNS pgsodium.valid_key
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  INSERT INTO pgsodium.key (key_type, name) VALUES ($1, $2)
  RETURNING id, name, status, key_type, key_id, key_context, created, expires, associated_data
$$;

CREATE FUNCTION pgsodium.crypto_aead_det_noncegen() RETURNS bytea LANGUAGE sql AS $$
  SELECT decode(substr(md5(random()::text) || md5(random()::text), 1, 32), 'hex')
$$;

CREATE FUNCTION pgsodium.crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea DEFAULT NULL)
RETURNS bytea LANGUAGE sql SECURITY DEFINER STABLE SET search_path = '' AS $$
  SELECT decode(md5($2 || coalesce($4, '')), 'hex') || $1 FROM pgsodium.valid_key WHERE id = $3
$$;

CREATE FUNCTION pgsodium.crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea DEFAULT NULL)
RETURNS bytea LANGUAGE plpgsql SECURITY DEFINER STABLE SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pgsodium.valid_key WHERE id = key_uuid)
     OR substr(message, 1, 16) <> decode(md5(additional || coalesce(nonce, '')), 'hex') THEN
    RAISE EXCEPTION 'pgsodium_crypto_aead_det_decrypt_by_id: invalid ciphertext' USING ERRCODE = 'data_exception';
  END IF;
  RETURN substr(message, 17);
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA pgsodium FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pgsodium TO pgsodium_keyholder, pgsodium_keymaker, postgres, service_role;
GRANT SELECT ON pgsodium.valid_key TO pgsodium_keyiduser, pgsodium_keyholder, pgsodium_keymaker, postgres;

-- What these schemas hold belongs to supabase_admin, which is no superuser here.

DO $$
DECLARE
  owned text;
BEGIN
  FOR owned IN
    SELECT format('ALTER %s %s OWNER TO supabase_admin', CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass)
    FROM pg_catalog.pg_class
    WHERE relnamespace IN ('cron'::regnamespace, 'net'::regnamespace, 'vault'::regnamespace, 'pgsodium'::regnamespace) AND relkind IN ('r', 'v')
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO supabase_admin', oid::regprocedure)
    FROM pg_catalog.pg_proc
    WHERE pronamespace IN ('cron'::regnamespace, 'net'::regnamespace, 'vault'::regnamespace, 'pgsodium'::regnamespace)
  LOOP
    EXECUTE owned;
  END LOOP;
END
$$;

-- supabase_functions: what database webhooks are made of: a trigger that sends its row to a URL.

CREATE SCHEMA supabase_functions AUTHORIZATION supabase_admin;
GRANT USAGE ON SCHEMA supabase_functions TO postgres, anon, authenticated, service_role;
GRANT ALL ON SCHEMA supabase_functions TO supabase_functions_admin;

CREATE TABLE supabase_functions.hooks (
  id            bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  hook_table_id integer NOT NULL,
  hook_name     text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  request_id    bigint
);
CREATE INDEX supabase_functions_hooks_request_id_idx ON supabase_functions.hooks (request_id);

-- Arguments of the trigger: url, method, headers, params, timeout in milliseconds.
CREATE FUNCTION supabase_functions.http_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = supabase_functions, pg_catalog AS $$
DECLARE
  headers jsonb := coalesce(nullif(TG_ARGV[2], 'null')::jsonb, '{"Content-Type": "application/json"}');
  params jsonb := coalesce(nullif(TG_ARGV[3], 'null')::jsonb, '{}');
  patience integer := coalesce(nullif(TG_ARGV[4], 'null')::integer, 1000);
  request bigint;
BEGIN
  IF coalesce(TG_ARGV[0], 'null') = 'null' THEN
    RAISE EXCEPTION 'url argument is missing';
  END IF;
  CASE TG_ARGV[1]
    WHEN 'GET' THEN
      request := net.http_get(TG_ARGV[0], params, headers, patience);
    WHEN 'POST' THEN
      request := net.http_post(TG_ARGV[0], jsonb_build_object('type', TG_OP, 'table', TG_TABLE_NAME, 'schema', TG_TABLE_SCHEMA,
                                 'record', CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END,
                                 'old_record', CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END),
                               params, headers, patience);
    ELSE
      RAISE EXCEPTION 'method argument % is invalid', coalesce(TG_ARGV[1], 'null');
  END CASE;
  INSERT INTO supabase_functions.hooks (hook_table_id, hook_name, request_id) VALUES (TG_RELID, TG_NAME, request);
  RETURN coalesce(NEW, OLD);
END
$$;

ALTER TABLE supabase_functions.hooks OWNER TO supabase_functions_admin;
ALTER FUNCTION supabase_functions.http_request() OWNER TO supabase_functions_admin;
REVOKE ALL ON FUNCTION supabase_functions.http_request() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION supabase_functions.http_request() TO postgres, anon, authenticated, service_role;
GRANT SELECT ON supabase_functions.hooks TO postgres;

-- realtime: messages that a channel's policies are made on, and the two functions that send them. Sending never fails what sent:
-- it warns.

CREATE SCHEMA realtime AUTHORIZATION supabase_admin;
GRANT USAGE ON SCHEMA realtime TO postgres, anon, authenticated, service_role;
GRANT ALL ON SCHEMA realtime TO supabase_realtime_admin;

CREATE TABLE realtime.messages (
  topic       text NOT NULL,
  extension   text NOT NULL,
  payload     jsonb,
  event       text,
  private     boolean DEFAULT false,
  updated_at  timestamp NOT NULL DEFAULT now(),
  inserted_at timestamp NOT NULL DEFAULT now(),
  id          uuid NOT NULL DEFAULT gen_random_uuid(),
  PRIMARY KEY (id, inserted_at)
) PARTITION BY RANGE (inserted_at);
-- Hosted Supabase has a partition a day.
CREATE TABLE realtime.messages_of_all_days PARTITION OF realtime.messages DEFAULT;

CREATE FUNCTION realtime.topic() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('realtime.topic', true), '')
$$;

CREATE FUNCTION realtime.send(payload jsonb, event text, topic text, private boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('realtime.topic', topic, true);
  INSERT INTO realtime.messages (payload, event, topic, private, extension) VALUES (payload, event, topic, private, 'broadcast');
EXCEPTION WHEN others THEN
  RAISE WARNING 'ErrorSendingBroadcastMessage: %', SQLERRM;
END
$$;

CREATE FUNCTION realtime.broadcast_changes(topic_name text, event_name text, operation text, table_name text,
                                           table_schema text, new record, old record, level text DEFAULT 'ROW') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF level = 'STATEMENT' THEN
    RAISE EXCEPTION 'function can only be triggered for each row, not for each statement';
  END IF;
  IF operation NOT IN ('INSERT', 'UPDATE', 'DELETE') THEN
    RAISE EXCEPTION 'Unexpected operation type: %', operation;
  END IF;
  PERFORM realtime.send(jsonb_build_object('operation', operation, 'table', table_name, 'schema', table_schema,
                                           'record', to_jsonb(new), 'old_record', to_jsonb(old)), event_name, topic_name);
END
$$;

ALTER TABLE realtime.messages OWNER TO supabase_realtime_admin;
ALTER TABLE realtime.messages_of_all_days OWNER TO supabase_realtime_admin;
ALTER FUNCTION realtime.topic() OWNER TO supabase_realtime_admin;
ALTER TABLE realtime.messages ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON realtime.messages TO postgres, anon, authenticated, service_role;

-- Policies on tables that postgres does not own. Hosted Supabase lets it make them on those of auth, storage and realtime
-- (supautils.policy_grants), and nothing else with these tables. PostgreSQL asks whether the role belongs to the table's
-- owner; so for as long as a policy statement takes, postgres is lent the owners. Where the statement fails, the loan is rolled back with
-- it. Memberships are the server's: one statement at a time.

CREATE FUNCTION extensions.lend_policy_tables() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  caller text := CASE current_setting('role') WHEN 'none' THEN session_user::text ELSE current_setting('role') END;
  owner text;
  lent text[] := '{}';
BEGIN
  IF caller <> 'postgres' OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = caller) THEN
    RETURN;
  END IF;
  LOCK TABLE pg_catalog.pg_auth_members IN SHARE ROW EXCLUSIVE MODE;
  FOREACH owner IN ARRAY ARRAY['supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin'] LOOP
    CONTINUE WHEN pg_catalog.pg_has_role(caller::pg_catalog.name, owner::pg_catalog.name, 'MEMBER');
    EXECUTE format('GRANT %I TO %I', owner, caller);
    lent := lent || owner;
  END LOOP;
  PERFORM set_config('supabase.lent', lent::text, true);
END
$$;

CREATE FUNCTION extensions.take_back_policy_tables() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  owner text;
BEGIN
  FOREACH owner IN ARRAY coalesce(nullif(current_setting('supabase.lent', true), '')::text[], '{}') LOOP
    EXECUTE format('REVOKE %I FROM postgres', owner);
  END LOOP;
  PERFORM set_config('supabase.lent', '', true);
END
$$;

CREATE EVENT TRIGGER supabase_lend_policy_tables ON ddl_command_start
  WHEN TAG IN ('CREATE POLICY', 'ALTER POLICY', 'DROP POLICY') EXECUTE FUNCTION extensions.lend_policy_tables();
CREATE EVENT TRIGGER supabase_take_back_policy_tables ON ddl_command_end
  WHEN TAG IN ('CREATE POLICY', 'ALTER POLICY', 'DROP POLICY') EXECUTE FUNCTION extensions.take_back_policy_tables();

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

RESET search_path;
