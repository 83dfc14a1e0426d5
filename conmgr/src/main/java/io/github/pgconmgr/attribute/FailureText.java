package io.github.pgconmgr.attribute;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What an exception of pgjdbc means, in one line for the log and the status: whatever a server wrote, without control characters,
 * cut, and without the password, should it be in there. Stateless.
 */
final class FailureText {

    private static final int MAX_LENGTH = 200;

    private FailureText() {}

    /**
     * Decides what it says of the instance.
     *
     * @param refused whether the dialer found that nobody listens
     * @param password that must not be repeated; empty for none
     */
    static CheckFailure of(Throwable thrown, boolean refused, String password) {
        if (refused) {
            return new CheckFailure(CheckFailure.Kind.REFUSED, "backend_port refuses connections");
        }
        String error = serverError(thrown);
        return error == null
                ? new CheckFailure(CheckFailure.Kind.NO_ANSWER, clean(withoutAnswer(thrown), password))
                : new CheckFailure(CheckFailure.Kind.ERROR, clean(error, password));
    }

    /** Where it happened; not its message, which may hold anything. */
    static String mistake(Throwable thrown) {
        StackTraceElement[] stack = thrown.getStackTrace();
        String place = stack.length == 0 ? "" : " at " + stack[0];
        return clean("internal error: " + thrown.getClass().getSimpleName() + place, "");
    }

    private static @Nullable String serverError(Throwable thrown) {
        PSQLException exception = find(thrown, PSQLException.class);
        ServerErrorMessage message = exception == null ? null : exception.getServerErrorMessage();
        return message == null ? null : message.getMessage() + " (SQLSTATE " + message.getSQLState() + ")";
    }

    private static String withoutAnswer(Throwable thrown) {
        AnswerLimit.TooLongException tooLong = find(thrown, AnswerLimit.TooLongException.class);
        SSLException tls = find(thrown, SSLException.class);
        IOException io = find(thrown, IOException.class);
        if (tooLong != null) {
            return tooLong.getMessage() + " from backend_port: this is not PostgreSQL";
        } else if (tls != null) {
            return "TLS: " + tls.getMessage();
        } else if (io instanceof SocketTimeoutException) {
            return "no answer in time";
        } else if (io instanceof EOFException) {
            return "connection closed by the server";
        } else if (io instanceof ConnectException || io instanceof NoRouteToHostException) {
            return "could not connect: " + io.getMessage();
        } else if (io instanceof SocketException) {
            return "connection lost: " + io.getMessage();
        }
        SQLException sql = find(thrown, SQLException.class);
        return sql == null ? thrown.toString() : String.valueOf(sql.getMessage());
    }

    private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> wanted) {
        Throwable at = thrown;
        // A chain of causes has no limit of its own.
        for (int depth = 0; at != null && depth < 10; depth++) {
            if (wanted.isInstance(at)) {
                return wanted.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }

    private static String clean(String text, String password) {
        String secretless = password.isEmpty() ? text : text.replace(password, "***");
        StringBuilder out = new StringBuilder();
        secretless
                .codePoints()
                .limit(MAX_LENGTH)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(out::appendCodePoint);
        return out.toString().strip();
    }
}
