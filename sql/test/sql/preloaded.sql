-- The library was loaded with the server.
CREATE EXTENSION watchdog;
SELECT extversion, extrelocatable FROM pg_extension WHERE extname = 'watchdog';

-- The four documented columns come first, in this order.
SELECT attnum, attname, format_type(atttypid, atttypmod) AS type
  FROM pg_attribute
 WHERE attrelid = 'pgx_stat_watchdog'::regclass AND attnum > 0
 ORDER BY attnum;
SELECT count(*) >= 0 AS readable FROM pgx_stat_watchdog;
SELECT attnum, attname, format_type(atttypid, atttypmod) AS type
  FROM pg_attribute
 WHERE attrelid = 'pgx_stat_watchdog_terminations'::regclass AND attnum > 0
 ORDER BY attnum;
SELECT * FROM pgx_stat_watchdog_terminations;

-- Every view and column has a comment.
SELECT attrelid::regclass, attname
  FROM pg_attribute
 WHERE attrelid::regclass::text LIKE 'pgx_stat_watchdog%' AND attnum > 0
   AND col_description(attrelid, attnum) IS NULL;

-- Everybody may read them.
CREATE ROLE regress_watchdog_reader;
SET ROLE regress_watchdog_reader;
SELECT count(*) >= 0 AS readable FROM pgx_stat_watchdog;
SELECT count(*) >= 0 AS readable FROM pgx_stat_watchdog_terminations;
-- But not who may connect: that is other people's addresses.
SELECT count(*) AS visible FROM pg_settings WHERE name = 'watchdog.allowed_conmgrs';
RESET ROLE;
GRANT pg_monitor TO regress_watchdog_reader;
SET ROLE regress_watchdog_reader;
SELECT count(*) AS visible FROM pg_settings WHERE name = 'watchdog.allowed_conmgrs';
RESET ROLE;
DROP ROLE regress_watchdog_reader;

-- The view looks at the sessions as the rest of its transaction does.
BEGIN;
SELECT count(*) > 0 AS sessions FROM pg_stat_activity;
SELECT count(*) FROM pgx_stat_watchdog;
SELECT count(*) > 0 AS sessions FROM pg_stat_activity;
COMMIT;

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

-- Lists: what is wrong with them, and two that are not.
ALTER SYSTEM SET watchdog.allowed_conmgrs = 'app1.example.com';
ALTER SYSTEM SET watchdog.allowed_conmgrs = '10.0.0.0/8, 10.0.0.1/24';
ALTER SYSTEM SET watchdog.allowed_conmgrs = '2001:db8::/129';
ALTER SYSTEM SET watchdog.allowed_conmgrs = '10.0.0.1,';
ALTER SYSTEM SET watchdog.listen_addresses = '10.0.0.0/8';
ALTER SYSTEM SET watchdog.listen_addresses = '10.0.0.256';
ALTER SYSTEM SET watchdog.listen_addresses = 'tcp://db1';
SET watchdog.allowed_conmgrs = '*';
ALTER SYSTEM SET watchdog.allowed_conmgrs = '10.0.0.0/8', '::1', '::ffff:192.0.2.0/120';
ALTER SYSTEM SET watchdog.listen_addresses = 'localhost', 'db1.example.com', 'fe80::1%eth0';
SELECT name, setting FROM pg_file_settings WHERE name LIKE 'watchdog.%' ORDER BY name;
ALTER SYSTEM RESET watchdog.allowed_conmgrs;
ALTER SYSTEM RESET watchdog.listen_addresses;

-- Relocatable
CREATE SCHEMA regress_watchdog;
ALTER EXTENSION watchdog SET SCHEMA regress_watchdog;
SELECT count(*) >= 0 AS readable FROM regress_watchdog.pgx_stat_watchdog;

DROP EXTENSION watchdog;
DROP SCHEMA regress_watchdog;
SELECT to_regclass('pgx_stat_watchdog') IS NULL AS gone;
