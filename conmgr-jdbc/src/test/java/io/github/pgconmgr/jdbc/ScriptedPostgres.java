package io.github.pgconmgr.jdbc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * As much of PostgreSQL's protocol as pgjdbc needs to connect and to ask: start-up without a password, every query gives one
 * row of one column, a query with {@code hang} in it is never answered, and behind one with {@code deaf} nothing is read. Shared: written to by its connections' threads.
 */
final class ScriptedPostgres extends ScriptedServer {

    private static final int SSL_REQUEST = 80877103;
    private static final int GSSENC_REQUEST = 80877104;
    private static final long POLL_NANOS = 20_000_000;
    private static final int CANCEL_REQUEST = 80877102;

    /** Start-up parameters of each session. */
    final List<Map<String, String>> startups;

    /** Cancel requests, redirect requests and start-ups in their order of arrival. */
    final List<String> log;

    private ScriptedPostgres(Session prototype) throws IOException {
        super(socket -> prototype.play(socket));
        this.startups = prototype.startups;
        this.log = prototype.log;
    }

    static ScriptedPostgres primary() throws IOException {
        return new ScriptedPostgres(new Session("off", 'N'));
    }

    static ScriptedPostgres standby() throws IOException {
        return new ScriptedPostgres(new Session("on", 'N'));
    }

    /** Answers a redirect request (a GSSENCRequest) with that byte; E is followed by the rest of an error, then it closes. */
    static ScriptedPostgres primaryAnswering(char gssAnswer) throws IOException {
        return new ScriptedPostgres(new Session("off", gssAnswer));
    }

    /** What happens on one connection. Shared by all of them: only its lists change. */
    private record Session(String readOnly, char gssAnswer, List<Map<String, String>> startups, List<String> log) {

        Session(String readOnly, char gssAnswer) {
            this(readOnly, gssAnswer, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        }

        void play(Socket socket) throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            if (startUp(in, out)) {
                answerQueries(in, out, socket);
            }
        }

        private boolean startUp(DataInputStream in, DataOutputStream out) throws IOException {
            while (true) {
                byte[] body = new byte[in.readInt() - 8];
                int code = in.readInt();
                in.readFully(body);
                if (code == GSSENC_REQUEST) {
                    log.add("gssenc");
                    out.writeByte(gssAnswer);
                    if (gssAnswer != 'N') {
                        return false;
                    }
                } else if (code == SSL_REQUEST) {
                    out.writeByte('N');
                } else if (code == CANCEL_REQUEST) {
                    log.add("cancel");
                    return false;
                } else {
                    log.add("startup");
                    startups.add(pairs(body));
                    welcome(out);
                    return true;
                }
            }
        }

        private static Map<String, String> pairs(byte[] body) {
            String[] words = new String(body, StandardCharsets.UTF_8).split("\0", -1);
            Map<String, String> pairs = new HashMap<>();
            for (int i = 0; i + 1 < words.length; i += 2) {
                pairs.put(words[i], words[i + 1]);
            }
            return pairs;
        }

        private void welcome(DataOutputStream out) throws IOException {
            message(out, 'R', new byte[4]);
            Map<String, String> parameters = Map.of(
                    "server_version", "15.4",
                    "server_encoding", "UTF8",
                    "client_encoding", "UTF8",
                    "DateStyle", "ISO, MDY",
                    "TimeZone", "UTC",
                    "integer_datetimes", "on",
                    "standard_conforming_strings", "on",
                    "in_hot_standby", readOnly);
            for (Map.Entry<String, String> parameter : parameters.entrySet()) {
                message(
                        out,
                        'S',
                        (parameter.getKey() + "\0" + parameter.getValue() + "\0").getBytes(StandardCharsets.UTF_8));
            }
            message(out, 'K', new byte[] {0, 0, 0, 42, 0, 0, 0, 7});
            message(out, 'Z', new byte[] {'I'});
        }

        private void answerQueries(DataInputStream in, DataOutputStream out, Socket socket) throws IOException {
            String sql = "";
            while (true) {
                int type = in.readUnsignedByte();
                byte[] body = new byte[in.readInt() - 4];
                in.readFully(body);
                switch (type) {
                    case 'P' -> {
                        sql = parsedSql(body);
                        if (sql.contains("deaf")) {
                            log.add(sql);
                            untilClosedHere(socket);
                        }
                        message(out, '1', new byte[0]);
                    }
                    case 'Q' -> {
                        sql = new String(body, StandardCharsets.UTF_8);
                        describe(out);
                        execute(sql, out, in);
                        message(out, 'Z', new byte[] {'I'});
                    }
                    case 'B' -> message(out, '2', new byte[0]);
                    case 'D' -> describe(out);
                    case 'E' -> execute(sql, out, in);
                    case 'C' -> message(out, '3', new byte[0]);
                    case 'S' -> message(out, 'Z', new byte[] {'I'});
                    case 'X' -> {
                        return;
                    }
                    default -> {}
                }
            }
        }

        private static void untilClosedHere(Socket socket) {
            while (!socket.isClosed()) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }

        private static String parsedSql(byte[] body) {
            String[] parts = new String(body, StandardCharsets.UTF_8).split("\0", -1);
            return parts[1];
        }

        private static void describe(DataOutputStream out) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream column = new DataOutputStream(bytes);
            column.writeShort(1);
            column.write("c\0".getBytes(StandardCharsets.UTF_8));
            column.writeInt(0);
            column.writeShort(0);
            column.writeInt(25);
            column.writeShort(-1);
            column.writeInt(-1);
            column.writeShort(0);
            message(out, 'T', bytes.toByteArray());
        }

        private void execute(String sql, DataOutputStream out, DataInputStream in) throws IOException {
            log.add(sql);
            if (sql.contains("hang")) {
                in.skipNBytes(Long.MAX_VALUE);
            }
            boolean asksState = sql.toLowerCase(Locale.ROOT).contains("transaction_read_only");
            byte[] value = (asksState ? readOnly : "1").getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream row = new DataOutputStream(bytes);
            row.writeShort(1);
            row.writeInt(value.length);
            row.write(value);
            message(out, 'D', bytes.toByteArray());
            message(out, 'C', "SELECT 1\0".getBytes(StandardCharsets.UTF_8));
        }

        private static void message(DataOutputStream out, char type, byte[] body) throws IOException {
            out.writeByte(type);
            out.writeInt(body.length + 4);
            out.write(body);
            out.flush();
        }
    }

    /** The statements that were executed, of all sessions. */
    List<String> statements() {
        List<String> statements = new ArrayList<>(log);
        statements.removeAll(List.of("gssenc", "cancel", "startup"));
        return statements;
    }
}
