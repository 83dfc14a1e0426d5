package io.github.pgconmgr.config;

/**
 * How far behind its primary a standby may be (ADR 8). Immutable.
 *
 * @param amount bytes of write-ahead log, or nanoseconds
 */
public record LagLimit(Kind kind, long amount) {

    /** What is measured. */
    public enum Kind {
        OFF,
        BYTES,
        TIME
    }

    /** No standby is too far behind. */
    public static final LagLimit OFF = new LagLimit(Kind.OFF, 0);

    /** So many bytes. */
    public static LagLimit bytes(long bytes) {
        return new LagLimit(Kind.BYTES, bytes);
    }

    /** So many nanoseconds. */
    public static LagLimit nanos(long nanos) {
        return new LagLimit(Kind.TIME, nanos);
    }

    /** Of a limit in time; 0 for any other. */
    public long nanosOrZero() {
        return kind == Kind.TIME ? amount : 0;
    }
}
