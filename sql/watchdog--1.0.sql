/* sql/watchdog--1.0.sql */

\echo Use "CREATE EXTENSION watchdog" to load this file. \quit

-- One row per connected connection manager.  Everybody may read it; as in
-- pg_stat_replication, the address is NULL for those who may not read all
-- statistics (pg_monitor, pg_read_all_stats).
CREATE FUNCTION pgx_stat_watchdog_peers(
    OUT conmgr_addr inet,
    OUT conmgr_port integer,
    OUT heartbeat_interval integer,
    OUT heartbeat_timeout integer)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'pgx_stat_watchdog_peers'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED ROWS 100;

CREATE VIEW pgx_stat_watchdog AS
    SELECT conmgr_addr, conmgr_port, heartbeat_interval, heartbeat_timeout
    FROM pgx_stat_watchdog_peers();

GRANT SELECT ON pgx_stat_watchdog TO PUBLIC;
