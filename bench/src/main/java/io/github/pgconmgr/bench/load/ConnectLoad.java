package io.github.pgconmgr.bench.load;

import io.github.pgconmgr.time.NanoClock;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/**
 * Connects through conmgr and straight to the instance, by turns; closing does not count.
 *
 * <pre>
 * ConnectLoad CONMGR-URL DIRECT-URL BLOCKS    BLOCK ours direct again, then CPU ours direct again (medians, µs); END
 * </pre>
 *
 * <p>Confined to the main thread.
 */
public final class ConnectLoad {

    private static final int PER_BLOCK = 40;
    /** 1,000 connects of each kind: before, the driver that was loaded last is interpreted more than the other. */
    private static final int WARM_UP_BLOCKS = 25;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final String conmgrUrl;
    private final String directUrl;
    private final Properties properties = new Properties();

    private ConnectLoad(String conmgrUrl, String directUrl) {
        this.conmgrUrl = conmgrUrl;
        this.directUrl = directUrl;
        properties.setProperty("user", "postgres");
    }

    /** See the class. */
    public static void main(String[] arguments) throws SQLException {
        ConnectLoad load = new ConnectLoad(arguments[0], arguments[1]);
        int blocks = Integer.parseInt(arguments[2]);
        for (int block = -WARM_UP_BLOCKS; block < blocks; block++) {
            load.block(block >= 0);
        }
        System.out.println("END");
    }

    private void block(boolean counts) throws SQLException {
        List<List<Double>> micros = Turns.lists();
        List<List<Double>> cpu = Turns.lists();
        for (int turn = 0; turn < PER_BLOCK; turn++) {
            Turns.once(turn, kind -> connect(kind, micros.get(kind), cpu.get(kind)));
        }
        if (counts) {
            Turns.say("BLOCK", Turns.medians(micros));
            Turns.say("CPU", Turns.medians(cpu));
        }
    }

    private void connect(int kind, List<Double> micros, List<Double> cpu) throws SQLException {
        long cpuBegin = threads.getCurrentThreadCpuTime();
        long begin = NanoClock.SYSTEM.nanoTime();
        Connection connection = DriverManager.getConnection(kind == Turns.OURS ? conmgrUrl : directUrl, properties);
        micros.add((NanoClock.SYSTEM.nanoTime() - begin) / 1e3);
        cpu.add((threads.getCurrentThreadCpuTime() - cpuBegin) / 1e3);
        connection.close();
    }
}
