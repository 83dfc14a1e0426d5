package io.github.pgconmgr.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the kernel tells of processes, by the process ids of this machine. Immutable: no state. */
public final class ProcFs {

    private static final Path PROC = Path.of("/proc");
    /** Linux tells CPU times to programs in hundredths of a second on every machine. */
    private static final long TICK_NANOS = 10_000_000;

    /** The word of {@code stat}, counted from the one after the name in parentheses. */
    private static final int UTIME = 11;

    /** Columns of {@code net/dev}. */
    private static final int RECEIVED_PACKETS = 1;

    private static final int SENT_PACKETS = 9;

    private ProcFs() {}

    /** The one process whose command line fits. */
    static long theProcess(String what, Predicate<List<String>> commandLine) {
        try (Stream<Path> entries = Files.list(PROC)) {
            List<Long> found = entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .filter(pid -> commandLine.test(commandLine(pid)))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError(found.size() + " processes are " + what);
            }
            return found.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list processes", e);
        }
    }

    /** Its command line; empty when it is gone. A title that a process gave itself is one element. */
    static List<String> commandLine(long pid) {
        return List.of(text(of(pid).resolve("cmdline")).split("\0", -1));
    }

    /** Its children's process ids. */
    static List<Long> children(long pid) {
        String text = text(of(pid).resolve("task").resolve(Long.toString(pid)).resolve("children"));
        return text.isBlank()
                ? List.of()
                : Stream.of(text.strip().split(" ")).map(Long::valueOf).toList();
    }

    static boolean exists(long pid) {
        return Files.exists(of(pid));
    }

    /** A row of {@code status} or {@code smaps_rollup} that is in kB, in MB (2^20 bytes). */
    static double megabytes(long pid, String file, String key) {
        return number(pid, file, key) / 1024.0;
    }

    /** How often it has gone to wait for something. */
    static long waits(long pid) {
        return number(pid, "status", "voluntary_ctxt_switches");
    }

    private static long number(long pid, String file, String key) {
        String row = text(of(pid).resolve(file))
                .lines()
                .filter(line -> line.startsWith(key + ":"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + key + " of process " + pid));
        return Long.parseLong(row.replaceAll("\\D", ""));
    }

    /** CPU time of all its threads that live, in nanoseconds: the scheduler's own count, not the coarse clock ticks. */
    public static long cpuNanos(long pid) {
        return cpuByThread(pid).values().stream().mapToLong(Long::longValue).sum();
    }

    /** What its threads have used since an earlier look; a thread that has ended meanwhile does not count. */
    static long cpuNanosSince(long pid, Map<String, Long> earlier) {
        return cpuByThread(pid).entrySet().stream()
                .mapToLong(thread -> thread.getValue() - earlier.getOrDefault(thread.getKey(), 0L))
                .sum();
    }

    /**
     * CPU time of all its threads, of those that have ended too (a JVM's compilers come and go), in nanoseconds. The kernel
     * tells it in ticks of 10 ms.
     */
    static long cpuNanosWithEnded(long pid) {
        String stat = text(of(pid).resolve("stat"));
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return TICK_NANOS * (Long.parseLong(words[UTIME]) + Long.parseLong(words[UTIME + 1]));
    }

    /** CPU time by thread id. */
    static Map<String, Long> cpuByThread(long pid) {
        Map<String, Long> nanos = new HashMap<>();
        try (Stream<Path> tasks = Files.list(of(pid).resolve("task"))) {
            for (Path task : tasks.toList()) {
                String text = text(task.resolve("schedstat"));
                if (!text.isEmpty()) {
                    nanos.put(task.getFileName().toString(), Long.parseLong(text.substring(0, text.indexOf(' '))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the CPU time of process " + pid, e);
        }
        return nanos;
    }

    /** Whether somebody listens on that TCP port in the network that the process lives in. */
    static boolean someoneListens(long pid, int port) {
        String wanted = String.format(Locale.ROOT, ":%04X ", port);
        return Stream.of("tcp", "tcp6")
                .flatMap(file -> text(of(pid).resolve("net").resolve(file)).lines())
                .anyMatch(row -> row.contains(wanted) && row.contains(" 0A "));
    }

    /** How many packets have come and gone so far at that interface of the network that the process lives in. */
    static long packets(long pid, String device) {
        String row = text(of(pid).resolve("net/dev"))
                .lines()
                .filter(line -> line.strip().startsWith(device + ":"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no device " + device));
        String[] numbers = row.substring(row.indexOf(':') + 1).strip().split(" +", -1);
        return Long.parseLong(numbers[RECEIVED_PACKETS]) + Long.parseLong(numbers[SENT_PACKETS]);
    }

    /** How many files a process of ours may have open. */
    static long openFilesAllowed() {
        String row = text(PROC.resolve("self/limits"))
                .lines()
                .filter(line -> line.startsWith("Max open files"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no limit of open files"));
        String soft = row.replaceFirst("Max open files +", "").split(" ", -1)[0];
        return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
    }

    /** The machine's load average over a minute. */
    static String load() {
        String text = text(PROC.resolve("loadavg"));
        return text.substring(0, text.indexOf(' '));
    }

    private static Path of(long pid) {
        return PROC.resolve(Long.toString(pid));
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // The process has ended, perhaps while we read.
            return "";
        }
    }
}
