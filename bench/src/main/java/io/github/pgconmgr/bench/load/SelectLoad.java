package io.github.pgconmgr.bench.load;

import io.github.pgconmgr.bench.ProcFs;
import io.github.pgconmgr.time.NanoClock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/**
 * {@code SELECT 1} again and again, on a redirected connection and on two direct ones, by turns. CPU time is that of the whole
 * process, the driver's watcher included.
 *
 * <pre>
 * SelectLoad CONMGR-URL DIRECT-URL BLOCKS    TIME ours direct again (µs per select, median of the turns); CPU likewise; END
 * </pre>
 *
 * <p>Confined to the main thread.
 */
public final class SelectLoad {

    private static final int PER_TURN = 300;
    private static final int TURNS_PER_BLOCK = 27;
    private static final int WARM_UP_BLOCKS = 6;

    private final PreparedStatement[] selects = new PreparedStatement[Turns.KINDS];
    private final long self = ProcessHandle.current().pid();

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
        List<List<Double>> micros = Turns.lists();
        List<List<Double>> cpu = Turns.lists();
        for (int turn = 0; turn < TURNS_PER_BLOCK; turn++) {
            Turns.once(turn, kind -> select(kind, micros.get(kind), cpu.get(kind)));
        }
        if (counts) {
            Turns.say("TIME", Turns.medians(micros));
            Turns.say("CPU", Turns.medians(cpu));
        }
    }

    private void select(int kind, List<Double> micros, List<Double> cpu) throws SQLException {
        long cpuBegin = ProcFs.cpuNanos(self);
        long begin = NanoClock.SYSTEM.nanoTime();
        for (int i = 0; i < PER_TURN; i++) {
            try (ResultSet row = selects[kind].executeQuery()) {
                row.next();
            }
        }
        micros.add((NanoClock.SYSTEM.nanoTime() - begin) / 1e3 / PER_TURN);
        cpu.add((ProcFs.cpuNanos(self) - cpuBegin) / 1e3 / PER_TURN);
    }
}
