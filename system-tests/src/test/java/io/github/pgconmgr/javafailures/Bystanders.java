package io.github.pgconmgr.javafailures;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who must not notice what happens to a watchdog: a conmgr that is armed, and a session that its death would cost.
 *
 * <p>Confined to the test's thread. {@link #close} ends both.
 */
final class Bystanders implements AutoCloseable {

    /** The conmgr's. */
    static final int TIMEOUT_MILLIS = 1500;

    private static final String CONMGR_ID = "c0117000000000000000000000000001";
    private static final String SESSION = "precious";

    private final PgInstance instance;
    private final Path folder = BuildFolder.scratch("by");
    private final List<Program> programs = new ArrayList<>();

    /** Blocks until the conmgr is armed and the session stands, at an instance that listens for heartbeats on that port. */
    Bystanders(PgInstance instance, int watchdogPort) {
        this.instance = instance;
        Path root = BuildFolder.root();
        start(
                "conmgr",
                JavaCommand.of(
                        32,
                        List.of(root.resolve("system-tests/target/test-classes"), root.resolve("wire/target/classes")),
                        "io.github.pgconmgr.watchdogtest.ScriptedConmgr",
                        instance.address(),
                        Integer.toString(watchdogPort),
                        "100",
                        Integer.toString(TIMEOUT_MILLIS),
                        CONMGR_ID,
                        "machine",
                        "boot"));
        String target = "host=" + instance.address() + " port=" + instance.port() + " user=postgres dbname=postgres"
                + " application_name=" + SESSION;
        start("psql", List.of(PgInstall.current().program("psql"), "-XAtq", "-d", target));
        Await.until("the session", FailingInstance.LIMIT, () -> !sessionPid().isEmpty());
        Await.until(
                "armed",
                FailingInstance.LIMIT,
                () -> instance.log().linesWith(CONMGR_ID).stream().anyMatch(line -> line.contains(" -> ARMED: ")));
    }

    private void start(String name, List<String> argv) {
        programs.add(Program.start(Machine.LOCAL, Account.OURSELVES, folder.resolve(name + ".log"), argv));
    }

    /** The conmgr, which tells what it sees and obeys. */
    Program conmgr() {
        return programs.get(0);
    }

    /** The process id of the session; empty when it is gone. */
    String sessionPid() {
        return instance.sql("SELECT pid FROM pg_stat_activity WHERE application_name = '" + SESSION + "'");
    }

    /** The conmgr has lost its connection: now it comes back; blocks until the next watchdog has adopted it. */
    void returnToTheNextWatchdog() {
        conmgr().awaitLine("ENDED", FailingInstance.LIMIT);
        conmgr().writeLine("connect");
        Await.until(
                "the adoption",
                FailingInstance.LIMIT,
                () -> !instance.log().linesWith("adopted 1 of 1 conmgrs").isEmpty());
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        BuildFolder.delete(folder);
    }
}
