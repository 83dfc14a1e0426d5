package io.github.pgconmgr.wire.redirect;

import io.github.pgconmgr.wire.Lsn;
import io.github.pgconmgr.wire.MalformedMessageException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * "Only a standby that has replayed this" (ADR 11). Immutable.
 *
 * @param lsn unsigned 64 bits; 0 is no wish
 * @param waitMillis how long the driver waits for such an instance; {@link #UNSAID} if it does not say
 */
public record LsnWish(long lsn, int waitMillis) {

    /** The driver does not say how long it waits. */
    public static final int UNSAID = -1;

    /** Any instance will do. */
    public static final LsnWish NONE = new LsnWish(0, UNSAID);

    private static final String WAIT_KEY = "wait_ms";

    /** More is said by nobody who means it, and would not fit into an int. */
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,9}");

    /** Whether there is nothing to heed. */
    public boolean isNone() {
        return lsn == 0;
    }

    /** Takes its pairs out of a request's. */
    static LsnWish takeFrom(Map<String, String> pairs) throws MalformedMessageException {
        String lsn = pairs.remove(RedirectProtocol.MIN_LSN_KEY);
        String wait = pairs.remove(WAIT_KEY);
        if (wait != null && !MILLIS.matcher(wait).matches()) {
            throw new MalformedMessageException(WAIT_KEY + " is no number of milliseconds");
        }
        return lsn == null ? NONE : new LsnWish(parse(lsn), wait == null ? UNSAID : Integer.parseInt(wait));
    }

    static long parse(String lsn) throws MalformedMessageException {
        return Lsn.parse(lsn)
                .orElseThrow(() -> new MalformedMessageException(RedirectProtocol.MIN_LSN_KEY + " is no LSN"));
    }

    void putInto(Map<String, String> pairs) {
        if (!isNone()) {
            pairs.put(RedirectProtocol.MIN_LSN_KEY, Lsn.text(lsn));
        }
        if (!isNone() && waitMillis != UNSAID) {
            pairs.put(WAIT_KEY, Integer.toString(waitMillis));
        }
    }
}
