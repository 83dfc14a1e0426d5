package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The socket of NOTIFY_SOCKET, with a receiver behind it or none. */
class NotifySocketTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<Message> logged = new CopyOnWriteArrayList<>();
    private final Log log = (message, component, arguments) -> logged.add(message);

    @TempDir
    Path folder;

    @Test
    void everyMessageIsADatagramInItsOrder() throws InterruptedException {
        String path = folder.resolve("notify").toString();
        try (NotifyReceiver receiver = new NotifyReceiver(path);
                NotifySocket socket = NotifySocket.open(path, log)) {
            socket.send("READY=1");
            socket.send("STATUS=déjà vu");
            assertEquals("READY=1", receiver.take());
            assertEquals("STATUS=déjà vu", receiver.take());
        }
        assertEquals(List.of(), logged);
    }

    @Test
    void theAbstractNameSpaceIsWrittenWithAnAt() throws InterruptedException {
        String name = "conmgr-test-" + ProcessHandle.current().pid();
        try (NotifyReceiver receiver = new NotifyReceiver("\0" + name);
                NotifySocket socket = NotifySocket.open("@" + name, log)) {
            socket.send("READY=1");
            assertEquals("READY=1", receiver.take());
        }
    }

    @Test
    void whatIsSentLastIsOutWhenItIsClosed() throws InterruptedException {
        String path = folder.resolve("notify").toString();
        try (NotifyReceiver receiver = new NotifyReceiver(path)) {
            NotifySocket socket = NotifySocket.open(path, log);
            socket.send("STOPPING=1");
            socket.close();
            assertEquals("STOPPING=1", receiver.take());
        }
    }

    @Test
    void withoutTheVariableThereIsNobody() {
        try (NotifySocket socket = NotifySocket.open(null, log)) {
            assertFalse(socket.isOpen());
            socket.send("READY=1");
        }
        assertEquals(List.of(), logged);
    }

    @Test
    void nobodyAtThatPathIsLogged() {
        try (NotifySocket socket = NotifySocket.open(folder.resolve("none").toString(), log)) {
            assertFalse(socket.isOpen());
            socket.send("READY=1");
        }
        assertEquals(List.of(Message.NOTIFY_FAILED), logged);
    }

    @Test
    void aReceiverThatGoesAwayIsLoggedOnceAndToldNothingMore() {
        String path = folder.resolve("notify").toString();
        NotifyReceiver receiver = new NotifyReceiver(path);
        try (NotifySocket socket = NotifySocket.open(path, log)) {
            assertTrue(socket.isOpen());
            receiver.close();
            Await.until("a failure", LIMIT, () -> {
                socket.send("STATUS=x");
                return !socket.isOpen();
            });
            socket.send("STATUS=y");
        }
        assertEquals(List.of(Message.NOTIFY_FAILED), logged);
    }
}
