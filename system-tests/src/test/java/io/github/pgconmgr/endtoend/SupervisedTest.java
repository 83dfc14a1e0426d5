package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** conmgr as the unit conmgr@.service runs it: in the foreground, with a socket of systemd's, ended by SIGINT. */
class SupervisedTest {

    /** Stands in for systemd: prints each datagram as a line. */
    private static final String RECEIVER = """
            use Socket; $| = 1;
            socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die $!;
            bind($socket, sockaddr_un($ARGV[0])) or die $!;
            print "listening\\n";
            while (defined recv($socket, my $message, 4096, 0)) { $message =~ s/\\n/;/g; print "$message\\n"; }
            """;

    private final Stage stage = new Stage();
    private Program systemd;
    private Program conmgr;

    @BeforeEach
    void start() {
        stage.conmgr()
                .configure(Stage.configuration(
                        Stage.LONG_TIMEOUT_MILLIS,
                        stage.one().address(),
                        stage.two().address()));
        String socket = stage.story().app().folder().resolve("notify").toString();
        systemd = stage.story().app().start(Account.NOBODY, "systemd", List.of("perl", "-e", RECEIVER, socket));
        systemd.awaitLine("listening", Stage.LIMIT);
        conmgr = stage.story()
                .app()
                .start(
                        Account.NOBODY,
                        "conmgr-foreground",
                        List.of(
                                "env",
                                "NOTIFY_SOCKET=" + socket,
                                Conmgr.program("conmgr"),
                                "-D",
                                stage.conmgr().folder().toString()));
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private int count(String said) {
        return systemd.output().linesWith(said).size();
    }

    @Test
    void itIsReadyTellsHowItFaresAndSaysThatItStops() {
        systemd.awaitLine("READY=1", Stage.LIMIT);
        systemd.awaitLine(
                "STATUS=primary: 0 (" + stage.one().address() + ":"
                        + stage.one().port() + "); 2 of 2 instances alive",
                Stage.LIMIT);
        stage.one().stop(PgInstance.StopMode.FAST);
        systemd.awaitLine("STATUS=no primary; 1 of 2 instances alive", Stage.LIMIT);
        conmgr.signal("INT");
        systemd.awaitLine("STOPPING=1;STATUS=stops", Stage.LIMIT);
        assertEquals(0, conmgr.awaitExit(Stage.LIMIT));
        assertEquals(1, count("READY=1"));
    }

    @Test
    void aReloadIsToldFromItsBeginningToItsEnd() {
        systemd.awaitLine("READY=1", Stage.LIMIT);
        stage.conmgr().ctl("reload").expectSuccess();
        Await.until("ready again", Stage.LIMIT, () -> count("READY=1") == 2);
        assertEquals(
                List.of("READY=1", "RELOADING=1;MONOTONIC_USEC=", "READY=1"),
                systemd.output().lines().stream()
                        .filter(line -> line.matches("RE.*"))
                        .map(line -> line.replaceAll("USEC=[0-9]+", "USEC="))
                        .toList());
    }
}
