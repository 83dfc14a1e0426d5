package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.ControlSocket;
import io.github.pgconmgr.daemon.ConmgrMain;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How cm_ctl starts the daemon: the same Java and class path, a session of its own, its output to a file. Stateless. */
final class DaemonCommand {

    /** As in the launcher {@code conmgr}; a test compares them. */
    static final List<String> JVM_OPTIONS = List.of(
            "-Xms16m",
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            // For syslog; without it Java 24 and later write warnings to the log.
            "--enable-native-access=ALL-UNNAMED");

    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private DaemonCommand() {}

    /** Starts it; comes back at once. Its process id is the daemon's: env, setsid and java replace each other in place. */
    static Process spawn(Path directory, Path logFile) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(SignalReset.words());
        words.addAll(words(directory));
        ProcessBuilder builder = new ProcessBuilder(words);
        // So that it keeps no other file system busy.
        builder.directory(directory.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        builder.redirectErrorStream(true);
        return builder.start();
    }

    private static List<String> words(Path directory) {
        List<String> words = new ArrayList<>();
        SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(setsid -> words.add(setsid.toString()));
        words.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        words.addAll(JVM_OPTIONS);
        words.add("-cp");
        words.add(absoluteClassPath(System.getProperty("java.class.path", "")));
        words.add(ConmgrMain.class.getName());
        words.add("-D");
        Path absolute = directory.toAbsolutePath().normalize();
        // Its working directory is the conmgr directory: a name that is too long for a socket has a short one there.
        words.add(ControlSocket.fits(absolute) ? absolute.toString() : ".");
        return words;
    }

    /** It is going to be read in another working directory. */
    private static String absoluteClassPath(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
