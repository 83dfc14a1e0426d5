package io.github.pgconmgr.attribute;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a server sends, as long as it is small: follows the frames of PostgreSQL's protocol (type, length, rest) and ends with an
 * error before somebody behind it allocates what a hostile length asks for, or reads without end.
 *
 * <p>Confined to the thread that does the check.
 */
final class AnswerLimit extends FilterInputStream {

    /** One message. An error message with all its fields is shorter. */
    static final int MAX_MESSAGE_BYTES = 64 * 1024;

    /** All messages of one question: greeting, authentication and answer are about 1 KiB. */
    static final int MAX_ANSWER_BYTES = 256 * 1024;

    /** Type and length. */
    private static final int HEAD_BYTES = 5;

    /** Thrown for what is too long to be an answer. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1;

        TooLongException(String what) {
            super(what);
        }
    }

    /** What the first byte may be. */
    enum Start {
        /** The first message. */
        MESSAGE,
        /** The one-byte answer to a request for TLS. */
        TLS_ANSWER
    }

    private Start start;
    private boolean encrypted;
    private int head;
    private long length;
    private long bodyLeft;
    private int answerBytes;

    AnswerLimit(InputStream in, Start start) {
        super(in);
        this.start = start;
    }

    /** Another question goes out. */
    void begin() {
        answerBytes = 0;
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        if (value >= 0) {
            byte[] one = {(byte) value};
            follow(one, 0, 1);
        }
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int size) throws IOException {
        int count = in.read(buffer, offset, size);
        if (count > 0) {
            follow(buffer, offset, count);
        }
        return count;
    }

    private void follow(byte[] buffer, int offset, int count) throws TooLongException {
        answerBytes += count;
        if (answerBytes > MAX_ANSWER_BYTES) {
            throw new TooLongException("more than " + MAX_ANSWER_BYTES + " bytes for one check");
        }
        int at = offset;
        int end = offset + count;
        while (at < end && !encrypted) {
            if (bodyLeft > 0) {
                long skipped = Math.min(bodyLeft, end - at);
                bodyLeft -= skipped;
                at += (int) skipped;
            } else {
                onHeadByte(buffer[at++]);
            }
        }
    }

    private void onHeadByte(byte value) throws TooLongException {
        if (start == Start.TLS_ANSWER) {
            start = Start.MESSAGE;
            // What follows an S are TLS records; an E begins an error message.
            encrypted = value == 'S';
            if (encrypted || value == 'N') {
                return;
            }
        }
        head++;
        if (head > 1) {
            length = (length << 8) | (value & 0xFF);
        }
        if (head == HEAD_BYTES) {
            if (length > MAX_MESSAGE_BYTES || length < Integer.BYTES) {
                throw new TooLongException("a message of " + length + " bytes");
            }
            bodyLeft = length - Integer.BYTES;
            head = 0;
            length = 0;
        }
    }
}
