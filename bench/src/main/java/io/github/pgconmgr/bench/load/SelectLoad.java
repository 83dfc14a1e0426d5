package io.github.pgconmgr.bench.load;

import io.github.pgconmgr.bench.ProcFs;
import io.github.pgconmgr.time.NanoClock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;

/**
 * {@code SELECT 1} again and again, on a redirected connection and on two direct ones, by turns. CPU time is that of the whole
 * process, the driver's watcher included.
 *
 * <pre>
 * SelectLoad CONMGR-URL DIRECT-URL BLOCKS    TIME ours direct again (µs per select); CPU likewise; END
 * </pre>
 *
 * <p>Confined to the main thread.
 */
public final class SelectLoad {

    private static final int PER_TURN = 200;
    private static final int TURNS_PER_BLOCK = 9;
    private static final int WARM_UP_BLOCKS = 6;

    private final PreparedStatement[] selects = new PreparedStatement[Turns.KINDS];
    private final long self = ProcessHandle.current().pid();
    private final double[] time = new double[Turns.KINDS];
    private final double[] cpu = new double[Turns.KINDS];

    private SelectLoad() {}

    /** See the class. */
    public static void main(String[] arguments) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        try (Connection ours = DriverManager.getConnection(arguments[0], properties);
                Connection direct = DriverManager.getConnection(arguments[1], properties);
                Connection again = DriverManager.getConnection(arguments[1], properties)) {
            SelectLoad load = new SelectLoad();
            load.selects[Turns.OURS] = ours.prepareStatement("SELECT 1");
            load.selects[Turns.DIRECT] = direct.prepareStatement("SELECT 1");
            load.selects[Turns.AGAIN] = again.prepareStatement("SELECT 1");
            int blocks = Integer.parseInt(arguments[2]);
            for (int block = -WARM_UP_BLOCKS; block < blocks; block++) {
                load.block(block >= 0);
            }
        }
        System.out.println("END");
    }

    private void block(boolean counts) throws SQLException {
        for (int turn = 0; turn < TURNS_PER_BLOCK; turn++) {
            Turns.once(turn, this::select);
        }
        if (counts) {
            Turns.say("TIME", perSelect(time));
            Turns.say("CPU", perSelect(cpu));
        }
        java.util.Arrays.fill(time, 0);
        java.util.Arrays.fill(cpu, 0);
    }

    private void select(int kind) throws SQLException {
        long cpuBegin = ProcFs.cpuNanos(self);
        long begin = NanoClock.SYSTEM.nanoTime();
        for (int i = 0; i < PER_TURN; i++) {
            try (ResultSet row = selects[kind].executeQuery()) {
                row.next();
            }
        }
        time[kind] += NanoClock.SYSTEM.nanoTime() - begin;
        cpu[kind] += ProcFs.cpuNanos(self) - cpuBegin;
    }

    private static double[] perSelect(double[] nanos) {
        return java.util.Arrays.stream(nanos)
                .map(sum -> sum / (PER_TURN * TURNS_PER_BLOCK) / 1e3)
                .toArray();
    }
}
