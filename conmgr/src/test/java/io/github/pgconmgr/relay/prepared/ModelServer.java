package io.github.pgconmgr.relay.prepared;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * As much of a PostgreSQL as prepared statements need: names, portals, skipping to the next Sync behind an error. A statement answers
 * Execute with its own text as the tag. A text that begins with {@code bad} does not parse, one with {@code fail} does not execute.
 */
final class ModelServer {

    private static final int HEADER = 5;

    private final Map<String, String> statements = new HashMap<>();
    private final Map<String, String> portals = new HashMap<>();
    private boolean skipping;
    private boolean replaces;

    /** PostgreSQL does not let a name be prepared twice; what a client of the relay sees does. */
    static ModelServer seenByAClient() {
        ModelServer server = new ModelServer();
        server.replaces = true;
        return server;
    }

    int statements() {
        return (int)
                statements.keySet().stream().filter(name -> !name.isEmpty()).count();
    }

    /** Takes one whole message and gives the answers to it, one text each: type, then what the type has. */
    String[] handle(ByteBuffer message) {
        char type = (char) message.get(0);
        if (skipping && type != 'S') {
            return new String[0];
        }
        return switch (type) {
            case 'P' ->
                parse(
                        text(message, HEADER),
                        text(message, HEADER + 1 + text(message, HEADER).length()));
            case 'B' ->
                bind(
                        text(message, HEADER),
                        text(message, HEADER + 1 + text(message, HEADER).length()));
            case 'D' -> describe((char) message.get(HEADER), text(message, HEADER + 1));
            case 'E' -> execute(text(message, HEADER));
            case 'C' -> close((char) message.get(HEADER), text(message, HEADER + 1));
            case 'S' -> {
                skipping = false;
                portals.clear();
                yield answers("Z");
            }
            case 'Q' -> query(text(message, HEADER));
            default -> throw new AssertionError("message " + type);
        };
    }

    private static String text(ByteBuffer message, int from) {
        int to = from;
        while (message.get(to) != 0) {
            to++;
        }
        byte[] bytes = new byte[to - from];
        message.get(from, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private String[] parse(String name, String text) {
        if (text.startsWith("bad")) {
            return error("42601");
        }
        if (!name.isEmpty() && !replaces && statements.containsKey(name)) {
            return error("42P05");
        }
        statements.put(name, text);
        return answers("1");
    }

    private String[] bind(String portal, String name) {
        String text = statements.get(name);
        if (text == null) {
            return error("26000");
        }
        portals.put(portal, text);
        return answers("2");
    }

    private String[] describe(char kind, String name) {
        String text = kind == 'S' ? statements.get(name) : portals.get(name);
        if (text == null) {
            return error(kind == 'S' ? "26000" : "34000");
        }
        return answers("T" + text);
    }

    private String[] execute(String portal) {
        String text = portals.get(portal);
        if (text == null) {
            return error("34000");
        }
        return text.startsWith("fail") ? error("22012") : answers("C" + text);
    }

    private String[] close(char kind, String name) {
        if (kind == 'S') {
            statements.remove(name);
        } else {
            portals.remove(name);
        }
        return answers("3");
    }

    private String[] query(String text) {
        portals.clear();
        if (text.startsWith("fail")) {
            return answers("E22012", "Z");
        }
        if (text.equals("DISCARD ALL") || text.equals("DEALLOCATE ALL")) {
            statements.clear();
        }
        return answers("C" + text, "Z");
    }

    private String[] error(String code) {
        skipping = true;
        return answers("E" + code);
    }

    private static String[] answers(String... texts) {
        return texts;
    }
}
