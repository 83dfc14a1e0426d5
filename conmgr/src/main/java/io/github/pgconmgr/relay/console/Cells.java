package io.github.pgconmgr.relay.console;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** Values of a result in PostgreSQL's text and binary formats. Stateless. */
final class Cells {

    static final int TEXT_FORMAT = 0;
    static final int BINARY_FORMAT = 1;

    /** numeric counts in four decimal digits. */
    private static final int NUMERIC_BASE = 10_000;

    private Cells() {}

    static byte[] encode(Object cell, Table.Type type, int format) {
        if (format == TEXT_FORMAT || type == Table.Type.TEXT) {
            return cell.toString().getBytes(StandardCharsets.UTF_8);
        }
        long number = ((Number) cell).longValue();
        return switch (type) {
            case INT4 -> ByteBuffer.allocate(Integer.BYTES).putInt((int) number).array();
            case NUMERIC -> numeric(number);
            case TEXT -> throw new IllegalStateException("handled before");
        };
    }

    /** Digits, weight of the first, sign, digits behind the point, then the digits; never below zero here. */
    private static byte[] numeric(long number) {
        Deque<Short> digits = new ArrayDeque<>();
        for (long rest = Math.max(0, number); rest > 0; rest /= NUMERIC_BASE) {
            digits.addFirst((short) (rest % NUMERIC_BASE));
        }
        ByteBuffer out = ByteBuffer.allocate((4 + digits.size()) * Short.BYTES);
        out.putShort((short) digits.size());
        out.putShort((short) Math.max(0, digits.size() - 1));
        out.putShort((short) 0).putShort((short) 0);
        digits.forEach(out::putShort);
        return out.array();
    }
}
