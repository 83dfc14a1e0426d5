-- The library was loaded with the server.
CREATE EXTENSION watchdog;
SELECT extversion, extrelocatable FROM pg_extension WHERE extname = 'watchdog';

-- The four documented columns come first, in this order.
SELECT attnum, attname, format_type(atttypid, atttypmod) AS type
  FROM pg_attribute
 WHERE attrelid = 'pgx_stat_watchdog'::regclass AND attnum > 0
 ORDER BY attnum;
SELECT count(*) >= 0 AS readable FROM pgx_stat_watchdog;

-- Everybody may read it.
CREATE ROLE regress_watchdog_reader;
SET ROLE regress_watchdog_reader;
SELECT count(*) >= 0 AS readable FROM pgx_stat_watchdog;
RESET ROLE;
DROP ROLE regress_watchdog_reader;

-- Both workers run and show under their names.
SELECT backend_type, datname IS NULL AS no_database, backend_xmin IS NULL AS no_xmin
  FROM pg_stat_activity
 WHERE backend_type IN ('watchdog', 'terminator')
 ORDER BY backend_type DESC;

-- All parameters.  The default of one is max_connections.
SELECT name, context, vartype, unit, min_val, max_val, enumvals,
       CASE WHEN name = 'watchdog.max_heartbeat_connections'
            THEN (boot_val = current_setting('max_connections'))::text
            ELSE boot_val END AS boot_val
  FROM pg_settings WHERE name LIKE 'watchdog.%' ORDER BY name;
\set VERBOSITY sqlstate
SET watchdog.port = 1;
SET watchdog.no_such_parameter = 1;
ALTER SYSTEM SET watchdog.port = 65536;
ALTER SYSTEM SET watchdog.check_attr_interval = 0;
ALTER SYSTEM SET watchdog.terminate = 'perhaps';
\set VERBOSITY default

-- Relocatable
CREATE SCHEMA regress_watchdog;
ALTER EXTENSION watchdog SET SCHEMA regress_watchdog;
SELECT count(*) >= 0 AS readable FROM regress_watchdog.pgx_stat_watchdog;

DROP EXTENSION watchdog;
DROP SCHEMA regress_watchdog;
SELECT to_regclass('pgx_stat_watchdog') IS NULL AS gone;
