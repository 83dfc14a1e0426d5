package io.github.pgconmgr.relay.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A StartupMessage of protocol 3. Values are bytes in a server's encoding, which nobody knows yet: they are kept as ISO 8859-1, so that
 * they go out as they came in. Immutable but for what is worked out once;
 * confined to the relay's loop.
 */
public final class StartupPacket {

    /** Version 3.0, the only one that conmgr speaks to a server in its own name. */
    public static final int PROTOCOL_3_0 = 3 << 16;

    /** What PostgreSQL takes at most (MAX_STARTUP_PACKET_LENGTH), the length included. */
    public static final int MAX_BYTES = 10_000;

    private static final String USER = "user";
    private static final String DATABASE = "database";
    private static final String REPLICATION = "replication";
    private static final String PROTOCOL_OPTION = "_pq_.";
    private static final int HEADER_BYTES = 8;

    private final int protocol;
    private final Map<String, String> parameters;
    private final String user;
    private final String database;

    /** What is sent in its name, once that was asked for. */
    private @Nullable StartupPacket plain;

    /** The parameters without an order, once they were asked for. */
    private @Nullable Map<String, String> unordered;

    /**
     * Copies the map and keeps its order.
     *
     * @param protocol major and minor, as on the wire
     * @param parameters in the client's order; the last one of a name counts, as in PostgreSQL
     */
    public StartupPacket(int protocol, Map<String, String> parameters) {
        this.protocol = protocol;
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        this.user = utf8(this.parameters.getOrDefault(USER, ""));
        this.database = utf8(databaseAsSent());
    }

    /** Major and minor, as on the wire. */
    public int protocol() {
        return protocol;
    }

    /** In the client's order. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** The same, in no order: the same object each time, so that it is compared with itself in no time. */
    public Map<String, String> unorderedParameters() {
        Map<String, String> copy = unordered;
        if (copy == null) {
            copy = Map.copyOf(parameters);
            unordered = copy;
        }
        return copy;
    }

    /**
     * Reads a whole packet, position to limit.
     *
     * @throws MalformedException if it is none
     */
    public static StartupPacket decode(ByteBuffer packet) {
        int at = packet.position();
        int end = packet.limit();
        if (end - at < HEADER_BYTES + 1 || packet.getInt(at) != end - at || packet.get(end - 1) != 0) {
            throw new MalformedException("a start-up packet without its end");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        TextReader in = new TextReader(packet, at + HEADER_BYTES, end - 1);
        while (in.hasMore()) {
            parameters.put(in.next(), in.next());
        }
        StartupPacket read = new StartupPacket(packet.getInt(at + Integer.BYTES), parameters);
        if (read.user().isEmpty()) {
            throw new MalformedException("a start-up packet without a user");
        }
        return read;
    }

    /** Who wants to connect, never empty; read as UTF-8. */
    public String user() {
        return user;
    }

    private static String utf8(String latin) {
        return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Where to; the user's name if the client did not say, as in PostgreSQL; read as UTF-8. */
    public String database() {
        return database;
    }

    private String databaseAsSent() {
        String named = parameters.getOrDefault(DATABASE, "");
        return named.isEmpty() ? parameters.getOrDefault(USER, "") : named;
    }

    /** Whether it wants to be a walsender. Any word but PostgreSQL's for false counts: to be wrong only costs a cached connection. */
    public boolean isReplication() {
        String word = parameters.getOrDefault(REPLICATION, "false");
        return !List.of("false", "off", "no", "0").contains(word);
    }

    /** The minor version of protocol 3. */
    public int minor() {
        return protocol & 0xffff;
    }

    /** Names of protocol extensions that it asks for. */
    public List<String> protocolOptions() {
        return parameters.keySet().stream()
                .filter(name -> name.startsWith(PROTOCOL_OPTION))
                .toList();
    }

    /** The packet that conmgr itself sends for the client: plain version 3.0, no protocol extensions. */
    public StartupPacket plain() {
        StartupPacket made = plain;
        if (made == null) {
            Map<String, String> kept = new LinkedHashMap<>(parameters);
            kept.keySet().removeIf(name -> name.startsWith(PROTOCOL_OPTION));
            kept.put(DATABASE, databaseAsSent());
            made = new StartupPacket(PROTOCOL_3_0, kept);
            plain = made;
        }
        return made;
    }

    /** The whole packet, ready to be read from. */
    public ByteBuffer encode() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        parameters.forEach((name, value) -> {
            writeText(body, name);
            writeText(body, value);
        });
        body.write(0);
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + body.size());
        out.putInt(out.capacity()).putInt(protocol).put(body.toByteArray());
        return out.flip();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StartupPacket packet
                && protocol == packet.protocol
                && parameters.equals(packet.parameters);
    }

    @Override
    public int hashCode() {
        return parameters.hashCode();
    }

    @Override
    public String toString() {
        return "start-up packet of protocol " + protocol + " " + parameters;
    }

    private static void writeText(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        out.write(0);
    }
}
