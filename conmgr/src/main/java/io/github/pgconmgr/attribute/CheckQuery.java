package io.github.pgconmgr.attribute;

import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Routines.clockTimestamp;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Routines.currentSetting;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Routines.pgCurrentWalFlushLsn;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Routines.pgIsInRecovery;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Routines.pgLastWalReceiveLsn;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Routines.pgLastWalReplayLsn;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Routines.pgLastXactReplayTimestamp;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Routines.pgPostmasterStartTime;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Routines.pgWalfileName;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Tables.PG_CONTROL_CHECKPOINT;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Tables.PG_CONTROL_RECOVERY;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Tables.PG_CONTROL_SYSTEM;
import static io.github.pgconmgr.attribute.catalogue.pg_catalog.Tables.PG_STAT_WAL_RECEIVER;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.trueCondition;
import static org.jooq.impl.DSL.when;

import io.github.pgconmgr.attribute.catalogue.pg_catalog.tables.PgControlCheckpoint;
import io.github.pgconmgr.attribute.catalogue.pg_catalog.tables.PgControlRecovery;
import io.github.pgconmgr.attribute.catalogue.pg_catalog.tables.PgControlSystem;
import io.github.pgconmgr.attribute.catalogue.pg_catalog.tables.PgStatWalReceiver;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import java.sql.Connection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/**
 * The one question of a check, one round trip (ADR 10): a statement that stays prepared as long as its connection stands. Any role
 * may ask it; a standby's {@code received_tli} is null for one that may not read all statistics.
 *
 * <p>Confined to the task that does the check.
 */
final class CheckQuery {

    private static final PgControlSystem SYSTEM = PG_CONTROL_SYSTEM.as("system");
    private static final PgControlCheckpoint CHECKPOINT = PG_CONTROL_CHECKPOINT.as("checkpoint");
    private static final PgControlRecovery RECOVERY = PG_CONTROL_RECOVERY.as("recovery");
    private static final PgStatWalReceiver RECEIVER = PG_STAT_WAL_RECEIVER.as("receiver");

    /** Asked once, so that a promotion in the middle of the query does not make half a primary of it. */
    private static final Table<?> NOW =
            select(pgIsInRecovery().as("in_recovery")).asTable("now");

    private static final Field<Boolean> IN_RECOVERY =
            Objects.requireNonNull(NOW.field("in_recovery", Boolean.class), "named in NOW");
    private static final Field<String> READ_ONLY =
            currentSetting(inline("transaction_read_only")).as("read_only");
    private static final Field<OffsetDateTime> POSTMASTER_START =
            pgPostmasterStartTime().as("postmaster_start");
    private static final Field<OffsetDateTime> ASKED_AT = clockTimestamp().as("asked_at");
    private static final Field<OffsetDateTime> REPLAYED_AT =
            pgLastXactReplayTimestamp().as("replayed_at");
    private static final Field<String> RECEIVED_LSN = pgLastWalReceiveLsn().as("received_lsn");

    // Each raises an error on the other side of a promotion: CASE keeps it from being called there.
    private static final Field<String> LSN = when(IN_RECOVERY, pgLastWalReplayLsn())
            .otherwise(pgCurrentWalFlushLsn())
            .as("lsn");
    private static final Field<String> WAL_FILE = when(IN_RECOVERY, inline((String) null))
            .otherwise(pgWalfileName(pgCurrentWalFlushLsn()))
            .as("wal_file");

    private static final Settings SETTINGS = new Settings().withExecuteLogging(false);

    private final ResultQuery<?> query;

    /** On that connection; nothing is sent yet. */
    CheckQuery(Connection connection) {
        query = query(DSL.using(connection, SQLDialect.POSTGRES, SETTINGS)).keepStatement(true);
    }

    private static ResultQuery<?> query(DSLContext context) {
        return context.select(
                        IN_RECOVERY, READ_ONLY, POSTMASTER_START, ASKED_AT, REPLAYED_AT, RECEIVED_LSN, LSN, WAL_FILE)
                .select(SYSTEM.SYSTEM_IDENTIFIER, CHECKPOINT.TIMELINE_ID, RECOVERY.MIN_RECOVERY_END_TIMELINE)
                .select(RECEIVER.PID, RECEIVER.RECEIVED_TLI)
                .from(NOW)
                .crossJoin(result(PG_CONTROL_SYSTEM, SYSTEM))
                .crossJoin(result(PG_CONTROL_CHECKPOINT, CHECKPOINT))
                .crossJoin(result(PG_CONTROL_RECOVERY, RECOVERY))
                .leftJoin(RECEIVER)
                .on(trueCondition());
    }

    /** The rows of a set-returning function, which the declared catalogue calls a view. */
    private static Table<?> result(Table<?> function, Table<?> alias) {
        return table("{0}() as {1}", function.getQualifiedName(), alias.getUnqualifiedName());
    }

    /** The statement as it goes to the server. */
    static String text() {
        return query(DSL.using(SQLDialect.POSTGRES, SETTINGS)).getSQL();
    }

    /**
     * Asks. Blocks.
     *
     * @param hostaddr of the instance, for the facts
     * @throws org.jooq.exception.DataAccessException around what the driver or the server says
     */
    CheckAnswer ask(String hostaddr) {
        Record row = query.fetchSingle();
        boolean inRecovery = row.get(IN_RECOVERY);
        String lsn = row.get(LSN);
        InstanceState state = new InstanceState(
                inRecovery,
                row.get(READ_ONLY).equals("on"),
                false,
                inRecovery ? standbyTimeline(row) : timelineOf(row.get(WAL_FILE)),
                lsn == null ? 0 : lsn(lsn));
        long startMicros =
                ChronoUnit.MICROS.between(OffsetDateTime.parse("1970-01-01T00:00:00Z"), row.get(POSTMASTER_START));
        InstanceFacts facts = new InstanceFacts(hostaddr, row.get(SYSTEM.SYSTEM_IDENTIFIER), startMicros, state, -1)
                .withReplayLag(inRecovery ? replayLagMillis(row, lsn) : -1);
        return new CheckAnswer(facts, row.get(RECEIVER.PID) != null && row.get(RECEIVER.RECEIVED_TLI) == null);
    }

    /** The newest that it is known to have got: what it receives, or what its control file says. */
    private static int standbyTimeline(Record row) {
        Integer received = row.get(RECEIVER.RECEIVED_TLI);
        int recorded = later(row.get(CHECKPOINT.TIMELINE_ID), row.get(RECOVERY.MIN_RECOVERY_END_TIMELINE));
        return received == null ? recorded : later(received, recorded);
    }

    private static int later(int a, int b) {
        return Integer.compareUnsigned(a, b) < 0 ? b : a;
    }

    /** By the server's clock alone. */
    private static long replayLagMillis(Record row, String replayed) {
        OffsetDateTime replayedAt = row.get(REPLAYED_AT);
        if (replayed != null && replayed.equals(row.get(RECEIVED_LSN))) {
            return 0;
        }
        return replayedAt == null
                ? -1
                : Math.max(0, Duration.between(replayedAt, row.get(ASKED_AT)).toMillis());
    }

    /** A WAL file's name begins with eight digits of its timeline. */
    static int timelineOf(String walFile) {
        return Integer.parseUnsignedInt(walFile.substring(0, 8), 16);
    }

    /** As PostgreSQL writes a pg_lsn: two halves in hexadecimal digits. */
    static long lsn(String text) {
        int slash = text.indexOf('/');
        return Long.parseUnsignedLong(text.substring(0, slash), 16) << 32
                | Long.parseUnsignedLong(text.substring(slash + 1), 16);
    }
}
