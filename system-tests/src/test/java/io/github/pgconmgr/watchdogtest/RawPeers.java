package io.github.pgconmgr.watchdogtest;

import io.github.pgconmgr.time.NanoClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Strangers at a port: a program for the lab's hosts that sends whatever bytes a test wants. Commands, one a line:
 *
 * <pre>
 * open NAME ADDRESS PORT      connects and reads:   OPENED NAME, GOT NAME HEX, ENDED NAME
 * deaf NAME ADDRESS PORT      connects and never reads: OPENED NAME
 * send NAME HEX               at once
 * drip NAME HEX PAUSE_MS      byte by byte, in the background
 * repeat NAME HEX PAUSE_MS    again and again, in the background
 * close NAME
 * listen PORT                 takes the port:       LISTENING PORT
 * </pre>
 *
 * <p>Confined to the main thread, but for the readers and senders, which have a socket each.
 */
final class RawPeers {

    private static final int SMALL_BUFFER = 2048;

    private final Map<String, Socket> sockets = new HashMap<>();
    private final List<ServerSocket> listeners = new ArrayList<>();

    private RawPeers() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        RawPeers peers = new RawPeers();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        say("READY");
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            peers.obey(line.split(" "));
        }
    }

    private void obey(String[] words) throws IOException {
        switch (words[0]) {
            case "open" -> open(words, true);
            case "deaf" -> open(words, false);
            case "send" -> send(socket(words), bytes(words));
            case "drip" -> inBackground(() -> drip(socket(words), bytes(words), Integer.parseInt(words[3])));
            case "repeat" -> inBackground(() -> repeat(socket(words), bytes(words), Integer.parseInt(words[3])));
            case "close" -> socket(words).close();
            case "listen" -> {
                listeners.add(new ServerSocket(Integer.parseInt(words[1])));
                say("LISTENING " + words[1]);
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private void open(String[] words, boolean reads) throws IOException {
        String name = words[1];
        Socket socket = new Socket();
        sockets.put(name, socket);
        if (!reads) {
            socket.setReceiveBufferSize(SMALL_BUFFER);
        }
        SocketAddress target = new InetSocketAddress(words[2], Integer.parseInt(words[3]));
        socket.connect(target);
        say("OPENED " + name);
        if (reads) {
            inBackground(() -> read(name, socket));
        }
    }

    private Socket socket(String[] words) {
        return sockets.get(words[1]);
    }

    private static byte[] bytes(String[] words) {
        return HexFormat.of().parseHex(words[2]);
    }

    private static void inBackground(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    private static void read(String name, Socket socket) {
        byte[] buffer = new byte[4096];
        try {
            InputStream in = socket.getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                say("GOT " + name + " " + HexFormat.of().formatHex(buffer, 0, length));
            }
            say("ENDED " + name);
        } catch (IOException e) {
            say("ENDED " + name + " " + e.getMessage());
        }
    }

    private static boolean send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException ended) {
            // The reader tells.
            return false;
        }
    }

    private static void drip(Socket socket, byte[] bytes, int pauseMillis) {
        for (byte each : bytes) {
            if (!send(socket, new byte[] {each})) {
                return;
            }
            LockSupport.parkNanos(pauseMillis * 1_000_000L);
        }
    }

    private static void repeat(Socket socket, byte[] bytes, int pauseMillis) {
        while (send(socket, bytes)) {
            LockSupport.parkNanos(pauseMillis * 1_000_000L);
        }
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(NanoClock.SYSTEM.nanoTime() + " " + line);
            System.out.flush();
        }
    }
}
