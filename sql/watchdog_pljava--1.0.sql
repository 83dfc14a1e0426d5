/* sql/watchdog_pljava--1.0.sql */

\echo Use "CREATE EXTENSION watchdog_pljava" to load this file. \quit

-- The one entry of the watchdog's Java.  Only the background worker has its
-- jar on the class path; for everybody else there is nothing to call.
CREATE FUNCTION watchdog_tick(bytea)
RETURNS bytea
AS 'byte[]=io.github.pgconmgr.watchdog.WatchdogHost.tick(byte[])'
LANGUAGE javau STRICT VOLATILE PARALLEL UNSAFE;

REVOKE ALL ON FUNCTION watchdog_tick(bytea) FROM PUBLIC;
