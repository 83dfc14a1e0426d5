package io.github.pgconmgr.attribute;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A socket that gives no more than {@link AnswerLimit} lets through.
 *
 * <p>Confined to the thread that does the check, but for {@link #close}, which any thread may call to end it.
 */
final class LimitedSocket extends Socket {

    private final AnswerLimit.Start start;
    private @Nullable AnswerLimit in;

    LimitedSocket(AnswerLimit.Start start) {
        this.start = start;
    }

    /** The one stream of this socket: it counts. */
    @Override
    public InputStream getInputStream() throws IOException {
        return limit();
    }

    /** Another question goes out. */
    void beginAnswer() throws IOException {
        limit().begin();
    }

    private AnswerLimit limit() throws IOException {
        if (in == null) {
            in = new AnswerLimit(super.getInputStream(), start);
        }
        return in;
    }
}
