/* sql/watchdog--1.0.sql */

\echo Use "CREATE EXTENSION watchdog" to load this file. \quit

-- Everybody may read both views.  Who it is (addresses, ids) is NULL for those
-- who may not read all statistics (pg_monitor, pg_read_all_stats), as in
-- pg_stat_replication.  A later version only adds columns behind these: the
-- library also serves a view that is older than itself.  What the columns mean
-- stands once more in docs/reference/watchdog.md; a test compares.

CREATE FUNCTION pgx_stat_watchdog_peers(
    OUT conmgr_addr inet,
    OUT conmgr_port integer,
    OUT heartbeat_interval integer,
    OUT heartbeat_timeout integer,
    OUT heartbeat_interval_ms integer,
    OUT heartbeat_timeout_ms integer,
    OUT connected_at timestamp with time zone,
    OUT last_heartbeat_at timestamp with time zone,
    OUT round_trip double precision,
    OUT conmgr_id text,
    OUT conmgr_version text,
    OUT sessions integer)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'pgx_stat_watchdog_peers'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED ROWS 100;

CREATE VIEW pgx_stat_watchdog AS
    SELECT conmgr_addr, conmgr_port, heartbeat_interval, heartbeat_timeout,
           heartbeat_interval_ms, heartbeat_timeout_ms, connected_at,
           last_heartbeat_at, round_trip, conmgr_id, conmgr_version, sessions
    FROM pgx_stat_watchdog_peers();

GRANT SELECT ON pgx_stat_watchdog TO PUBLIC;

COMMENT ON VIEW pgx_stat_watchdog IS 'connection managers that are connected now';
COMMENT ON COLUMN pgx_stat_watchdog.conmgr_addr IS 'address of the connection manager, and so of its host''s sessions';
COMMENT ON COLUMN pgx_stat_watchdog.conmgr_port IS 'its own, ephemeral port';
COMMENT ON COLUMN pgx_stat_watchdog.heartbeat_interval IS 'its heartbeat_interval in seconds, rounded up';
COMMENT ON COLUMN pgx_stat_watchdog.heartbeat_timeout IS 'its heartbeat_timeout in seconds, rounded up';
COMMENT ON COLUMN pgx_stat_watchdog.heartbeat_interval_ms IS 'its heartbeat_interval in milliseconds';
COMMENT ON COLUMN pgx_stat_watchdog.heartbeat_timeout_ms IS 'its heartbeat_timeout in milliseconds';
COMMENT ON COLUMN pgx_stat_watchdog.connected_at IS 'when this connection was accepted';
COMMENT ON COLUMN pgx_stat_watchdog.last_heartbeat_at IS 'when its last frame arrived, as known up to one second and watchdog.check_attr_interval ago';
COMMENT ON COLUMN pgx_stat_watchdog.round_trip IS 'last measured round trip in milliseconds, as old as last_heartbeat_at; null until there is one';
COMMENT ON COLUMN pgx_stat_watchdog.conmgr_id IS 'id of the process, as in the log';
COMMENT ON COLUMN pgx_stat_watchdog.conmgr_version IS 'version of its software, at most 32 characters';
COMMENT ON COLUMN pgx_stat_watchdog.sessions IS 'client sessions and walsenders from its address now';

CREATE FUNCTION pgx_stat_watchdog_terminations(
    OUT judged_at timestamp with time zone,
    OUT client_addr inet,
    OUT conmgr_id text,
    OUT machine_id text,
    OUT reason text,
    OUT silence_ms bigint,
    OUT mode text,
    OUT victims integer,
    OUT signalled integer,
    OUT survivors integer,
    OUT locks_held bigint,
    OUT oldest_transaction interval,
    OUT finished_at timestamp with time zone)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'pgx_stat_watchdog_terminations'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED ROWS 100;

CREATE VIEW pgx_stat_watchdog_terminations AS
    SELECT judged_at, client_addr, conmgr_id, machine_id, reason, silence_ms,
           mode, victims, signalled, survivors, locks_held, oldest_transaction,
           finished_at
    FROM pgx_stat_watchdog_terminations();

GRANT SELECT ON pgx_stat_watchdog_terminations TO PUBLIC;

COMMENT ON VIEW pgx_stat_watchdog_terminations IS 'the last 1000 judgements on dead client hosts since the server started';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.judged_at IS 'when the victims were fixed';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.client_addr IS 'address whose sessions ended';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.conmgr_id IS 'id of the connection manager that was taken for dead, as in the log';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.machine_id IS 'machine id that it had told';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.reason IS 'timeout, closed (the connection ended and it did not return) or goodbye (it was stopped)';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.silence_ms IS 'time since its last frame in milliseconds';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.mode IS 'on, or log: nothing was ended; watchdog.terminate at that time';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.victims IS 'sessions to end, those that showed up later included';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.signalled IS 'sessions that were sent SIGTERM; others had ended by themselves';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.survivors IS 'sessions that were still there 5 s after SIGTERM';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.locks_held IS 'locks that the victims held just before the first SIGTERM, as pg_locks counts them; null if that could not be learnt within 50 ms';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.oldest_transaction IS 'age of their oldest open transaction at the judgement; null if none was open, or with track_activities off';
COMMENT ON COLUMN pgx_stat_watchdog_terminations.finished_at IS 'when the last look was done, about authentication_timeout after the judgement; null until then';
