package io.github.pgconmgr.faults.load;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A name server as bad as it is told to be: answers A queries from a file, anything else with "no such record".
 *
 * <pre>
 * NameServer ADDRESS FILE
 * </pre>
 *
 * <p>FILE: in its first line how long every answer takes, in milliseconds (-1: there is none); then a name and an address a
 * line. It is read anew for each question. Runs until it is killed.
 *
 * <p>Confined to the main thread; each answer that takes its time to a thread of its own.
 */
public final class NameServer {

    private static final int HEADER = 12;
    private static final int LARGEST = 512;
    private static final byte[] FLAGS_NO_ERROR = {(byte) 0x81, (byte) 0x80};
    private static final byte[] FLAGS_NO_NAME = {(byte) 0x81, (byte) 0x83};

    private NameServer() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(arguments[0], 53))) {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
                socket.receive(packet);
                List<String> lines = Files.readAllLines(Path.of(arguments[1]));
                long delayMillis = Long.parseLong(lines.get(0));
                if (delayMillis >= 0) {
                    Thread thread = new Thread(() -> answer(socket, packet, lines, delayMillis));
                    thread.setDaemon(true);
                    thread.start();
                }
            }
        }
    }

    private static void answer(DatagramSocket socket, DatagramPacket packet, List<String> lines, long delayMillis) {
        if (delayMillis > 0) {
            LockSupport.parkNanos(Duration.ofMillis(delayMillis).toNanos());
        }
        try {
            byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()), lines);
            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        } catch (IOException e) {
            System.out.println("no answer: " + e);
        }
    }

    /** The question again, and behind it the address if there is one. */
    private static byte[] answer(byte[] asked, List<String> lines) throws IOException {
        ByteBuffer question = ByteBuffer.wrap(asked);
        StringBuilder name = new StringBuilder();
        question.position(HEADER);
        for (int length = question.get(); length > 0; length = question.get()) {
            byte[] label = new byte[length];
            question.get(label);
            name.append(name.length() == 0 ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        boolean isA = question.getShort() == 1;
        question.getShort();
        int end = question.position();
        String address = addressOf(name.toString(), lines);
        ByteBuffer answer = ByteBuffer.allocate(LARGEST);
        answer.put(asked, 0, 2);
        answer.put(address.isEmpty() ? FLAGS_NO_NAME : FLAGS_NO_ERROR);
        answer.putShort((short) 1)
                .putShort((short) (isA && !address.isEmpty() ? 1 : 0))
                .putInt(0);
        answer.put(asked, HEADER, end - HEADER);
        if (isA && !address.isEmpty()) {
            // The name is that at offset 12; class IN; to be asked again at once.
            answer.putShort((short) 0xc00c)
                    .putShort((short) 1)
                    .putShort((short) 1)
                    .putInt(0)
                    .putShort((short) 4);
            answer.put(InetAddress.getByName(address).getAddress());
        }
        byte[] bytes = new byte[answer.position()];
        answer.flip().get(bytes);
        return bytes;
    }

    private static String addressOf(String name, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }
}
