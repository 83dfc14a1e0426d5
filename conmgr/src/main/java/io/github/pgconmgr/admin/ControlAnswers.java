package io.github.pgconmgr.admin;

import java.io.IOException;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** What each request is answered: {@code OK} or {@code ERR reason} in the first line, then a body. Confined to the admin thread. */
public final class ControlAnswers {

    private final ControlTarget target;
    private final ConmgrIdentity identity;

    /** Who answers. Immutable. */
    public record ConmgrIdentity(long pid, String version) {}

    public ControlAnswers(ControlTarget target, ConmgrIdentity identity) {
        this.target = target;
        this.identity = identity;
    }

    void onRequest(ControlConnection connection, String line, long nowNanos) throws IOException {
        Optional<ControlRequest> request = ControlRequest.parse(line);
        if (request.isEmpty()) {
            refuse(connection, "unknown request", nowNanos);
        } else if (request.get() instanceof ControlRequest.Status status) {
            connection.answer(ask(() -> status(status), "conmgr did not tell its status in time"), false, nowNanos);
        } else if (request.get() instanceof ControlRequest.Await await) {
            connection.await(await.scope());
            onAwaiting(connection, nowNanos);
        } else if (request.get() instanceof ControlRequest.Stop stop) {
            connection.answer("OK\n" + identity.pid + "\n", true, nowNanos);
            target.stop(stop.mode(), stop.restart());
        } else if (request.get() instanceof ControlRequest.Reload) {
            connection.answer(ask(() -> target.reload().toAnswer(), "conmgr did not reload in time"), false, nowNanos);
        } else if (request.get() instanceof ControlRequest.Topology) {
            connection.answer(
                    ask(() -> "OK\n" + target.topology().toText(), "conmgr did not tell its status in time"),
                    false,
                    nowNanos);
        } else if (request.get() instanceof ControlRequest.ForgetTimeline forget) {
            connection.answer(
                    ask(() -> "OK\n" + target.forgetTimeline(forget.really()), "conmgr did not answer in time"),
                    false,
                    nowNanos);
        } else {
            connection.answer("OK\n" + identity.version + "\n", false, nowNanos);
        }
    }

    void onAwaiting(ControlConnection connection, long nowNanos) throws IOException {
        if (target.stands(connection.awaited())) {
            connection.answer("OK\n", false, nowNanos);
        }
    }

    void refuse(ControlConnection connection, String reason, long nowNanos) throws IOException {
        connection.answer("ERR " + reason + "\n", false, nowNanos);
    }

    private String status(ControlRequest.Status request) throws TimeoutException, InterruptedException {
        return "OK\n" + target.status().render(request.scope(), request.format(), ZoneId.systemDefault());
    }

    /** What conmgr's other threads have to answer. */
    private interface Question {
        String ask() throws TimeoutException, InterruptedException;
    }

    private static String ask(Question question, String complaint) {
        try {
            return question.ask();
        } catch (TimeoutException e) {
            return "ERR " + complaint + "\n";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "ERR conmgr is ending\n";
        }
    }
}
