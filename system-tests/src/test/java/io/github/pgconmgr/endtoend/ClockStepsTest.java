package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.NetnsLab;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The wall clock of a host is set by hours while instances are checked by SQL: nobody is judged by it. libfaketime gives each host a
 * clock of its own, which leaves the monotonic one alone, as a real step does.
 */
@Tag("slow")
class ClockStepsTest {

    private static final String LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    private static final long TIMEOUT_MILLIS = 1500;

    private static final NetnsLab LAB = NetnsLab.of("app", "db1", "db2");
    private static final Path FOLDER = BuildFolder.scratch("clocks");
    private static PgCluster cluster;
    private static PgInstance one;
    private static PgInstance two;
    private static Conmgr conmgr;

    @BeforeAll
    static void build() throws IOException {
        for (String host : List.of("app", "db1", "db2")) {
            step(host, 0);
        }
        PgInstall install = PgInstall.current().copyTo(FOLDER);
        fakeTheClock(Path.of(install.program("postgres")));
        cluster = new PgCluster(install);
        Map<String, String> settings = Map.of("shared_preload_libraries", "");
        one = cluster.primary("one", LAB.host("db1"), settings);
        two = cluster.standby("two", LAB.host("db2"), one, settings);
        conmgr = new Conmgr(LAB.host("app"), "conmgr");
        conmgr.configure(
                "backend_host0 = " + one.address(),
                "backend_host1 = " + two.address(),
                "backend_check0 = sql",
                "backend_check1 = sql",
                "check_conninfo0 = 'user=postgres'",
                "check_conninfo1 = 'user=postgres'",
                "check_interval = 100ms",
                "heartbeat_interval = 200ms",
                "heartbeat_timeout = " + TIMEOUT_MILLIS + "ms",
                "log_min_messages = INFO");
        LabHost app = LAB.host("app");
        String start = "exec env " + environment("app") + " " + Conmgr.program("cm_ctl") + " start --complete -D "
                + conmgr.folder();
        app.run(Account.NOBODY, List.of("sh", "-c", start)).expectSuccess();
    }

    @AfterAll
    static void close() {
        cluster.close();
        LAB.close();
        BuildFolder.delete(FOLDER);
    }

    /** libfaketime's way to a step: what the file says is added to the time. */
    private static void step(String host, int seconds) throws IOException {
        Path part = Files.writeString(FOLDER.resolve("part"), (seconds < 0 ? "" : "+") + seconds + "\n");
        Files.move(part, clock(host), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path clock(String host) {
        return FOLDER.resolve(host + ".clock");
    }

    private static String environment(String host) {
        return "LD_PRELOAD=" + LIBRARY + " FAKETIME_TIMESTAMP_FILE=" + clock(host)
                + " FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0";
    }

    /** The servers start as ever, with the clock of their host. */
    private static void fakeTheClock(Path postgres) throws IOException {
        Path real = Files.move(postgres, postgres.resolveSibling("postgres.real"));
        String script = "#!/bin/sh\nexec env " + environment("$(hostname)") + " " + real + " \"$@\"\n";
        Files.writeString(postgres, script);
        Files.setPosixFilePermissions(postgres, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static long secondsAhead(PgInstance instance) {
        String epoch = instance.sql("SELECT extract(epoch FROM clock_timestamp())::bigint");
        String ours = LAB.host("app").exec("date", "+%s").expectSuccess().out().strip();
        return Long.parseLong(epoch) - Long.parseLong(ours);
    }

    @Test
    void nobodyIsJudgedByAWallClockThatIsSet() throws IOException {
        String maps = "/proc/" + conmgr.pid() + "/maps";
        LAB.host("app").exec("grep", "-q", "libfaketime", maps).expectSuccess();
        int lines = judgements();
        for (int seconds : new int[] {7200, -7200, 0}) {
            step("db1", seconds);
            awaitStep(one, seconds);
            checksGoOn(one);
            checksGoOn(two);
        }
        step("db2", -3600);
        awaitStep(two, -3600);
        checksGoOn(two);
        for (int seconds : new int[] {3600, -3600}) {
            step("app", seconds);
            checksGoOn(one);
        }
        assertEquals(lines, judgements(), () -> String.join("\n", conmgr.log().lines()));
        // And what was learnt meanwhile is as true as ever.
        two.promote();
        Await.until("two is the primary", Stage.LIMIT, () -> conmgr.statusOf(1).contains("primary"));
    }

    /** Of the clock of a session: about the time that we have set. */
    private static void awaitStep(PgInstance instance, int seconds) {
        Await.until("the step is there", Stage.LIMIT, () -> Math.abs(secondsAhead(instance) - seconds) < 60);
    }

    /** Times at which an instance became something else. */
    private static int judgements() {
        return conmgr.log().linesWith(" -> ").size();
    }

    /** Over more than a timeout. */
    private static void checksGoOn(PgInstance instance) {
        long began = Stage.now();
        int seen = 0;
        String last = "";
        while (Stage.millis(began, Stage.now()) < 2 * TIMEOUT_MILLIS) {
            String before = last;
            last = Await.value("another check at " + instance.name(), Stage.LIMIT, () -> {
                String asked =
                        instance.sql("SELECT query_start FROM pg_stat_activity WHERE application_name = 'conmgr'");
                return asked.isEmpty() || asked.equals(before) ? null : asked;
            });
            seen++;
        }
        assertTrue(seen > 5, seen + " checks seen at " + instance.name());
    }
}
