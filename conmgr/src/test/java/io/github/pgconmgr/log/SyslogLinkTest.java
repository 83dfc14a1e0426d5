package io.github.pgconmgr.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.log.SyslogPhase.Event;
import io.github.pgconmgr.scripted.RecordingLog;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing is lost and nothing is said twice, whatever becomes of the syslog daemon. */
class SyslogLinkTest {

    private final List<String> done = new ArrayList<>();
    private final RecordingLog trouble = new RecordingLog();
    private final Backlog backlog = new Backlog(() -> Lines.TIME);
    private final SyslogLink link = new SyslogLink(
            backlog,
            new SyslogFormatter(SyslogSettings.initial(), "host", 42, ZoneId.of("UTC")),
            new SyslogLink.Commands() {
                @Override
                public void connect() {
                    done.add("connect");
                }

                @Override
                public void send(byte[] datagram) {
                    String text = new String(datagram, StandardCharsets.UTF_8);
                    done.add("send " + text.substring(text.indexOf("conmgr: ") + 8));
                }

                @Override
                public void disconnect() {
                    done.add("disconnect");
                }

                @Override
                public void retryLater() {
                    done.add("later");
                }
            },
            trouble);

    private List<String> take() {
        List<String> taken = List.copyOf(done);
        done.clear();
        return taken;
    }

    private void line(String text) {
        backlog.add(Lines.warning(text));
        link.onLine();
    }

    private void connected() {
        link.onAttempt();
        link.onConnected();
        line("first");
        link.onSent();
        assertEquals(List.of("connect", "send first"), take());
    }

    @Test
    void whatCameBeforeTheConnectionIsSentOneByOne() {
        line("a");
        line("b");
        assertEquals(List.of(), take());
        link.onAttempt();
        link.onConnected();
        assertEquals(List.of("connect", "send a"), take());
        link.onSent();
        assertEquals(List.of("send b"), take());
        link.onSent();
        line("c");
        assertEquals(List.of("send c"), take());
    }

    @Test
    void aDaemonThatWasRestartedGetsTheFailedLineAndNobodyIsTold() {
        connected();
        line("a");
        link.onFailed("Connection refused");
        assertEquals(List.of("send a", "disconnect", "connect"), take());
        link.onConnected();
        assertEquals(List.of("send a"), take());
        link.onSent();
        assertEquals(List.of(), trouble.texts(Message.SYSLOG_AWAY));
        assertEquals(SyslogPhase.IDLE, link.phase());
    }

    @Test
    void aDaemonThatIsAwayIsToldOnceAndItsReturnToo() {
        connected();
        line("a");
        link.onFailed("Connection refused");
        for (int i = 0; i < 3; i++) {
            link.onFailed("no such file");
            link.onAttempt();
        }
        assertEquals(
                List.of("log: syslog cannot be reached at \"/dev/log\": no such file"),
                trouble.texts(Message.SYSLOG_AWAY));
        take();
        link.onConnected();
        assertEquals(0, trouble.count(Message.SYSLOG_BACK));
        assertEquals(List.of("send a"), take());
        link.onSent();
        assertEquals(1, trouble.count(Message.SYSLOG_BACK));
    }

    @Test
    void aPathWhoseOwnerIsGoneDoesNotMakeUsSpin() {
        link.onAttempt();
        link.onConnected();
        line("a");
        take();
        link.onFailed("Connection refused");
        assertEquals(List.of("disconnect", "later"), take());
        assertEquals(1, trouble.count(Message.SYSLOG_AWAY));
    }

    @Test
    void aLineInPiecesGoesOnWhereItFailed() {
        connected();
        line("x".repeat(SyslogFormatter.MAX_TEXT_BYTES) + "y");
        link.onSent();
        assertEquals(2, take().size());
        link.onFailed("Connection refused");
        link.onConnected();
        assertEquals(List.of("disconnect", "connect"), take().subList(0, 2));
        link.onSent();
        line("b");
        assertEquals(List.of("send b"), take());
    }

    @Test
    void aClosedLinkDoesNothing() {
        connected();
        link.onClose();
        line("a");
        link.onSent();
        link.onConnected();
        link.onAttempt();
        link.onFailed("late");
        link.onClose();
        assertEquals(List.of(), take());
    }

    @Test
    void everyPairOfPhaseAndEventIsListedOrImpossible() {
        int listed = 0;
        for (SyslogPhase phase : SyslogPhase.values()) {
            for (Event event : Event.values()) {
                listed += SyslogPhase.TABLE.allows(phase, event) ? 1 : 0;
            }
        }
        assertEquals(11, listed);
    }
}
