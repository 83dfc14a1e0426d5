package io.github.pgconmgr.frontend;

import java.util.regex.Pattern;

/** What the operating system says of a socket's call that failed, in the same words for each {@link SocketKind}. Stateless. */
public final class SocketErrors {

    /** Netty's own calls name the function and the number of the error first. */
    private static final Pattern CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

    private SocketErrors() {}

    /** Such as "Connection reset by peer". */
    public static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.toString() : CALL.matcher(message).replaceFirst("");
    }
}
