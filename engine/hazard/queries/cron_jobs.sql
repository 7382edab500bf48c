-- Jobs of pg_cron that the role may see: their commands.
SELECT COALESCE(NULLIF(pg_catalog.to_jsonb(j)->>'jobname', ''), j.jobid::text) AS name, j.command FROM cron.job AS j WHERE j.active
