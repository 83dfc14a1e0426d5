package io.github.pgconmgr.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Many instances that obey: a program for a host of the lab, with a watchdog's port for each and one {@code backend_port} for
 * all, on which somebody accepts and says nothing.
 *
 * <pre>
 * ScriptedInstances COUNT FIRST_WATCHDOG_PORT BACKEND_PORT [SYSTEM_IDENTIFIER]
 * </pre>
 *
 * <p>Instance 0 is a primary, the others are standbys. Commands, one a line on standard input, with the instance's number behind
 * the word: {@code silent}, {@code speak}, {@code hangup}, {@code garbage}, {@code farewell} (the next HELLO is answered by
 * GOODBYE instance stopping), {@code welcome} (no longer), {@code storm NUMBER MILLISECONDS} (goes on beside what follows,
 * and ends with a line {@code STORMED} and the number of frames). Each is acknowledged by a line {@code DONE} and the command.
 *
 * <p>Confined to the main thread; each instance has threads of its own.
 */
final class ScriptedInstances {

    private ScriptedInstances() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        List<ScriptedInstance> instances = new ArrayList<>();
        long identifier =
                arguments.length > 3 ? Long.parseUnsignedLong(arguments[3]) : ScriptedInstance.SYSTEM_IDENTIFIER;
        InetAddress any = InetAddress.getByName("0.0.0.0");
        for (int number = 0; number < Integer.parseInt(arguments[0]); number++) {
            ServerSocket server = new ServerSocket(Integer.parseInt(arguments[1]) + number, 50, any);
            instances.add(new ScriptedInstance(server, number > 0, identifier));
        }
        accept(new ServerSocket(Integer.parseInt(arguments[2]), 50, any));
        say("READY");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            obey(instances.get(Integer.parseInt(words[1])), words);
            say("DONE " + line);
        }
    }

    private static void obey(ScriptedInstance instance, String[] words) throws IOException {
        switch (words[0]) {
            case "silent" -> instance.setSilent(true);
            case "speak" -> instance.setSilent(false);
            case "hangup" -> instance.hangUp();
            case "garbage" -> instance.sendGarbage();
            case "farewell" -> instance.setFarewell(true);
            case "welcome" -> instance.setFarewell(false);
            case "storm" -> start("storm", () -> say("STORMED " + instance.storm(Long.parseLong(words[2]))));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static void accept(ServerSocket backendPort) {
        start("backend port", () -> {
            while (true) {
                backendPort.accept().close();
            }
        });
    }

    /** What may fail; the failure goes to the log, and the test waits in vain. */
    private interface Work {
        void run() throws IOException;
    }

    private static void start(String name, Work work) {
        Runnable guarded = () -> {
            try {
                work.run();
            } catch (IOException e) {
                say("FAILED " + name + ": " + e);
            }
        };
        Thread thread = new Thread(guarded, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
