package io.github.pgconmgr.watchdogtest;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;

/**
 * A conmgr that obeys: a program for the lab's hosts. It connects as soon as it can, says HELLO, beats, and prints each thing that happens as a line of
 * monotonic nanoseconds (the same clock in every process of a machine), a word, details: see {@link ScriptedLink}.
 *
 * <pre>
 * ScriptedConmgr ADDRESS PORT INTERVAL_MS TIMEOUT_MS CONMGR_ID MACHINE_ID BOOT_ID
 * </pre>
 *
 * Commands, one a line on standard input: {@code pause}, {@code resume} (its BEATs), {@code goodbye stop|restart}, {@code
 * close}, {@code reset}, {@code connect} (again, with the same id, until it is answered), {@code successor CONMGR_ID} (as a restarted
 * conmgr: connects with another id), {@code raw HEX}.
 *
 * <p>Confined to the main thread, but for the link, which the thread that beats uses as well.
 */
final class ScriptedConmgr {

    private static final long RETRY_NANOS = 20_000_000;

    private final String address;
    private final int port;
    private volatile Hello hello;
    private volatile ScriptedLink link;
    private volatile boolean paused;

    private ScriptedConmgr(String address, int port, Hello hello) {
        this.address = address;
        this.port = port;
        this.hello = hello;
        this.link = connect();
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        HeartbeatSettings settings =
                new HeartbeatSettings(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        HostIdentity host = new HostIdentity(arguments[5], arguments[6], 0);
        Hello hello = Hello.of(settings, id(arguments[4]), Id128.NONE, host, "scripted");
        ScriptedConmgr conmgr = new ScriptedConmgr(arguments[0], Integer.parseInt(arguments[1]), hello);
        Thread beats = new Thread(conmgr::beat, "beats");
        beats.setDaemon(true);
        beats.start();
        conmgr.obey();
    }

    private static Id128 id(String hex) {
        return new Id128(HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
    }

    private void beat() {
        long planned = NanoClock.SYSTEM.nanoTime();
        while (true) {
            if (!paused) {
                link.beat();
            }
            planned += hello.settings().intervalNanos();
            long left = planned - NanoClock.SYSTEM.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left);
            } else {
                planned = NanoClock.SYSTEM.nanoTime();
            }
        }
    }

    /** A worker that ends takes the connections along that wait in its kernel's queue: only an answer counts. */
    private ScriptedLink connect() {
        ScriptedLink opened = ScriptedLink.open(address, port, hello);
        while (!opened.awaitAnswer()) {
            LockSupport.parkNanos(RETRY_NANOS);
            opened = ScriptedLink.open(address, port, hello);
        }
        return opened;
    }

    private void obey() throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", 2);
            switch (words[0]) {
                case "pause" -> {
                    paused = true;
                    link.sayPaused();
                }
                case "resume" -> paused = false;
                case "goodbye" -> link.goodbye(words[1]);
                case "close" -> link.close();
                case "reset" -> link.reset();
                case "connect" -> link = connect();
                case "successor" -> {
                    hello = Hello.of(
                            hello.settings(), id(words[1]), hello.nonce(), hello.host(), hello.softwareVersion());
                    link = connect();
                }
                case "raw" -> link.sendRaw(HexFormat.of().parseHex(words[1]));
                default -> throw new IllegalArgumentException(line);
            }
        }
    }
}
