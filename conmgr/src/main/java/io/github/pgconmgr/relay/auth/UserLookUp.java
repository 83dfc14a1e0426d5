package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code auth_query} on a server connection that is logged in as {@code auth_user} and has nothing else to do: send
 * {@link #question}, then give each message of the server to {@link #onMessage} until it returns an answer; after ReadyForQuery the
 * connection may be asked for the next user. The user's name is always a bind parameter.
 *
 * <p>Confined to the relay loop; one object per question.
 */
public final class UserLookUp {

    /** What a message of the answer may have at most; a longer one must end the connection. */
    public static final int MAX_MESSAGE = 8192;

    private static final LookedUp UNKNOWN = new LookedUp.Unknown();

    private final String query;
    private final String user;
    private LookedUp answer = UNKNOWN;
    private boolean answered;

    /** @param query takes the user name as {@code $1}; its columns are user name and password, by whatever name */
    public UserLookUp(String query, String user) {
        this.query = query;
        this.user = user;
    }

    /** Parse, Bind, Execute, Sync. */
    public ByteBuffer question() {
        byte[] text = query.getBytes(StandardCharsets.UTF_8);
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(text.length + name.length + 64);
        // No name, no parameter types.
        header(out, 'P', 1 + text.length + 1 + 2)
                .put((byte) 0)
                .put(text)
                .put((byte) 0)
                .putShort((short) 0);
        // No portal name, no statement name, one parameter, all as text.
        header(out, 'B', 1 + 1 + 2 + 2 + 4 + name.length + 2)
                .put((byte) 0)
                .put((byte) 0)
                .putShort((short) 0)
                .putShort((short) 1)
                .putInt(name.length)
                .put(name)
                .putShort((short) 0);
        // Two rows would show that the query does not look for one user.
        header(out, 'E', 1 + 4).put((byte) 0).putInt(2);
        header(out, 'S', 0);
        return out.flip();
    }

    private static ByteBuffer header(ByteBuffer out, char type, int bodyLength) {
        return out.put((byte) type).putInt(Integer.BYTES + bodyLength);
    }

    /**
     * A message of the server.
     *
     * @param body without type and length; not kept
     * @return the answer, when ReadyForQuery has come; {@link LookedUp.Failed} at anything that does not belong here: then the connection
     *     must not be used again; null before
     */
    public @Nullable LookedUp onMessage(byte type, ByteBuffer body) {
        switch (type) {
            case 'D' -> onRow(body);
            case 'E' -> answer = new LookedUp.Failed("auth_query failed: " + ErrorText.of(body));
            case 'Z' -> {
                return answer;
            }
            case '1', '2', 'C', 's', 'N', 'S', 'A', 'I' -> {
                // Says nothing about the user.
            }
            default -> {
                return new LookedUp.Failed("unexpected answer to auth_query");
            }
        }
        return null;
    }

    private void onRow(ByteBuffer body) {
        if (answered) {
            answer = new LookedUp.Failed("auth_query gives more than one row");
            return;
        }
        answered = true;
        RowReader row = new RowReader(body);
        if (row.columns() < 2) {
            answer = new LookedUp.Failed("auth_query must give two columns, user name and password");
            return;
        }
        byte[] name = row.next();
        byte[] password = row.next();
        if (row.isBroken()) {
            answer = new LookedUp.Failed("malformed row in the answer to auth_query");
        } else if (name == null || !user.equals(new String(name, StandardCharsets.UTF_8))) {
            answer = new LookedUp.Failed("auth_query gives another user's row");
        } else {
            answer = found(password);
        }
    }

    private static LookedUp found(byte @Nullable [] password) {
        if (password == null) {
            return UNKNOWN;
        }
        StoredPassword stored = password.length > StoredPassword.MAX_BYTES ? null : StoredPassword.of(password);
        return stored == null
                ? new LookedUp.Failed("auth_query gives a password that is not valid")
                : new LookedUp.Found(stored);
    }
}
