package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Machine;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the figures depend on: no names, no paths. Immutable: no state. */
final class MachineDescription {

    private MachineDescription() {}

    static String text() {
        String memory = output("cat", "/proc/meminfo");
        long megabytes = Long.parseLong(first("MemTotal:\\s*(\\d+)", memory)) / 1024;
        return String.join(
                "\n",
                Runtime.getRuntime().availableProcessors() + " cores (" + first("model name\\s*: (.*)", cpus()) + "), "
                        + megabytes + " MB of memory",
                "Linux " + first("^(\\d+\\.\\d+)", System.getProperty("os.version")),
                "Java " + Runtime.version() + " for all of it",
                output(BuildFolder.build("pg/15/bin/postgres").toString(), "--version")
                        .strip(),
                "load average " + ProcFs.load());
    }

    private static String cpus() {
        return output("cat", "/proc/cpuinfo");
    }

    private static String first(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .findFirst()
                .map((MatchResult found) -> found.group(1))
                .orElse("unknown");
    }

    private static String output(String... argv) {
        return Machine.LOCAL
                .run(Account.OURSELVES, List.of(argv))
                .expectSuccess()
                .out();
    }
}
