-- The library is not in shared_preload_libraries.
CREATE EXTENSION watchdog;
SELECT * FROM pgx_stat_watchdog;
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgx_stat_watchdog_terminations;
\echo :LAST_ERROR_SQLSTATE
LOAD 'watchdog';
SELECT count(*) AS parameters FROM pg_settings WHERE name LIKE 'watchdog.%';
SELECT count(*) AS workers FROM pg_stat_activity WHERE backend_type IN ('watchdog', 'terminator');
DROP EXTENSION watchdog;
