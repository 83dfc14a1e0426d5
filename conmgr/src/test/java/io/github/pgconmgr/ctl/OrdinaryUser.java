package io.github.pgconmgr.ctl;

import io.github.pgconmgr.daemon.ConmgrMain;
import io.github.pgconmgr.daemon.PidFile;
import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.Program;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * An ordinary user with a conmgr directory, who can read the class path wherever the build lies: the real programs, each in a
 * process of its own. Confined to the test's thread; {@link #close} ends what runs and removes what is there.
 */
final class OrdinaryUser implements AutoCloseable {

    private final Path home;
    private final Path directory;
    private boolean mounted;
    private final List<Path> classPath = new ArrayList<>();

    OrdinaryUser() throws IOException {
        home = Files.createTempDirectory("conmgr-test");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        directory = newDirectory("data");
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (path.endsWith("target/classes")) {
                classPath.add(jar(path, home.resolve("classes" + classPath.size() + ".jar")));
            } else if (path.getFileName().toString().matches("(netty|picocli|wire).*\\.jar")) {
                classPath.add(Files.copy(path, home.resolve(path.getFileName())));
            }
        }
    }

    /** One open file, as when installed: a class that is first needed when descriptors have run out can still be loaded. */
    private static Path jar(Path classes, Path to) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(to));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, jar);
            }
        }
        return to;
    }

    Path newDirectory(String name) throws IOException {
        Path made = Files.createDirectory(home.resolve(name));
        Account.NOBODY.own(made);
        return made;
    }

    /** A small file system of its own in place of the conmgr directory, which belongs to this user. Needs root. */
    void mountSmallDisk() {
        asRoot("mount", "-t", "tmpfs", "-o", "size=128k,mode=700,uid=nobody", "tmpfs", directory.toString());
        mounted = true;
    }

    /** Leaves not a byte. */
    void fillDisk() throws IOException {
        try (var out = Files.newOutputStream(directory.resolve("ballast"))) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            if (directory.toFile().getUsableSpace() > 0) {
                throw e;
            }
        }
    }

    private Finished unmount() {
        return Machine.LOCAL.run(Account.OURSELVES, List.of("umount", directory.toString()));
    }

    static void asRoot(String... words) {
        Machine.LOCAL.run(Account.OURSELVES, List.of(words)).expectSuccess();
    }

    Path directory() {
        return directory;
    }

    void configure(String text) throws IOException {
        Files.writeString(directory.resolve("conmgr.conf"), text);
    }

    Finished ctl(String... arguments) {
        return ctlAs(Account.NOBODY, arguments);
    }

    /** cm_ctl, started by another command. */
    Finished ctlBy(List<String> starter, String... arguments) {
        List<String> words = new ArrayList<>(starter);
        words.addAll(java(CmCtlMain.class, arguments));
        return Machine.LOCAL.run(Account.NOBODY, words);
    }

    Finished ctlAs(Account account, String... arguments) {
        return Machine.LOCAL.run(account, java(CmCtlMain.class, arguments));
    }

    /** The daemon in the foreground, started by another command, if one is given. */
    Program conmgr(String logName, String... starter) {
        // Whoever runs the tests in the background has SIGINT ignored.
        List<String> words = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM"));
        words.addAll(List.of(starter));
        words.addAll(java(ConmgrMain.class, "-D", directory.toString()));
        return Program.start(Machine.LOCAL, Account.NOBODY, home.resolve(logName), words);
    }

    /** The same with a limit of open files, soft and hard. */
    Program limitedConmgr(String logName, int openFiles) {
        return conmgr(logName, "prlimit", "--nofile=" + openFiles + ":" + openFiles);
    }

    private List<String> java(Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        words.add(String.join(
                File.pathSeparator, classPath.stream().map(Path::toString).toList()));
        words.add(main.getName());
        words.addAll(List.of(arguments));
        return words;
    }

    /** The process that the pid file names. */
    ProcessHandle daemon() {
        return PidFile.read(directory)
                .flatMap(file -> ProcessHandle.of(file.pid()))
                .orElseThrow(() -> new AssertionError("no conmgr runs"));
    }

    /** The log is written by another thread than the one whose effect a test sees first: so it is awaited. */
    void awaitLog(String text) {
        Await.until("the log says: " + text, () -> log().contains(text));
    }

    String log() {
        try {
            return Files.readString(directory.resolve(StartCommand.LOG_FILE_NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gone, or a zombie: the daemon is nobody's child, and not every process 1 collects what it inherits. */
    static boolean hasEnded(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return true; // no such process any more, before the file was opened or while it was read
        }
    }

    @Override
    public void close() throws IOException {
        PidFile.read(directory).flatMap(file -> ProcessHandle.of(file.pid())).ifPresent(process -> {
            process.destroyForcibly();
            Await.until("the end of conmgr", () -> hasEnded(process));
        });
        if (mounted) {
            // A conmgr that could not even write its pid file may be about to end.
            Await.until("nobody uses the disk", () -> unmount().exit() == 0);
        }
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
