package io.github.pgconmgr.frontend;

import java.io.IOException;

/** The front end cannot listen where conmgr.conf says; the message names address, port and reason, for the user. */
public final class ListenException extends IOException {

    private static final long serialVersionUID = 1L;

    ListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
