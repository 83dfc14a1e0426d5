package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes messages of a server, one behind the other. Confined to its user. */
public final class BackendMessages {

    private static final int FIRST_SIZE = 256;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int size;

    /**
     * A column of a result. Immutable.
     *
     * @param typeOid of the type in pg_type
     * @param typeSize -1 if it varies
     */
    public record Column(String name, int typeOid, int typeSize) {}

    /** What has been written since the last call, ready to be read from. */
    public ByteBuffer take() {
        ByteBuffer taken = ByteBuffer.wrap(bytes, 0, size);
        bytes = new byte[FIRST_SIZE];
        size = 0;
        return taken;
    }

    /** Bytes that {@link #take} would give. */
    public int size() {
        return size;
    }

    /** A message that somebody else has written, position to limit. */
    public void append(ByteBuffer message) {
        byte[] more = new byte[message.remaining()];
        message.get(more);
        raw(more);
    }

    /**
     * RowDescription.
     *
     * @param formats 0 text, 1 binary; one for each column
     */
    public void rowDescription(List<Column> columns, int[] formats) {
        int start = begin('T');
        int16(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            text(column.name());
            int32(0);
            int16(0);
            int32(column.typeOid());
            int16(column.typeSize());
            int32(-1);
            int16(formats[i]);
        }
        end(start);
    }

    /** DataRow; a value that is null is NULL. */
    public void dataRow(List<byte @Nullable []> values) {
        int start = begin('D');
        int16(values.size());
        for (byte[] value : values) {
            if (value == null) {
                int32(-1);
            } else {
                int32(value.length);
                raw(value);
            }
        }
        end(start);
    }

    /** CommandComplete. */
    public void commandComplete(String tag) {
        int start = begin('C');
        text(tag);
        end(start);
    }

    /** ReadyForQuery; 'I', 'T' or 'E'. */
    public void readyForQuery(char status) {
        int start = begin('Z');
        raw(new byte[] {(byte) status});
        end(start);
    }

    /** A message that is its type alone: EmptyQueryResponse, ParseComplete and their like. */
    public void bare(char type) {
        end(begin(type));
    }

    /** ParameterDescription of a statement without parameters. */
    public void noParameters() {
        int start = begin('t');
        int16(0);
        end(start);
    }

    /** ErrorResponse that ends a command, not the connection. */
    public void error(String sqlState, String message, String hint) {
        fields('E', "ERROR", sqlState, message, hint);
    }

    /** NoticeResponse. */
    public void notice(String message, String detail) {
        int start = begin('N');
        field('S', "NOTICE");
        field('V', "NOTICE");
        field('C', "00000");
        field('M', message);
        if (!detail.isEmpty()) {
            field('D', detail);
        }
        raw(new byte[1]);
        end(start);
    }

    private void fields(char type, String severity, String sqlState, String message, String hint) {
        int start = begin(type);
        field('S', severity);
        field('V', severity);
        field('C', sqlState);
        field('M', message);
        if (!hint.isEmpty()) {
            field('H', hint);
        }
        raw(new byte[1]);
        end(start);
    }

    private void field(char name, String value) {
        raw(new byte[] {(byte) name});
        text(value);
    }

    private int begin(char type) {
        raw(new byte[] {(byte) type});
        int32(0);
        return size;
    }

    private void end(int start) {
        ByteBuffer.wrap(bytes).putInt(start - Integer.BYTES, size - start + Integer.BYTES);
    }

    private void text(String value) {
        raw(value.replace('\0', '?').getBytes(StandardCharsets.UTF_8));
        raw(new byte[1]);
    }

    private void int16(int value) {
        raw(new byte[] {(byte) (value >> 8), (byte) value});
    }

    private void int32(int value) {
        int16(value >> 16);
        int16(value);
    }

    private void raw(byte[] more) {
        if (size + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more.length));
        }
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }
}
