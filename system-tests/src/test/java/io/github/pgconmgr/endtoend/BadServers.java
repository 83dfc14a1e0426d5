package io.github.pgconmgr.endtoend;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Servers that are no PostgreSQL, a program for a host of the lab: {@code BadServers FIRST_PORT}. In the order of their ports: one
 * accepts and says nothing, one speaks HTTP, one announces a message of two gigabytes, one sends notices without end.
 *
 * <p>Each connection has a thread of its own, which ends with it.
 */
final class BadServers {

    /** How many. */
    static final int COUNT = 4;

    private static final String HTTP = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

    /** What is done to a client that has asked something. */
    private interface Answer {
        void to(Socket client) throws IOException;
    }

    private BadServers() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        listen(port, client -> client.getInputStream().readAllBytes());
        listen(port + 1, client -> client.getOutputStream().write(HTTP.getBytes(StandardCharsets.US_ASCII)));
        listen(port + 2, client -> {
            client.getOutputStream().write(head('E', Integer.MAX_VALUE));
            client.getInputStream().readAllBytes();
        });
        listen(port + 3, BadServers::sendNotices);
        System.out.println("READY");
        System.in.read();
    }

    private static byte[] head(char type, int length) {
        return ByteBuffer.allocate(5).put((byte) type).putInt(length).array();
    }

    /** First that every role is trusted, then that there is something to say. */
    private static void sendNotices(Socket client) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(ByteBuffer.allocate(9).put(head('R', 8)).array());
        byte[] notice = ByteBuffer.allocate(1024).put(head('N', 1023)).array();
        while (true) {
            out.write(notice);
        }
    }

    private static void listen(int port, Answer answer) throws IOException {
        ServerSocket server = new ServerSocket(port, 50, InetAddress.getByName("0.0.0.0"));
        start(() -> {
            while (true) {
                Socket client = server.accept();
                start(() -> {
                    try (client) {
                        client.getInputStream().read(new byte[64]);
                        answer.to(client);
                    }
                });
            }
        });
    }

    /** What may fail; a client that has left is the usual reason. */
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                System.out.println(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
