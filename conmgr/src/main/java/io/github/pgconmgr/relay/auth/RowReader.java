package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a DataRow from left to right; a row that is not one is {@link #isBroken}. Confined. */
final class RowReader {

    private final ByteBuffer body;
    private final int columns;
    private boolean broken;

    RowReader(ByteBuffer body) {
        this.body = body;
        if (body.remaining() < Short.BYTES) {
            broken = true;
            columns = 0;
        } else {
            columns = Short.toUnsignedInt(body.getShort());
        }
    }

    int columns() {
        return columns;
    }

    boolean isBroken() {
        return broken;
    }

    /** The next column; null if it is NULL, or broken. */
    byte @Nullable [] next() {
        int length = broken || body.remaining() < Integer.BYTES ? Integer.MIN_VALUE : body.getInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > body.remaining()) {
            broken = true;
            return null;
        }
        byte[] value = new byte[length];
        body.get(value);
        return value;
    }
}
