package io.github.pgconmgr.watchdogtest;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A row of pgx_stat_watchdog_terminations, but for its times. Empty strings are NULL. Immutable. */
record Termination(
        String address,
        String machineId,
        String reason,
        long silenceMillis,
        String mode,
        int victims,
        int signalled,
        int survivors,
        String locks,
        boolean hadTransaction,
        boolean finished) {

    /** Blocks until the instance shows a judgement on this conmgr that fits. */
    static Termination await(ConmgrProcess conmgr, Predicate<Termination> fits) {
        return Await.value("the row on conmgr " + conmgr.id(), WatchdogLab.LIMIT, () -> {
            Termination row = find(conmgr.instance(), conmgr.id());
            return row != null && fits.test(row) ? row : null;
        });
    }

    /** The row on this conmgr, or null. */
    static @Nullable Termination find(PgInstance instance, String conmgrId) {
        String row = instance.sql("SELECT client_addr, machine_id, reason, silence_ms, mode, victims, signalled, "
                + "survivors, locks_held, oldest_transaction IS NOT NULL, finished_at IS NOT NULL "
                + "FROM pgx_stat_watchdog_terminations WHERE conmgr_id = '" + conmgrId + "'");
        if (row.isEmpty()) {
            return null;
        }
        String[] cells = row.split("\\|", -1);
        return new Termination(
                cells[0],
                cells[1],
                cells[2],
                Long.parseLong(cells[3]),
                cells[4],
                Integer.parseInt(cells[5]),
                Integer.parseInt(cells[6]),
                Integer.parseInt(cells[7]),
                cells[8],
                cells[9].equals("t"),
                cells[10].equals("t"));
    }
}
