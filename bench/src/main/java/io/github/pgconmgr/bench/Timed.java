package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.LabHost;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a command ran, measured beside it on its host: the way there does not count. Immutable.
 *
 * @param seconds from its start to its end
 * @param cpuSeconds its own and its ended children's CPU time
 */
record Timed(double seconds, double cpuSeconds) {

    /** Runs a command as an ordinary user; blocks. Its output is thrown away. */
    static Timed run(LabHost host, List<String> command) {
        List<String> argv =
                new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%3R %3U %3S'; time \"$@\" >/dev/null 2>&1", "bash"));
        argv.addAll(command);
        Finished finished = host.run(Account.NOBODY, Stage.LIMIT, argv).expectSuccess();
        String[] numbers = finished.err().strip().split(" ", -1);
        return new Timed(
                Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]) + Double.parseDouble(numbers[2]));
    }
}
