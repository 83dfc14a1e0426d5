package io.github.pgconmgr.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program for the lab's hosts: {@code server PORT} answers lines, {@code client HOST PORT} sends the lines it reads. */
final class EchoMain {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private EchoMain() {}

    /** Starts one that listens there. */
    static Program startServer(LabHost host, String port) {
        Program server = start(host, "server", port);
        server.awaitLine("listening", LIMIT);
        return server;
    }

    /** Starts one that is connected to the server. */
    static Program startClient(LabHost host, LabHost server, String port) {
        Program client = start(host, "client", server.address(), port);
        client.awaitLine("connected", LIMIT);
        return client;
    }

    private static Program start(LabHost host, String role, String... where) {
        Path classes = BuildFolder.root().resolve("testkit/target/test-classes");
        List<String> argv = new ArrayList<>(JavaCommand.of(32, List.of(classes), EchoMain.class.getName(), role));
        argv.addAll(List.of(where));
        return host.start(Account.NOBODY, role, argv);
    }

    public static void main(String[] args) throws IOException {
        if (args[0].equals("server")) {
            try (ServerSocket listener = new ServerSocket(Integer.parseInt(args[1]))) {
                System.out.println("listening");
                while (true) {
                    try (Socket socket = listener.accept()) {
                        answer(socket);
                    }
                }
            }
        } else {
            try (Socket socket = new Socket(args[1], Integer.parseInt(args[2]))) {
                System.out.println("connected");
                Thread answers = new Thread(() -> print(socket));
                answers.setDaemon(true);
                answers.start();
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                PrintStream out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8);
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    out.println(line);
                }
            }
        }
    }

    private static void answer(Socket socket) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println("heard " + line);
            out.println("echo " + line);
        }
    }

    private static void print(Socket socket) {
        try {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(line);
            }
        } catch (IOException e) {
            System.out.println("broken: " + e.getMessage());
        }
    }
}
